package overlays

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// help is all keys by what they are for, those of where it was opened first. What is typed leaves those that have it.
type help struct {
	sections []helpSection
	input    screen.Input
	columns  [][]helpLine // as laid out for look
	look     helpLook
	top      int
	rows     int // that there was room for
}

// helpLook is what the lines depend on.
type helpLook struct {
	width int
	typed string
}

type helpSection struct {
	head string
	keys []helpKey
}

// helpKey is what some keys do, also in the word that the footer has for it.
type helpKey struct{ names, text, short string }

// isNoHelp is everything but the help.
func isNoHelp(x any) bool { return !component.Is[*help](x) }

// openHelp lists the keys.
func openHelp(d *component.Deck, keys *component.Keys) {
	here := component.Called(d.Here())
	heads := slices.DeleteFunc(keys.Headings(), func(h string) bool { return h == here })
	v := &help{input: screen.Input{Focused: true}}
	for i, head := range append([]string{here}, heads...) {
		section := helpSection{head: head}
		if i == 0 {
			section.head = "here: " + head
		}
		for _, key := range keys.Under(head) {
			section.add(helpKey{key.Written(), key.Help, key.Short})
		}
		if len(section.keys) > 0 {
			v.sections = append(v.sections, section)
		}
	}
	v.sections = append(v.sections, helpSection{"the mouse", []helpKey{{names: "click", text: "choose; beside an open text, leave it"},
		{names: "double click", text: "open, as enter does; on a border between panes, put it back"},
		{names: "wheel", text: "move in the pane under the mouse, or in what is open"}, {names: "drag", text: "move a border between panes"}}})
	d.Open(v)
}

// add puts keys that do the same on one line.
func (s *helpSection) add(key helpKey) {
	for i := range s.keys {
		if s.keys[i].text == key.text {
			for name := range strings.FieldsSeq(key.names) {
				if !slices.Contains(strings.Fields(s.keys[i].names), name) {
					s.keys[i].names += " " + name
				}
			}
			return
		}
	}
	s.keys = append(s.keys, key)
}

// Name implements component.Overlay.
func (v *help) Name() string { return "help" }

// Typing implements component.Overlay.
func (v *help) Typing() bool { return true }

// Moves implements component.Overlay.
func (v *help) Moves() bool { return true }

// Field implements component.Writing.
func (v *help) Field() *screen.Input { return &v.input }

// Update implements component.Overlay.
func (v *help) Update(_ *component.Deck, msg tea.Msg) tea.Cmd {
	if v.input.Update(msg) {
		v.top = 0
	}
	return nil
}

// Move implements component.Overlay.
func (v *help) Move(_ *component.Deck, by int) {
	v.top = min(max(v.top+by, 0), max(v.height()-v.rows, 0))
}

// height is how many lines the longest column has.
func (v *help) height() int {
	most := 0
	for _, c := range v.columns {
		most = max(most, len(c))
	}
	return most
}

// helpColumn is how wide a column is at least; there are as many as there is room for.
const helpColumn = 52

// Draw implements component.Overlay.
func (v *help) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	t, b := d.Theme, d.Layout().Large()
	width := b.W - 2
	v.layOut(width)
	b = d.Layout().Centred(b.W, min(b.H, max(v.height()+4, 10)))
	v.rows = b.H - 4
	v.Move(d, 0)
	p := screen.Panel{Title: "help", Info: []string{"type to find"}, Total: v.height(), Top: v.top, Visible: v.rows}
	l := screen.NewLine(width, "")
	l.Put(t.Accent, " ? ")
	hint := ""
	if v.input.Value() == "" {
		hint = " type a key, a word, the name of a pane"
	}
	v.input.Draw(l, t, hint)
	p.Lines = append(p.Lines, l.String(), screen.NewLine(width, "").String())
	for i := v.top; i < v.top+v.rows; i++ {
		l := screen.NewLine(width, "")
		for n, column := range v.columns {
			l.Gap(n*(width/len(v.columns)) + l.Free() - width)
			if i < len(column) {
				column[i].put(l, t, width/len(v.columns))
			}
		}
		p.Lines = append(p.Lines, l.String())
	}
	if len(v.sections) > 0 && v.height() == 0 {
		p.Lines = append(p.Lines[:2], screen.Note(t, width, "no key does that")...)
	}
	return p, b
}

package dialogs

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// filterLine is the line to type a filter in. The pane follows while it is typed; esc puts back what was before.
type filterLine struct {
	pane   component.Filtered
	input  screen.Input
	before string
	mark   func()   // goes back to where one was
	was    bool     // rows were hidden before
	words  []string // to complete with
	recall int      // how far back in the history; 0 is the line itself
	typed  string   // the line itself, while something is recalled
	fault  string   // what is wrong with it, in words
}

// TypeFilter starts typing a filter for the focused pane, or for the one that goes with it, which then has the focus.
func TypeFilter(d *component.Deck) {
	pane := d.Panes.ToFilter()
	if pane == nil {
		return
	}
	o := &filterLine{pane: pane, before: pane.Filter(d), mark: pane.Mark(d), was: pane.Narrowed(d), words: pane.Words(d)}
	if d.Panes.Focused() != pane {
		d.Trail.Stay()
		d.Panes.FocusOn(pane)
	}
	o.input = screen.NewInput(o.before)
	o.input.Focused = true
	slices.Sort(o.words)
	d.Open(o)
}

// Name implements component.Overlay.
func (o *filterLine) Name() string { return "the filter" }

// Field implements component.Writing.
func (o *filterLine) Field() *screen.Input { return &o.input }

func (o *filterLine) Typing() bool              { return true }
func (o *filterLine) Moves() bool               { return false }
func (o *filterLine) Move(*component.Deck, int) {}

func (o *filterLine) Update(d *component.Deck, msg tea.Msg) tea.Cmd {
	if o.input.Update(msg) {
		o.recall = 0
		o.try(d)
	}
	return nil
}

// try narrows the pane to what is typed, unless that means nothing yet.
func (o *filterLine) try(d *component.Deck) {
	err := o.pane.Narrow(d, o.input.Value())
	o.fault = ""
	if err != nil {
		o.fault = err.Error()
	}
}

// keep ends typing and leaves the filter on.
func (o *filterLine) keep(d *component.Deck) tea.Cmd {
	if o.fault != "" {
		return nil // it says what is wrong; nothing is kept that means nothing
	}
	d.Close()
	switch now := o.pane.Narrowed(d); {
	case now && !o.was:
		d.Narrowing(o.pane, o.mark)
	case !now:
		d.Trail.Forget(o.pane)
	}
	if text := strings.TrimSpace(o.input.Value()); text != "" {
		d.Selection.Remember(text)
	}
	return nil
}

// Leave implements component.Leaving: the filter from before is put back, and the place in the list.
func (o *filterLine) Leave(*component.Deck) { o.mark() }

func (o *filterLine) earlier(d *component.Deck) tea.Cmd { return o.recallBy(d, 1) }
func (o *filterLine) later(d *component.Deck) tea.Cmd   { return o.recallBy(d, -1) }

func (o *filterLine) recallBy(d *component.Deck, by int) tea.Cmd {
	filters := d.Selection.Filters()
	to := min(max(o.recall+by, 0), len(filters))
	if to == o.recall {
		return nil
	}
	if o.recall == 0 {
		o.typed = o.input.Value()
	}
	o.recall = to
	text := o.typed
	if to > 0 {
		text = filters[len(filters)-to]
	}
	o.input.Set(text)
	o.try(d)
	return nil
}

// complete takes the word suggested for the last one typed.
func (o *filterLine) complete(d *component.Deck) tea.Cmd {
	if rest := o.suggestion(); rest != "" {
		o.input.Set(o.input.Value() + rest)
		o.try(d)
	}
	return nil
}

// suggestion is what is missing of a word that the last one typed begins.
func (o *filterLine) suggestion() string {
	text := o.input.Value()
	word := text[strings.LastIndexByte(text, ' ')+1:]
	if word == "" {
		return ""
	}
	for _, w := range o.words {
		if rest, ok := strings.CutPrefix(w, word); ok && rest != "" {
			return rest
		}
	}
	return ""
}

func (o *filterLine) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	b := layout.Box{X: 0, Y: d.Layout().Height - 5, W: d.Layout().Width, H: 4}
	t := d.Theme
	matching, all := o.pane.Found(d)
	p := screen.Panel{Title: "filter " + strings.ToLower(o.pane.Title()),
		Info: []string{screen.Grouped(matching) + " of " + screen.Grouped(all)}}
	l := screen.NewLine(b.W-2, "")
	l.Put(t.Accent, " / ")
	o.input.Draw(l, t, o.suggestion())
	p.Lines = append(p.Lines, l.String())
	l = screen.NewLine(b.W-2, "")
	l.Gap(3)
	if o.fault != "" {
		l.Put(t.Bad, "✗ "+screen.CleanUpTo(strings.ReplaceAll(o.fault, "\n", " "), l.Free()))
	} else {
		l.Put(t.Faint, o.pane.Hint())
	}
	p.Lines = append(p.Lines, l.String())
	return p, b
}

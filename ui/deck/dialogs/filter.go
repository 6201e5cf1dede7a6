package dialogs

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios/filter"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// filterLine is the line to type a filter in. The pane follows while it is typed; esc puts back what was before.
type filterLine struct {
	pane    component.Filtered
	input   screen.Input
	before  string
	mark    func()   // goes back to where one was
	was     bool     // rows were hidden before
	words   []string // to complete with
	names   []string // likewise, those that filters can have
	begun   string   // the text before the word that is being completed,
	choices []string // what that can become,
	taken   int      // and how many of them were tried
	recall  int      // how far back in the history; 0 is the line itself
	typed   string   // the line itself, while something is recalled
	fault   string   // what is wrong with it, in words
}

// TypeFilter starts typing a filter for the focused pane, or for the one that goes with it, which then has the focus.
func TypeFilter(d *component.Deck) {
	pane := d.Panes.ToFilter()
	if pane == nil {
		return
	}
	o := &filterLine{pane: pane, before: pane.Filter(d), mark: pane.Mark(d), was: pane.Narrowed(d), words: pane.Words(d), names: pane.Names()}
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
		o.recall, o.taken = 0, 0
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
	text := strings.TrimSpace(o.input.Value())
	if text == "" {
		return nil
	}
	d.Selection.Remember(text)
	return component.Fetch(d,
		func(ctx context.Context) ([]string, error) { return o.pane.Missing(ctx, d.Engine, text) },
		func(missing []string) tea.Cmd {
			if len(missing) > 0 {
				d.Say(bus.Warn, screen.Clean(strings.Join(missing, "; ")))
			}
			return nil
		})
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
	o.taken = 0
	o.try(d)
	return nil
}

// complete takes the next of the words that what was typed last can become.
func (o *filterLine) complete(d *component.Deck) tea.Cmd {
	if o.taken == 0 {
		o.begun, o.choices = o.candidates()
	}
	if len(o.choices) == 0 {
		return nil
	}
	o.input.Set(o.begun + o.choices[o.taken%len(o.choices)])
	o.taken++
	o.try(d)
	return nil
}

// candidates are what the last word typed can become, and the text before it. While no word is begun they are the names.
func (o *filterLine) candidates() (before string, words []string) {
	text := o.input.Value()
	at := strings.LastIndexByte(text, ' ') + 1
	at += len(text[at:]) - len(strings.TrimLeft(text[at:], "-!("))
	word := text[at:]
	if word == "" {
		return text[:at], o.names
	}
	for _, w := range slices.Concat(o.names, o.words) {
		if len(w) > len(word) && strings.EqualFold(w[:len(word)], word) {
			words = append(words, w)
		}
	}
	return text[:at], words
}

// suggestion is what is missing of the first word that the last one typed can become.
func (o *filterLine) suggestion() string {
	before, words := o.candidates()
	word := o.input.Value()[len(before):]
	if word == "" || len(words) == 0 {
		return ""
	}
	return words[0][len(word):]
}

func (o *filterLine) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	b := layout.Box{X: 0, Y: d.Layout().Height - 6, W: d.Layout().Width, H: 5}
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
	switch slip := filter.Slip(o.input.Value(), o.names); {
	case slip != "":
		l.Put(t.Warn, "? "+screen.CleanUpTo(slip, l.Free()))
	case o.fault != "":
		l.Put(t.Bad, "✗ "+screen.CleanUpTo(strings.ReplaceAll(o.fault, "\n", " "), l.Free()))
	default:
		l.Put(t.Faint, o.pane.Hint())
	}
	p.Lines = append(p.Lines, l.String(), o.offered(t, b.W-2))
	return p, b
}

// offered is the line of what tab completes with: the names while no word is begun, or none is known that begins so.
func (o *filterLine) offered(t *screen.Theme, width int) string {
	l := screen.NewLine(width, "")
	l.Gap(3)
	words, next := o.choices, o.taken
	if o.taken == 0 {
		_, words = o.candidates()
	}
	if len(words) == 0 {
		words, next = o.names, 0
	}
	first := 0
	if next > 0 {
		first = (next - 1) % len(words)
	}
	for i := first; i < len(words); i++ {
		word := screen.CleanUpTo(words[i], 60)
		if l.Free() < screen.Cells(word)+3 {
			l.Put(t.Faint, "…")
			break
		}
		style := t.Dim
		if i == first && next > 0 {
			style = t.Text
		}
		l.Put(style, word)
		l.Gap(2)
	}
	return l.String()
}

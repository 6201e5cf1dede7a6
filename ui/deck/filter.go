package deck

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/scenarios"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// filter is what a pane is narrowed to: the words as typed, and what they mean.
type filter[T any] struct {
	text  string
	apply *sources.Filter[T]
}

type (
	eventFilter  = filter[sources.Event]
	entityFilter = filter[sources.EntityRow]
)

// mostFilters bounds the history of filters.
const mostFilters = 100

// filterLine is the line to type a filter in. The pane follows while it is typed; esc puts back what was before.
type filterLine struct {
	pane   paneID
	input  screen.Input
	before string
	words  []string // to complete with
	recall int      // how far back in the history; 0 is the line itself
	typed  string   // the line itself, while something is recalled
	fault  string   // what is wrong with it, in words
}

// openFilter starts typing a filter for the focused pane, which is events unless it is entities.
func (d *deck) openFilter() tea.Cmd {
	o := &filterLine{pane: eventsPane}
	o.before = d.events.filter.text
	if d.focus == entitiesPane || d.focus == statePane {
		o.pane, o.before = entitiesPane, d.entities.filter.text
	}
	d.focusOn(o.pane)
	o.input = screen.NewInput(o.before)
	o.input.Focused = true
	o.words = d.filterWords(o.pane)
	d.open(o)
	return nil
}

// filterWords are the words that narrow by what is on the screen.
func (d *deck) filterWords(pane paneID) []string {
	words := map[string]bool{}
	for _, r := range d.snap.Events.Rows {
		if pane == eventsPane && r.Type != "" {
			words["type:"+r.Type] = true
		}
	}
	for i := range min(len(d.snap.Stations), 200) {
		if pane == eventsPane {
			words["station:"+d.snap.Stations[i].Station.Name] = true
		}
	}
	for _, s := range d.snap.Entities.Statuses {
		words["status:"+s.Name] = true
	}
	for _, k := range d.snap.Entities.Kinds {
		words["entity:"+k.Name] = true
	}
	list := make([]string, 0, len(words))
	for w := range words {
		list = append(list, w)
	}
	slices.Sort(list)
	return list
}

func (o *filterLine) typing() bool    { return true }
func (o *filterLine) moves() bool     { return false }
func (o *filterLine) move(*deck, int) {}

func (o *filterLine) update(d *deck, msg tea.Msg) tea.Cmd {
	if o.input.Update(msg) {
		o.recall = 0
		o.try(d)
	}
	return nil
}

// try narrows the pane to what is typed, unless that means nothing yet.
func (o *filterLine) try(d *deck) {
	err := d.narrow(o.pane, o.input.Value())
	o.fault = ""
	if err != nil {
		o.fault = err.Error()
	}
}

// narrow filters a pane.
func (d *deck) narrow(pane paneID, text string) error {
	text = strings.TrimSpace(text)
	if pane == entitiesPane {
		apply, err := scenarios.ParseEntityFilter(text)
		if err == nil {
			d.entities.filter.text, d.entities.filter.apply = text, apply
			d.entities.top = 0
		}
		return err
	}
	apply, err := scenarios.ParseFilter(text)
	if err == nil {
		d.events.filter.text, d.events.filter.apply = text, apply
	}
	return err
}

// keep ends typing and leaves the filter on.
func (o *filterLine) keep(d *deck) tea.Cmd {
	if o.fault != "" {
		return nil // it says what is wrong; nothing is kept that means nothing
	}
	d.shut()
	if text := strings.TrimSpace(o.input.Value()); text != "" {
		d.remember(text)
	}
	return nil
}

// remember puts a filter into the history.
func (d *deck) remember(text string) {
	d.filters = slices.DeleteFunc(d.filters, func(t string) bool { return t == text })
	d.filters = append(d.filters, text)
	d.filters = d.filters[max(len(d.filters)-mostFilters, 0):]
}

// cancel ends typing and puts back the filter from before.
func (o *filterLine) cancel(d *deck) {
	if err := d.narrow(o.pane, o.before); err != nil {
		d.sayError(err) // it was accepted before, so this does not happen
	}
}

func (o *filterLine) earlier(d *deck) tea.Cmd { return o.recallBy(d, 1) }
func (o *filterLine) later(d *deck) tea.Cmd   { return o.recallBy(d, -1) }

func (o *filterLine) recallBy(d *deck, by int) tea.Cmd {
	to := min(max(o.recall+by, 0), len(d.filters))
	if to == o.recall {
		return nil
	}
	if o.recall == 0 {
		o.typed = o.input.Value()
	}
	o.recall = to
	text := o.typed
	if to > 0 {
		text = d.filters[len(d.filters)-to]
	}
	o.input.Set(text)
	o.try(d)
	return nil
}

// complete takes the word suggested for the last one typed.
func (o *filterLine) complete(d *deck) tea.Cmd {
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

func (o *filterLine) draw(d *deck) (screen.Panel, box) {
	b := box{0, d.layout.height - 5, d.layout.width, 4}
	t, name := d.theme, "events"
	if o.pane == entitiesPane {
		name = "entities"
	}
	p := screen.Panel{Title: "filter " + name, Info: []string{o.found(d)}}
	l := screen.NewLine(b.w-2, "")
	l.Put(t.Accent, " / ")
	o.input.Draw(l, t, o.suggestion())
	p.Lines = append(p.Lines, l.String())
	l = screen.NewLine(b.w-2, "")
	l.Gap(3)
	if o.fault != "" {
		l.Put(t.Bad, "✗ "+screen.CleanUpTo(strings.ReplaceAll(o.fault, "\n", " "), l.Free()))
	} else {
		l.Put(t.Faint, o.hint())
	}
	p.Lines = append(p.Lines, l.String())
	return p, b
}

// hint is what can be typed.
func (o *filterLine) hint() string {
	if o.pane == entitiesPane {
		return `words · -not · status: entity: · or an expression: state.budget < 10 && version > 2`
	}
	return `words · -not · type: station: entity: status: · or an expression: data.quantity > 3`
}

// found says how many rows there are for what is typed.
func (o *filterLine) found(d *deck) string {
	if o.pane == entitiesPane {
		return screen.Grouped(uint64(d.snap.Entities.Matching)) + " of " + screen.Grouped(uint64(d.snap.Entities.Total))
	}
	return screen.Grouped(d.snap.Events.Matching) + " of " + screen.Grouped(d.snap.Events.Total)
}

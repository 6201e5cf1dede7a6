package overlays

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// legend are the standings as the table's last line explains them.
var legend = []bus.Standing{bus.Done, bus.Delivered, bus.Waiting, bus.Filtered, bus.GivenUp, bus.Unknown}

// progress is the chosen entity's history against the consumers of its stations: who has handled what.
type progress struct {
	component.ReadOnly
	entity sources.Entity
	list   screen.List
	left   int  // the first consumer shown
	more   bool // there are more than are shown
}

// isTracked is where it is known who has handled the chosen entity's events.
func isTracked(d *component.Deck) bool {
	_, ok := component.Chosen[component.EntityHolder](d)
	return ok && len(d.Progress()) > 0
}

// hasMore is where the table has more consumers than it shows.
func hasMore(d *component.Deck) bool {
	v, ok := d.Overlays.Top().(*progress)
	return ok && v.more
}

// OpenProgress opens the table of the chosen entity.
func OpenProgress(d *component.Deck) {
	v := &progress{entity: d.Selection.Entity}
	if holder, ok := component.Find[component.StateHolder](d); ok {
		v.list.At = max(holder.ChosenStep(d), 0)
	}
	d.Open(v)
}

// steps are the events of the table, oldest first.
func (v *progress) steps(d *component.Deck) []sources.HistoryStep {
	if e := d.Detail(); e != nil && e.Entity == v.entity {
		return e.History
	}
	return nil
}

func (v *progress) Move(d *component.Deck, by int) {
	n := len(v.steps(d))
	v.list.At = min(max(v.list.At+by, 0), max(n-1, 0))
}

// enter opens the event of the chosen row.
func (v *progress) enter(d *component.Deck) tea.Cmd {
	steps := v.steps(d)
	if len(steps) == 0 {
		return nil
	}
	v.Move(d, 0)
	return OpenEvent(d, steps[len(steps)-1-v.list.At].Number)
}

func (v *progress) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	b := d.Layout().Large()
	b = d.Layout().Centred(b.W, min(b.H, max(len(v.steps(d)), 6)+7))
	width, height := b.W-2, b.H-2
	steps, consumers := v.steps(d), d.Progress()
	id := screen.CutID(screen.CleanID(v.entity.ID), max(width/3, 8))
	p := screen.Panel{Title: "who has handled " + screen.Clean(v.entity.Kind) + " " + id}
	if len(steps) == 0 || len(consumers) == 0 {
		p.Lines = screen.Note(d.Theme, width, "the broker no longer tells who has handled its events")
		return p, b
	}
	v.Move(d, 0)
	c := v.columns(steps, consumers, width)
	n := len(consumers)
	if v.more = n > c.to-c.from; v.more {
		p.Info = []string{"consumers " + screen.Grouped(uint64(c.from+1)) + "–" + screen.Grouped(uint64(c.to)) +
			" of " + screen.Grouped(uint64(n))}
	}
	p.Lines = c.heads(d.Theme, consumers)
	rows := height - len(p.Lines) - 2
	from, to := v.list.Scroll(len(steps), rows)
	p.Total, p.Top, p.Visible = len(steps), from, rows
	for i := from; i < to; i++ {
		at := len(steps) - 1 - i
		p.Lines = append(p.Lines, c.row(d, &steps[at], consumers, at, i == v.list.At))
	}
	for len(p.Lines) < height-1 {
		p.Lines = append(p.Lines, screen.NewLine(width, "").String())
	}
	p.Lines = append(p.Lines, legendLine(d.Theme, width))
	return p, b
}

func progressKeys() []component.Key {
	scroll := func(by int) func(*progress, *component.Deck) tea.Cmd {
		return func(o *progress, _ *component.Deck) tea.Cmd { o.left += by; return nil }
	}
	return []component.Key{
		component.InOverlay(component.Key{Names: []string{"enter"}, Label: "enter", Short: "event", Help: "open the event",
			Group: component.GroupLook}, (*progress).enter),
		component.InOverlay(component.Key{Names: []string{"left", "h"}, Label: "← →", Short: "consumers", Help: "to the consumers before",
			Group: component.GroupLook, Where: hasMore}, scroll(-1)),
		component.InOverlay(component.Key{Names: []string{"right", "l"}, Label: "→", Help: "to the consumers after",
			Group: component.GroupLook, Where: hasMore}, scroll(+1)),
		{Names: []string{"w"}, Label: "w", Short: "who", Help: "who has handled this entity's events", Group: component.GroupLook,
			Rank: component.RankAsk, Where: isTracked, Do: component.Plain(OpenProgress)},
	}
}

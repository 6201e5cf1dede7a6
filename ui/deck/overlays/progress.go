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
	heads  int  // lines above the rows, as drawn last
	rows   int  // that there was room for
}

// Name implements component.Overlay.
func (v *progress) Name() string { return "who has handled it" }

// OpenProgress opens the table of the chosen entity.
func OpenProgress(d *component.Deck) {
	d.HoldEntity()
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
	if step := v.chosen(d); step != nil {
		return OpenEvent(d, step.Number)
	}
	return nil
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
	v.heads, v.rows = len(p.Lines), rows
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

// chosen is the step of the chosen row, nil when there is none.
func (v *progress) chosen(d *component.Deck) *sources.HistoryStep {
	steps := v.steps(d)
	if len(steps) == 0 {
		return nil
	}
	v.Move(d, 0)
	return &steps[len(steps)-1-v.list.At]
}

// Copy implements component.Copying.
func (v *progress) Copy(d *component.Deck) (text, what string) {
	if step := v.chosen(d); step != nil {
		return step.Type, "the type"
	}
	return "", "no event is here"
}

// Click implements component.Clickable: it chooses a row, and the second click opens it.
func (v *progress) Click(d *component.Deck, row int, again bool) tea.Cmd {
	at := v.list.Top + row - 1 - v.heads
	if row <= v.heads || at >= min(v.list.Top+v.rows, len(v.steps(d))) {
		return nil
	}
	v.list.At = at
	if again {
		return v.enter(d)
	}
	return nil
}

func progressKeys() []component.Key {
	scroll := func(by int) func(*progress, *component.Deck) tea.Cmd {
		return func(o *progress, _ *component.Deck) tea.Cmd { o.left += by; return nil }
	}
	side := func(key component.Key, by int) component.Key {
		key = component.InOverlay(key, scroll(by))
		key.Where = component.Over(func(v *progress) bool { return v.more })
		key.Needs = "more consumers than there is room for"
		return key
	}
	return []component.Key{
		component.InOverlay(component.Key{Names: []string{"enter"}, Short: "event", Help: "open the event, as a double click does"},
			(*progress).enter),
		side(component.Key{Names: []string{"left", "h"}, Label: "← →", Short: "consumers", Help: "to the consumers before"}, -1),
		side(component.Key{Names: []string{"right", "l"}, Help: "to the consumers after"}, +1),
		{Names: []string{"w"}, Short: "who", Help: "who has handled this entity's events", Rank: component.RankAsk,
			For: component.Is[component.EntityHolder], Where: func(d *component.Deck) bool { return len(d.Progress()) > 0 },
			Needs: "an entity whose consumers the broker tells of", Do: component.Plain(OpenProgress)},
	}
}

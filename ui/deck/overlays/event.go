package overlays

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// event is an open event: what the broker said of it, its headers, what it changed, and its payload as a tree, raw,
// or in hex.
type event struct {
	component.ReadOnly
	number uint64
	detail *sources.EventDetail   // nil until it is here, and when it has left the window
	letter *sources.DeadLetterRow // when it is a dead letter's message; then it has no number
	asked  bool                   // a snapshot has come since it was opened
	facts  screen.Text
	payload
	top int
}

// OpenEvent opens the event of that number; it comes with one of the next snapshots.
func OpenEvent(d *component.Deck, number uint64) tea.Cmd {
	o := &event{number: number}
	d.Open(o)
	return o.Renew(d)
}

// openMessage opens the message at a position of a station: as the event that is held, with the state of its entity then, or
// as the bus still has it.
func openMessage(d *component.Deck, busName, station string, at bus.Position) tea.Cmd {
	find := func(ctx context.Context) (*sources.EventDetail, error) {
		return d.Engine.Find(ctx, busName, station, at)
	}
	return component.Fetch(d, find, func(found *sources.EventDetail) tea.Cmd {
		o := &event{detail: found, number: found.Number}
		d.Open(o)
		return o.layOut(d)
	})
}

// Name implements component.Overlay.
func (o *event) Name() string { return "an open event" }

// Want implements component.Wanting.
func (o *event) Want(_ *component.Deck, v *sources.View) { v.Open = o.number }

// Renew implements component.Renewed: it takes the event from the snapshot, and has its payload laid out.
func (o *event) Renew(d *component.Deck) tea.Cmd {
	if o.detail != nil {
		return nil
	}
	if d.Snapshot().View.Open == o.number {
		o.asked = true
	}
	if e := d.Snapshot().Open; e != nil && e.Number == o.number {
		o.detail, o.width = e, 0
		return o.layOut(d)
	}
	return nil
}

// layOut makes the lines of the event for the width that there is.
func (o *event) layOut(d *component.Deck) tea.Cmd {
	if o.detail == nil {
		return nil
	}
	width := d.Layout().Large().W - 4
	if o.width != width {
		o.facts = screen.Text{}
		if o.letter != nil {
			deadLetterFacts(d, &o.facts, o.letter)
			o.facts.Heading("message")
		}
		eventFacts(d, &o.facts, o.detail)
		o.facts.Wrap(width + 2)
	}
	return o.payload.layOut(o.detail.Data, width)
}

// next shows the payload in the next way.
func (o *event) next(d *component.Deck) tea.Cmd {
	o.payload.next()
	return o.layOut(d)
}

func (o *event) Update(d *component.Deck, msg tea.Msg) tea.Cmd {
	if _, ok := msg.(tea.WindowSizeMsg); ok {
		return o.layOut(d)
	}
	return nil
}

// lines is how many lines there are in all.
func (o *event) lines() int { return len(o.facts.Lines) + o.payload.lines() }

func (o *event) Move(d *component.Deck, by int) {
	o.top = min(max(o.top+by, 0), max(o.lines()-(d.Layout().Large().H-2), 0))
}

func (o *event) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	b := d.Layout().Large()
	width, height := b.W-2, b.H-2
	p := screen.Panel{Title: o.title(), Info: []string{o.view.String()}, Visible: height}
	if o.detail == nil {
		text := "fetching…"
		if o.asked {
			text = "this event has left the window: it is no longer held"
		}
		p.Lines = screen.Note(d.Theme, width, text)
		return p, b
	}
	p.Title += " · " + screen.CleanUpTo(wording.Type(o.detail.Event), width)
	o.Move(d, 0)
	p.Total, p.Top = o.lines(), o.top
	for i := o.top; i < min(o.top+height, o.lines()); i++ {
		p.Lines = append(p.Lines, o.line(d.Theme, i, width))
	}
	return p, b
}

func (o *event) title() string {
	switch {
	case o.letter != nil:
		return "dead letter"
	case o.number == 0:
		return "a message that is held no more"
	case sources.IsEarlier(o.number): // it was read again, and has no number among those that came
		return "earlier event"
	}
	return "event " + screen.Grouped(o.number)
}

func (o *event) line(t *screen.Theme, i, width int) string {
	if i < len(o.facts.Lines) {
		return o.facts.DrawLine(t, o.facts.Lines[i], width)
	}
	return o.payload.line(t, i-len(o.facts.Lines), width)
}

// ChosenEvent implements component.EventHolder.
func (o *event) ChosenEvent(*component.Deck) *sources.Event {
	if o.detail == nil {
		return nil
	}
	return o.detail.Event
}

// ChosenLetter implements component.LetterHolder.
func (o *event) ChosenLetter(*component.Deck) *sources.DeadLetterRow { return o.letter }

// Copy implements component.Copying.
func (o *event) Copy(*component.Deck) (text, what string) {
	switch {
	case o.detail == nil:
		return "", "the event is not here"
	case len(o.detail.Data) == 0:
		return "", "the payload is empty"
	case o.detail.Held < o.detail.Size && len(o.detail.Data) < o.detail.Size:
		return string(o.detail.Data), "the beginning of the payload, all that is held of it"
	}
	return string(o.detail.Data), "the payload"
}

// Row implements component.CopyingRow.
func (o *event) Row(*component.Deck) any {
	if o.detail == nil {
		return nil
	}
	return o.detail.Event
}

func eventKeys() []component.Key {
	return []component.Key{component.InOverlay(component.Key{Names: []string{"tab"}, Short: "view", Help: "the payload as a tree, raw, in hex"},
		(*event).next)}
}

package forms

import (
	"encoding/json"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/deck/layout"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// mostEdited bounds the payloads that can be edited here.
const mostEdited = 64 << 10

// resend is an event being edited, to be sent again.
type resend struct {
	event  *sources.Event
	letter *sources.DeadKey // the dead letter that it is; nil when it is none
	to     string           // the consumer that alone gets it; "" when it goes where it was
	edited
	preview
	sending
}

// openResend opens the chosen or open event for editing. One that editing would change, or that is too large for it, can be
// sent again as it is.
func openResend(d *component.Deck) tea.Cmd {
	e := d.ChosenEvent()
	switch {
	case e == nil:
		d.Say(bus.Say, "there is nothing to send again: no event is here")
		return nil
	case dialogs.NotArmed(d):
		return nil
	case e.Size > len(e.Data) && d.Overlays.Top() == nil:
		d.Say(bus.Say, "only the beginning of its payload is here: open it with enter, and press r there")
		return nil
	case e.Size > len(e.Data):
		d.Say(bus.Warn, "only the beginning of this payload of "+screen.Size(uint64(e.Size))+" is here: it cannot be sent again")
		return nil
	}
	letter := chosenLetter(d)
	if letter == nil {
		d.Time.Hold()
	}
	o := &resend{event: e, letter: letter, to: aloneTo(d, letter)}
	var why string
	if o.edited, why = edit(e); why != "" {
		dialogs.Ask(d, why+" Send it again as it is?", func() tea.Cmd { return o.sendUnchanged(d) })
		return nil
	}
	d.Open(o)
	return o.consider(d)
}

// chosenLetter is the dead letter that is chosen or open, nil when it is an event.
func chosenLetter(d *component.Deck) *sources.DeadKey {
	r := d.ChosenLetter()
	if r == nil {
		return nil
	}
	key := r.Key()
	return &key
}

// aloneTo is the consumer that failed with a dead letter, where the bus can hand it to that one alone: those that have had it
// would store it twice.
func aloneTo(d *component.Deck, letter *sources.DeadKey) string {
	if letter == nil || letter.Consumer == "" {
		return ""
	}
	for _, b := range d.Sender.Armed() {
		if _, ok := bus.As[bus.Resender](b); ok && b.Info().Name == letter.Bus {
			return letter.Consumer
		}
	}
	return ""
}

// way is how it is sent.
func (o *resend) way() way {
	if o.to != "" {
		return alone(o.to)
	}
	return bus.Publish
}

// sendUnchanged sends the event again as it is. What came of it stands where the keys stand.
func (o *resend) sendUnchanged(d *component.Deck) tea.Cmd {
	b := d.Sender.BusFor(o.event.Station, o.event.Bus, d.Snapshot().Stations)
	if b == nil {
		d.Say(bus.Warn, "no bus is armed that it could be sent to")
		return nil
	}
	out := bus.Outgoing{Station: o.event.Station, Kind: o.event.Source, Subject: o.event.Subject, Headers: o.event.Headers, Data: o.event.Data}
	return o.sendBy(d, b, out, o.way(), func(err error) {
		if err != nil {
			d.Say(bus.Fail, screen.Clean(o.text))
			return
		}
		d.Say(bus.Say, screen.Clean(o.text)+", unchanged")
		o.seen(d)
	})
}

// seen marks the dead letter that it was.
func (o *resend) seen(d *component.Deck) {
	if o.letter != nil {
		d.Selection.Letters.Mark(d.Snapshot().Dead, true, *o.letter)
	}
}

// Name implements component.Overlay.
func (o *resend) Name() string { return "an event to send again" }

func (o *resend) Typing() bool              { return true }
func (o *resend) Moves() bool               { return false }
func (o *resend) Move(*component.Deck, int) {}

func (o *resend) Update(d *component.Deck, msg tea.Msg) tea.Cmd {
	if !o.Field().Update(msg) {
		return nil
	}
	return o.consider(d)
}

// message is what would be sent; an error says what is wrong with a header.
func (o *resend) message() (bus.Outgoing, error) {
	headers, err := o.headerLines()
	return bus.Outgoing{Station: o.event.Station, Kind: o.event.Source, Subject: o.subject.Value(), Headers: headers, Data: o.data()}, err
}

// consider asks what it would do.
func (o *resend) consider(d *component.Deck) tea.Cmd {
	o.sending = sending{}
	b := d.Sender.BusFor(o.event.Station, o.event.Bus, d.Snapshot().Stations)
	out, err := o.message()
	if b == nil || err != nil || o.to != "" { // one consumer alone gets it: nothing is stored, and no entity changes
		o.forget()
		return nil
	}
	return o.ask(d, b, out)
}

func (o *resend) submit(d *component.Deck) tea.Cmd {
	b := d.Sender.BusFor(o.event.Station, o.event.Bus, d.Snapshot().Stations)
	out, err := o.message()
	if b == nil || err != nil {
		return nil
	}
	return o.sendBy(d, b, out, o.way(), func(err error) {
		if err == nil {
			o.seen(d)
		}
	})
}

func (o *resend) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	t, b := d.Theme, d.Layout().Large()
	width, height := b.W-2, b.H-2
	p := screen.Panel{Title: "send again · " + screen.CleanUpTo(wording.Type(o.event), width),
		Info: []string{screen.Clean(o.event.Station)}}
	l := screen.NewLine(width, "")
	if o.to == "" {
		l.Put(t.Dim, " subject  ")
		o.subject.Draw(l, t, "")
	} else {
		l.Put(t.Dim, " to       ")
		l.Put(t.Text, screen.CleanUpTo(o.to, l.Free()))
		l.Put(t.Dim, screen.CleanUpTo(" alone: nobody else who reads "+o.event.Station+" gets it again", l.Free()))
	}
	p.Lines = append(p.Lines, l.String())
	p.Lines = append(p.Lines, o.drawHeaders(t, width)...)
	p.Lines = append(p.Lines, screen.Heading(t, width, o.payloadHeading()))
	would := o.lines()
	rest := min(len(would.Lines)+3, max(height/2, 4))
	p.Lines = append(p.Lines, o.drawPayload(t, width, height-len(p.Lines)-rest)...)
	if o.to == "" {
		p.Lines = append(p.Lines, screen.Heading(t, width, "what it would do"))
		p.Lines = append(p.Lines, would.Panel(t, width, rest-3).Lines...)
	}
	for len(p.Lines) < height-1 {
		p.Lines = append(p.Lines, screen.NewLine(width, "").String())
	}
	p.Lines = append(p.Lines, o.result(t, width))
	return p, b
}

// result says what came of it, or what is wrong with what is typed.
func (o *resend) result(t *screen.Theme, width int) string {
	l := screen.NewLine(width, "")
	l.Gap(1)
	_, wrong := o.headerLines()
	switch {
	case o.sending.draw(l, t, "sending"):
	case wrong != nil:
		l.Put(t.Bad, "✗ "+screen.CleanUpTo(wrong.Error(), l.Free()))
	case !json.Valid([]byte(o.payload.Value())):
		l.Put(t.Warn, "this is not JSON; it would be sent as it is")
	}
	return l.String()
}

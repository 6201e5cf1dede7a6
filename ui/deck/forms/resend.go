package forms

import (
	"bytes"
	"encoding/json"
	"strings"

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
	event   *sources.Event
	letter  *sources.DeadKey // the dead letter that it is; nil when it is none
	subject screen.Input
	payload screen.Input
	top     int
	preview
	sending
}

// openResend opens the chosen or open event for editing.
func openResend(d *component.Deck) tea.Cmd {
	e := d.ChosenEvent()
	switch {
	case e == nil:
		d.Say(bus.Say, "there is nothing to send again: no event is here")
		return nil
	case dialogs.NotArmed(d):
		return nil
	case e.Size > len(e.Data) && e.Size <= mostEdited:
		d.Say(bus.Say, "only its beginning is here: open it to edit it")
		return nil
	case len(e.Data) > mostEdited || e.Size > len(e.Data):
		d.Say(bus.Warn, "this payload is too large to edit here: "+screen.Size(uint64(max(e.Size, len(e.Data)))))
		return nil
	}
	var letter *sources.DeadKey
	if r := d.ChosenLetter(); r != nil {
		key := r.Key()
		letter = &key
	} else {
		d.Time.Hold()
	}
	o := &resend{event: e, letter: letter, subject: screen.NewInput(e.Subject), payload: screen.Input{Many: true, Focused: true}}
	o.payload.Set(indented(e.Data))
	o.payload.At = 0
	d.Open(o)
	return o.consider(d)
}

// indented is a payload as one likes to edit it.
func indented(data []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, data, "", "  ") == nil {
		return out.String()
	}
	return string(data)
}

// compact is JSON as it is sent; anything else is sent as it was typed.
func compact(text string) []byte {
	var out bytes.Buffer
	if json.Compact(&out, []byte(text)) == nil {
		return out.Bytes()
	}
	return []byte(text)
}

// Name implements component.Overlay.
func (o *resend) Name() string { return "an event to send again" }

// Field implements component.Writing.
func (o *resend) Field() *screen.Input {
	if o.payload.Focused {
		return &o.payload
	}
	return &o.subject
}

func (o *resend) Typing() bool              { return true }
func (o *resend) Moves() bool               { return false }
func (o *resend) Move(*component.Deck, int) {}

// swap goes between subject and payload.
func (o *resend) swap(*component.Deck) tea.Cmd {
	o.subject.Focused, o.payload.Focused = o.payload.Focused, o.subject.Focused
	return nil
}

func (o *resend) Update(d *component.Deck, msg tea.Msg) tea.Cmd {
	if !o.Field().Update(msg) {
		return nil
	}
	return o.consider(d)
}

// message is what would be sent.
func (o *resend) message() bus.Outgoing {
	return bus.Outgoing{Station: o.event.Station, Kind: o.event.Source, Subject: o.subject.Value(),
		Headers: o.event.Headers, Data: compact(o.payload.Value())}
}

// consider asks what it would do.
func (o *resend) consider(d *component.Deck) tea.Cmd {
	o.sending = sending{}
	b := d.Sender.BusFor(o.event.Station, o.event.Bus, d.Snapshot().Stations)
	if b == nil {
		o.forget()
		return nil
	}
	return o.ask(d, b, o.message())
}

func (o *resend) submit(d *component.Deck) tea.Cmd {
	b := d.Sender.BusFor(o.event.Station, o.event.Bus, d.Snapshot().Stations)
	if b == nil {
		return nil
	}
	return o.send(d, b, o.message(), func() {
		if o.letter != nil {
			d.Selection.Letters.Mark(d.Snapshot().Dead, true, *o.letter)
		}
	})
}

func (o *resend) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	t, b := d.Theme, d.Layout().Large()
	width, height := b.W-2, b.H-2
	p := screen.Panel{Title: "send again · " + screen.CleanUpTo(wording.Type(o.event), width),
		Info: []string{screen.Clean(o.event.Station)}}
	l := screen.NewLine(width, "")
	l.Put(t.Dim, " subject  ")
	o.subject.Draw(l, t, "")
	p.Lines = append(p.Lines, l.String(), screen.Heading(t, width, "payload"))
	would := o.lines()
	rest := min(len(would.Lines)+3, max(height/2, 4))
	p.Lines = append(p.Lines, o.editor(t, width, height-len(p.Lines)-rest)...)
	p.Lines = append(p.Lines, screen.Heading(t, width, "what it would do"))
	p.Lines = append(p.Lines, would.Panel(t, width, rest-3).Lines...)
	for len(p.Lines) < height-1 {
		p.Lines = append(p.Lines, screen.NewLine(width, "").String())
	}
	p.Lines = append(p.Lines, o.result(t, width))
	return p, b
}

// editor draws the payload with the cursor in it.
func (o *resend) editor(t *screen.Theme, width, height int) []string {
	lines := strings.Split(o.payload.Value(), "\n")
	at, column := o.payload.Row()
	o.top = screen.ScrollTo(o.top, at, len(lines), height)
	var rows []string
	for i := o.top; i < o.top+height; i++ {
		l := screen.NewLine(width, "")
		l.Gap(1)
		switch {
		case i >= len(lines):
		case i == at && o.payload.Focused:
			screen.DrawTyped(l, t, []rune(lines[i]), column, true, "")
		default:
			screen.PutJSON(l, t, screen.CleanUpTo(lines[i], l.Free()))
		}
		rows = append(rows, l.String())
	}
	return rows
}

func (o *resend) result(t *screen.Theme, width int) string {
	l := screen.NewLine(width, "")
	l.Gap(1)
	if !o.sending.draw(l, t, "sending") && !json.Valid([]byte(o.payload.Value())) {
		l.Put(t.Warn, "this is not JSON; it would be sent as it is")
	}
	return l.String()
}

package forms

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

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
	as      string // the payload as it was written to be edited
	top     int
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
	o := &resend{event: e, letter: letter, subject: screen.NewInput(e.Subject), payload: screen.Input{Many: true, Focused: true}}
	if why := o.cannotEdit(); why != "" {
		dialogs.Ask(d, why+" Send it again as it is?", func() tea.Cmd { return o.sendUnchanged(d) })
		return nil
	}
	o.payload.At = 0
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

// cannotEdit writes the payload to be edited, and says why it cannot be: what is typed are letters, and bytes that are none
// would be sent as others.
func (o *resend) cannotEdit() string {
	data := o.event.Data
	switch {
	case len(data) > mostEdited:
		return "This payload of " + screen.Size(uint64(len(data))) + " is too large to be edited here."
	case !utf8.Valid(data):
		return "This payload is not UTF-8 text. It cannot be edited here without changing bytes of it."
	case o.subject.Value() != o.event.Subject:
		return "The subject of this event cannot be edited here without changing bytes of it."
	}
	o.as = indented(data)
	o.payload.Set(o.as)
	if o.payload.Value() != o.as {
		return "The line breaks of this payload are of a kind that would be changed by editing it here."
	}
	return ""
}

// sendUnchanged sends the event again as it is. What came of it stands where the keys stand.
func (o *resend) sendUnchanged(d *component.Deck) tea.Cmd {
	b := d.Sender.BusFor(o.event.Station, o.event.Bus, d.Snapshot().Stations)
	if b == nil {
		d.Say(bus.Warn, "no bus is armed that it could be sent to")
		return nil
	}
	out := bus.Outgoing{Station: o.event.Station, Kind: o.event.Source, Subject: o.event.Subject, Headers: o.event.Headers, Data: o.event.Data}
	return o.send(d, b, out, func(err error) {
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
		Headers: o.event.Headers, Data: o.data()}
}

// data is the payload: to the byte as it was, unless it has been edited.
func (o *resend) data() []byte {
	if text := o.payload.Value(); text != o.as {
		return compact(text)
	}
	return o.event.Data
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
	return o.send(d, b, o.message(), func(err error) {
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

package deck

import (
	"bytes"
	"encoding/json"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
)

// mostEdited bounds the payloads that can be edited here.
const mostEdited = 64 << 10

// resend is an event being edited, to be sent again.
type resend struct {
	event   *sources.Event
	letter  *sources.DeadKey // the dead letter that it is; nil when it is none
	subject input
	payload input
	top     int
	outlook
	dispatch
}

// openResend opens the chosen or open event for editing.
func (d *deck) openResend() tea.Cmd {
	e := d.chosenEvent()
	switch {
	case e == nil || d.disarmed():
		return nil
	case e.Size > len(e.Data) && e.Size <= mostEdited:
		d.say(bus.Say, "only its beginning is here: open it to edit it")
		return nil
	case len(e.Data) > mostEdited || e.Size > len(e.Data):
		d.say(bus.Warn, "this payload is too large to edit here: "+size(uint64(max(e.Size, len(e.Data)))))
		return nil
	}
	letter := d.chosenLetter()
	if letter == nil {
		d.events.hold(d)
	}
	o := &resend{event: e, letter: letter, subject: newInput(e.Subject), payload: input{many: true, focused: true}}
	o.payload.set(indented(e.Data))
	o.payload.at = 0
	d.open(o)
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

func (o *resend) typing() bool    { return true }
func (o *resend) moves() bool     { return false }
func (o *resend) move(*deck, int) {}

// swap goes between subject and payload.
func (o *resend) swap(*deck) tea.Cmd {
	o.subject.focused, o.payload.focused = o.payload.focused, o.subject.focused
	return nil
}

func (o *resend) update(d *deck, msg tea.Msg) tea.Cmd {
	in := &o.subject
	if o.payload.focused {
		in = &o.payload
	}
	if !in.update(msg) {
		return nil
	}
	return o.consider(d)
}

// message is what would be sent.
func (o *resend) message() bus.Outgoing {
	return bus.Outgoing{Station: o.event.Station, Kind: o.event.Source, Subject: o.subject.value(),
		Headers: o.event.Headers, Data: compact(o.payload.value())}
}

// consider asks what it would do.
func (o *resend) consider(d *deck) tea.Cmd {
	o.dispatch = dispatch{}
	b := d.homeOf(o.event.Station, o.event.Bus)
	if b == nil {
		o.forget()
		return nil
	}
	return o.ask(d, b, o.message())
}

func (o *resend) submit(d *deck) tea.Cmd {
	b := d.homeOf(o.event.Station, o.event.Bus)
	if b == nil {
		return nil
	}
	return o.send(d, b, o.message(), func(d *deck) {
		if o.letter != nil {
			d.markDead(true, *o.letter)
		}
	})
}

func (o *resend) draw(d *deck) (panel, box) {
	t, b := d.theme, d.large()
	width, height := b.w-2, b.h-2
	p := panel{title: "send again · " + cleanUpTo(typeOf(o.event), width), info: []string{clean(o.event.Station)}}
	l := newLine(width, "")
	l.put(t.dim, " subject  ")
	o.subject.draw(l, t, "")
	p.lines = append(p.lines, l.String(), rule(t, width, "payload"))
	outlook := o.lines()
	rest := min(len(outlook.lines)+3, max(height/2, 4))
	p.lines = append(p.lines, o.editor(t, width, height-len(p.lines)-rest)...)
	p.lines = append(p.lines, rule(t, width, "what it would do"))
	p.lines = append(p.lines, outlook.panel(t, width, rest-3).lines...)
	for len(p.lines) < height-1 {
		p.lines = append(p.lines, newLine(width, "").String())
	}
	p.lines = append(p.lines, o.outcome(t, width))
	return p, b
}

// editor draws the payload with the cursor in it.
func (o *resend) editor(t *theme, width, height int) []string {
	lines := strings.Split(o.payload.value(), "\n")
	at, column := o.payload.row()
	o.top = scrolledTo(o.top, at, len(lines), height)
	var rows []string
	for i := o.top; i < o.top+height; i++ {
		l := newLine(width, "")
		l.gap(1)
		switch {
		case i >= len(lines):
		case i == at && o.payload.focused:
			drawTyped(l, t, []rune(lines[i]), column, true, "")
		default:
			code(l, t, cleanUpTo(lines[i], l.free()))
		}
		rows = append(rows, l.String())
	}
	return rows
}

func (o *resend) outcome(t *theme, width int) string {
	l := newLine(width, "")
	l.gap(1)
	if !o.dispatch.draw(l, t, "sending") && !json.Valid([]byte(o.payload.value())) {
		l.put(t.warn, "this is not JSON; it would be sent as it is")
	}
	return l.String()
}

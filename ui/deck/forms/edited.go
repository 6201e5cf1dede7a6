package forms

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// edited is a message being edited: its subject, its headers, a line each, and its payload.
type edited struct {
	from      *sources.Event
	subject   screen.Input
	headers   screen.Input
	payload   screen.Input
	headersAs string   // the headers as they were written to be edited
	as        string   // likewise the payload
	nested    []string // where in it texts that hold JSON are edited as JSON
	locked    bool     // the headers cannot be edited: they are sent as they are
	top       int
}

// edit writes an event to be edited, with the cursor in its payload, and says why it cannot be: what is typed are letters, and
// bytes that are none would be sent as others.
func edit(e *sources.Event) (x edited, why string) {
	x = edited{from: e, subject: screen.NewInput(e.Subject), headers: screen.Input{Many: true}, payload: screen.Input{Many: true, Focused: true}}
	data := e.Data
	switch {
	case len(data) > mostEdited:
		return x, "This payload of " + screen.Size(uint64(len(data))) + " is too large to be edited here."
	case !utf8.Valid(data):
		return x, "This payload is not UTF-8 text. It cannot be edited here without changing bytes of it."
	case x.subject.Value() != e.Subject:
		return x, "The subject of this event cannot be edited here without changing bytes of it."
	}
	var written []byte
	written, x.nested = withNested(data)
	x.as = indented(written)
	x.payload.Set(x.as)
	if x.payload.Value() != x.as {
		return x, "The line breaks of this payload are of a kind that would be changed by editing it here."
	}
	for _, h := range e.Headers {
		x.headersAs += h.Name + ": " + h.Value + "\n"
	}
	x.headers.Set(x.headersAs)
	again, err := readHeaders(x.headers.Value())
	x.locked = err != nil || !slices.Equal(again, e.Headers)
	x.headers.At, x.payload.At = 0, 0
	return x, ""
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

// data is the payload: to the byte as it was, unless it has been edited.
func (x *edited) data() []byte {
	if text := x.payload.Value(); text != x.as {
		return compact(string(withTexts([]byte(text), x.nested)))
	}
	return x.from.Data
}

// headerLines are the headers as they were, or as they have been edited.
func (x *edited) headerLines() (bus.Headers, error) {
	if text := x.headers.Value(); text != x.headersAs && !x.locked {
		return readHeaders(text)
	}
	return x.from.Headers, nil
}

// readHeaders reads headers from lines, each a name, a colon and a value.
func readHeaders(text string) (headers bus.Headers, err error) {
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if name = strings.TrimSpace(name); !ok || name == "" || strings.ContainsAny(name, " \t") {
			return nil, fmt.Errorf("header %q: want a name, a colon and a value, as Event-Type: OrderPlaced", line)
		}
		headers = append(headers, bus.Header{Name: name, Value: strings.TrimPrefix(value, " ")})
	}
	return headers, nil
}

// Field implements component.Writing.
func (x *edited) Field() *screen.Input {
	switch {
	case x.payload.Focused:
		return &x.payload
	case x.headers.Focused:
		return &x.headers
	}
	return &x.subject
}

// next goes from the payload to the subject, then to the headers, then back.
func (x *edited) next(*component.Deck) tea.Cmd {
	was := x.Field()
	was.Focused = false
	switch {
	case was == &x.payload:
		x.subject.Focused = true
	case was == &x.subject && !x.locked:
		x.headers.Focused = true
	default:
		x.payload.Focused = true
	}
	return nil
}

// openEditor has the payload edited in the person's own editor.
func (o *resend) openEditor(d *component.Deck) tea.Cmd {
	return d.Editor(o.payload.Value(), func(text string, err error) tea.Cmd {
		if err != nil {
			d.SayError(err)
			return nil
		}
		o.payload.Set(text)
		o.payload.At = 0
		return o.consider(d)
	})
}

// payloadHeading says what of the payload is edited as JSON though it is text.
func (x *edited) payloadHeading() string {
	switch {
	case len(x.nested) == 0:
		return "payload"
	case len(x.nested) == 1:
		return "payload · " + screen.CleanUpTo(x.nested[0], 40) + " is a text that holds this JSON"
	}
	return fmt.Sprintf("payload · %d of its texts hold this JSON", len(x.nested))
}

// mostHeaderLines is how many headers are shown at once.
const mostHeaderLines = 4

// drawHeaders draws the headers, with the cursor in them.
func (x *edited) drawHeaders(t *screen.Theme, width int) []string {
	if x.locked {
		return []string{screen.Heading(t, width, "headers · "+screen.Plural(uint64(len(x.from.Headers)), "header")+" that cannot be edited here, sent as they are")}
	}
	lines := strings.Split(strings.TrimSuffix(x.headers.Value(), "\n"), "\n")
	if lines[0] == "" && len(lines) == 1 && !x.headers.Focused {
		return []string{screen.Heading(t, width, "headers · none")}
	}
	at, column := x.headers.Row()
	if at >= len(lines) {
		lines = append(lines, "")
	}
	height := min(len(lines), mostHeaderLines)
	rows := []string{screen.Heading(t, width, "headers")}
	top := screen.ScrollTo(0, at, len(lines), height)
	for i := top; i < top+height; i++ {
		l := screen.NewLine(width, "")
		l.Gap(1)
		if i == at && x.headers.Focused {
			screen.DrawTyped(l, t, []rune(lines[i]), column, true, "")
		} else {
			name, value, _ := strings.Cut(lines[i], ":")
			l.Put(t.Dim, screen.CleanUpTo(name, l.Free()))
			l.Put(t.Text, screen.CleanUpTo(":"+value, l.Free()))
		}
		rows = append(rows, l.String())
	}
	return rows
}

// drawPayload draws the payload, with the cursor in it.
func (x *edited) drawPayload(t *screen.Theme, width, height int) []string {
	lines := strings.Split(x.payload.Value(), "\n")
	at, column := x.payload.Row()
	x.top = screen.ScrollTo(x.top, at, len(lines), height)
	var rows []string
	for i := x.top; i < x.top+height; i++ {
		l := screen.NewLine(width, "")
		l.Gap(1)
		switch {
		case i >= len(lines):
		case i == at && x.payload.Focused:
			screen.DrawTyped(l, t, []rune(lines[i]), column, true, "")
		default:
			screen.PutJSON(l, t, screen.CleanUpTo(lines[i], l.Free()))
		}
		rows = append(rows, l.String())
	}
	return rows
}

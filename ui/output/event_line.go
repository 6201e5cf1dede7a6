package output

import (
	"bytes"
	"strconv"
	"time"
	"unicode/utf8"
	"unsafe"

	"github.com/tidwall/gjson"

	"signalbox/sources"
	"signalbox/sources/payload"
	"signalbox/ui/screen"
)

// maxSummary bounds what of an event's data its line shows, in bytes.
const maxSummary = 160

// mostNesting is how deep arrays and objects lie in each other in most data, at the most.
const mostNesting = 100

// EventJSON makes a form of events as lines of JSON in which what a terminal might act upon is escaped. It belongs to one
// goroutine.
func EventJSON() func(to []byte, e *sources.Event) []byte {
	var form sources.JSONForm
	return func(to []byte, e *sources.Event) []byte {
		begin := len(to)
		to = append(form.Append(to, e), '\n')
		if i := begin + firstUnusual(to[begin:]); i < len(to) {
			return append(to[:i], escapeRunes(to[i:])...)
		}
		return to
	}
}

// EventLine makes a form of events as lines for people, cleaned, with a line break. It belongs to one goroutine.
func EventLine(p Colours) func(to []byte, e *sources.Event) []byte {
	l := &eventLine{colours: p}
	return l.append
}

// eventLine is what is used again from line to line.
type eventLine struct {
	colours Colours
	part    []byte // of the line, before it is cleaned and coloured
	second  int64  // of the newest line, and
	clock   []byte // how it is written
}

func (l *eventLine) append(to []byte, e *sources.Event) []byte {
	to = append(l.paint(to, Dim, text(l.time(e))), ' ')
	to = append(pad(append(to, screen.Clean(e.Place())...), len(to), 12), ' ')
	l.part = pad(append(l.part[:0], screen.Clean(e.Type)...), 0, 17)
	to = l.paint(to, Bold, text(l.part))
	if e.Kind != nil && e.ID != "" {
		l.part = append(append(append(l.part[:0], e.Kind.Name()...), ' '), e.ID...)
		to = l.paint(append(to, ' '), styleName, screen.Clean(text(l.part)))
	}
	if e.Version > 0 {
		to = strconv.AppendUint(append(to, " v"...), e.Version, 10)
	}
	switch {
	case e.Unjudged:
		to = append(to, " (partial, not judged)"...)
	case e.Partial:
		to = append(to, " (partial)"...)
	}
	if took, reply := e.Took(); reply {
		to = l.paint(append(to, ' '), Dim, "after "+took.String())
	}
	if data := l.summary(e); len(data) > 0 {
		to = append(append(to, "  "...), screen.Clean(text(data))...)
	}
	if fault, why := e.Fault(); fault != "" {
		to = l.paint(append(to, "  "...), Bad, fault.Sign()+" "+screen.Clean(why))
	}
	return append(to, '\n')
}

// time writes the time of day to the millisecond. Most events come in the second of the one before.
func (l *eventLine) time(e *sources.Event) []byte {
	const second = int64(time.Second)
	if at := e.UnixNano / second; at != l.second || len(l.clock) == 0 {
		l.second = at
		l.clock = e.Time().AppendFormat(l.clock[:0], "15:04:05.000")
	}
	milli := e.UnixNano % second / 1e6
	for i := len(l.clock) - 1; milli >= 0 && l.clock[i] != '.'; i-- {
		l.clock[i] = byte('0' + milli%10)
		milli /= 10
	}
	return l.clock
}

func (l *eventLine) paint(to []byte, style screen.Style, part string) []byte {
	if !l.colours.on {
		return append(to, part...)
	}
	return append(to, l.colours.Paint(style, part)...)
}

// summary is an event's data in one short piece: name=value of an object, or the beginning of anything else.
func (l *eventLine) summary(e *sources.Event) []byte {
	data := e.Body
	if data == nil {
		data = e.Data
	}
	out := l.part[:0]
	if len(data) == 0 || data[0] != '{' || !payload.Members(data, mostNesting, func(name, value []byte) { out = appendMember(out, name, value) }) {
		out = unusual(out[:0], data)
	}
	if len(out) > maxSummary {
		out = cut(out, 0)
	}
	l.part = out
	return out
}

// unusual is the summary of data that is no object, or in which there is more or other than is JSON to most readers.
func unusual(out, data []byte) []byte {
	if len(data) == 0 || data[0] != '{' || !gjson.ValidBytes(data) {
		return appendShort(out, text(data[:min(len(data), 2*maxSummary)]))
	}
	gjson.Parse(text(data)).ForEach(func(name, value gjson.Result) bool {
		out = appendMember(out, []byte(name.Raw), []byte(value.Raw))
		return len(out) <= maxSummary
	})
	return out
}

// appendMember appends name=value, where there is room for more.
func appendMember(to, name, value []byte) []byte {
	if len(to) > maxSummary {
		return to
	}
	if len(to) > 0 {
		to = append(to, ' ')
	}
	to = append(append(to, written(name)...), '=')
	return appendShort(to, written(value))
}

// written is what a value says: the text that a text is, the number that is meant, nothing of null.
func written(value []byte) string {
	switch c := value[0]; {
	case c == '"':
		if inner := value[1 : len(value)-1]; bytes.IndexByte(inner, '\\') < 0 {
			return text(inner)
		}
	case c == '{' || c == '[' || wholeNumber(value):
		return text(value)
	}
	return gjson.Parse(text(value)).String()
}

// wholeNumber tells whether a number is digits only, which may have a sign.
func wholeNumber(value []byte) bool {
	if value[0] == '-' {
		value = value[1:]
	}
	for _, c := range value {
		if c < '0' || '9' < c {
			return false
		}
	}
	return true
}

// appendShort appends what fits into a line.
func appendShort(to []byte, s string) []byte {
	if len(s) <= maxSummary {
		return append(to, s...)
	}
	return cut(append(to, s[:maxSummary]...), len(to))
}

// cut keeps of what was appended from a place on what fits into a line.
func cut(text []byte, from int) []byte {
	text = text[:from+maxSummary]
	if !utf8.Valid(text[from:]) {
		text = append(text[:from], bytes.ToValidUTF8(text[from:], nil)...)
	}
	return append(text, "…"...)
}

// pad fills up with blanks what was appended from a place on.
func pad(to []byte, from, width int) []byte {
	for n := utf8.RuneCount(to[from:]); n < width; n++ {
		to = append(to, ' ')
	}
	return to
}

// text is bytes as a text that shares them, for calls that do not keep it.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

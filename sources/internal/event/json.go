package event

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"signalbox/sources/payload"
)

// mostNesting is how deep arrays and objects of a payload may lie in each other to be written as JSON.
const mostNesting = payload.MostNesting

// MarshalJSON implements json.Marshaler by AppendJSON.
func (e *Event) MarshalJSON() ([]byte, error) { return e.AppendJSON(nil), nil }

// AppendJSON is the Append of a JSONForm that has written nothing yet.
func (e *Event) AppendJSON(to []byte) []byte {
	var f JSONForm
	return f.Append(to, e)
}

// JSONForm writes events as JSON, one after the other. It keeps how what most of them share with the one before is written.
type JSONForm struct {
	second       int64  // of the event before, and
	clock        []byte // how it is written, up to its second
	bus, station string // of the event before, and
	place        []byte // how they are written
}

// Append appends the one JSON form of an event, without a line break: tail --json, exports and session files have it,
// and expressions use its names. It is valid UTF-8 whatever the payload is. Data that is not JSON, or that is nested too
// deeply for readers of JSON, is a string, in which bytes that are not UTF-8 are U+FFFD.
func (f *JSONForm) Append(to []byte, e *Event) []byte {
	problem := e.Problem
	if problem == "" {
		problem = e.Failed
	}
	to = f.time(to, e)
	to = f.from(to, e)
	to = appendString(append(to, `,"subject":`...), e.Subject)
	to = e.appendPosition(to)
	to = appendString(append(to, `,"type":`...), e.Type)
	if e.Kind != nil {
		to = appendString(append(to, `,"entity":{"kind":`...), e.Kind.Name())
		to = appendString(append(to, `,"id":`...), e.ID)
		to = append(to, '}')
	}
	if e.Version > 0 {
		to = strconv.AppendUint(append(to, `,"version":`...), e.Version, 10)
	}
	if e.Partial {
		to = append(to, `,"partial":true`...)
	}
	if e.Unjudged {
		to = append(to, `,"unjudged":true`...)
	}
	to = appendOptional(to, `,"correlation":`, e.Correlation)
	to = appendHeaders(append(to, `,"headers":`...), e.Headers)
	to, deep := appendPayload(to, e)
	if e.Size > len(e.Data) {
		to = strconv.AppendInt(append(to, `,"size":`...), int64(e.Size), 10)
	}
	to = appendOptional(to, `,"rejected":`, e.Rejected)
	if problem == "" && deep > mostNesting {
		problem = fmt.Sprintf("the payload is nested %d deep, and more than %d is not written as JSON", deep, mostNesting)
	}
	return append(appendOptional(to, `,"problem":`, problem), '}')
}

// time writes the time as time.RFC3339Nano has it, in UTC. Most events come in the second of the one before.
func (f *JSONForm) time(to []byte, e *Event) []byte {
	const second = int64(time.Second)
	nano := e.UnixNano % second
	if nano < 0 {
		nano += second
	}
	if at := (e.UnixNano - nano) / second; at != f.second || len(f.clock) == 0 {
		f.second = at
		f.clock = time.Unix(at, 0).UTC().AppendFormat(append(f.clock[:0], `{"time":"`...), "2006-01-02T15:04:05")
	}
	to = append(to, f.clock...)
	if nano > 0 {
		digits := [...]byte{'.', 9: '0'}
		last := 0
		for i := 9; i > 0; i-- {
			digits[i] = byte('0' + nano%10)
			if nano /= 10; last == 0 && digits[i] != '0' {
				last = i
			}
		}
		to = append(to, digits[:last+1]...)
	}
	return append(to, `Z"`...)
}

// from writes where the event comes from.
func (f *JSONForm) from(to []byte, e *Event) []byte {
	if e.Bus != f.bus || e.Station != f.station || len(f.place) == 0 {
		f.bus, f.station = strings.Clone(e.Bus), strings.Clone(e.Station)
		f.place = appendOptional(f.place[:0], `,"bus":`, e.Bus)
		f.place = appendString(append(f.place, `,"station":`...), e.Station)
	}
	return append(to, f.place...)
}

func (e *Event) appendPosition(to []byte) []byte {
	if e.Position.IsZero() {
		return to
	}
	to = append(to, `,"position":`...)
	form := e.StationTraits().Positions
	if n, ok := form.Number(e.Position); ok {
		return strconv.AppendUint(to, n, 10)
	}
	return append(form.Append(append(to, '"'), e.Position), '"')
}

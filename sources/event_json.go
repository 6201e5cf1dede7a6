package sources

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"signalbox/bus"
	"signalbox/sources/payload"
)

// mostNesting is how deep arrays and objects of a payload may lie in each other to be written as JSON: readers of JSON
// have such a limit, and the lowest in wide use is 256.
const mostNesting = 250

// MarshalJSON implements json.Marshaler by AppendJSON.
func (e *Event) MarshalJSON() ([]byte, error) { return e.AppendJSON(nil), nil }

// AppendJSON appends the one JSON form of an event, without a line break: tail --json, exports and session files have it,
// and expressions use its names. It is valid UTF-8 whatever the payload is. Data that is not JSON, or that is nested too
// deeply for readers of JSON, is a string, in which bytes that are not UTF-8 are U+FFFD.
func (e *Event) AppendJSON(to []byte) []byte {
	problem := e.Problem
	if problem == "" {
		problem = e.Failed
	}
	data, whole := e.Data, []byte(nil)
	if e.Body != nil {
		data, whole = e.Body, e.Data
	}
	to = e.Time().UTC().AppendFormat(append(to, `{"time":"`...), time.RFC3339Nano)
	to = append(to, '"')
	to = appendOptional(to, `,"bus":`, e.Bus)
	to = appendString(append(to, `,"station":`...), e.Station)
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
	to = appendOptional(to, `,"correlation":`, e.Correlation)
	to = appendHeaders(append(to, `,"headers":`...), e.Headers)
	to, deep := appendPayload(append(to, `,"data":`...), data)
	if whole != nil {
		var deeper int
		to, deeper = appendPayload(append(to, `,"payload":`...), whole)
		deep = max(deep, deeper)
	}
	if e.Size > len(e.Data) {
		to = strconv.AppendInt(append(to, `,"size":`...), int64(e.Size), 10)
	}
	to = appendOptional(to, `,"rejected":`, e.Rejected)
	if problem == "" && deep > mostNesting {
		problem = fmt.Sprintf("the payload is nested %d deep, and more than %d is not written as JSON", deep, mostNesting)
	}
	return append(appendOptional(to, `,"problem":`, problem), '}')
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

func appendOptional(to []byte, name, text string) []byte {
	if text == "" {
		return to
	}
	return appendString(append(to, name...), text)
}

// appendHeaders writes headers as an object, sorted by name; of several of one name the last counts.
func appendHeaders(to []byte, headers bus.Headers) []byte {
	if len(headers) == 0 {
		return append(to, "{}"...)
	}
	sorted := slices.Clone(headers)
	slices.SortStableFunc(sorted, func(a, b bus.Header) int { return strings.Compare(a.Name, b.Name) })
	to = append(to, '{')
	for i, h := range sorted {
		if i+1 < len(sorted) && sorted[i+1].Name == h.Name {
			continue
		}
		to = append(appendString(to, h.Name), ':')
		to = append(appendString(to, h.Value), ',')
	}
	to[len(to)-1] = '}'
	return to
}

// appendString writes a text as JSON. Most have nothing to escape.
func appendString(to []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return appendEscaped(to, text)
		}
	}
	to = append(append(to, '"'), text...)
	return append(to, '"')
}

func appendEscaped(to []byte, text string) []byte {
	out := bytes.NewBuffer(to)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false) // whoever writes a page of it escapes what a page needs
	_ = encoder.Encode(text)     // a text never fails
	return out.Bytes()[:out.Len()-1]
}

// appendPayload writes a payload without white space, as the JSON it is or as a string, and tells how deep it is nested
// when that is too deep.
func appendPayload(to, data []byte) (out []byte, deep int) {
	to, ok := payload.AppendJSON(to, data, mostNesting)
	if !ok {
		return appendString(to, view(data)), nesting(data)
	}
	return to, 0
}

// nesting is how deep arrays and objects lie in each other.
func nesting(data []byte) (deep int) {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			i = stringEnd(data, i+1) - 1
		case '{', '[':
			depth++
			deep = max(deep, depth)
		case '}', ']':
			depth--
		}
	}
	return deep
}

// stringEnd is where a string of JSON ends, behind its closing quote.
func stringEnd(data []byte, i int) int {
	for ; i < len(data); i++ {
		switch data[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	return len(data)
}

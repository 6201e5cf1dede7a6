package event

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"signalbox/bus"
	"signalbox/sources/internal/packed"
	"signalbox/sources/payload"
)

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
	if !payload.IsPlain(text) {
		return appendEscaped(to, text)
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

// appendPayload writes what of the payload expressions call data, and the whole of it where that is another. It tells
// how deep they are nested when that is too deep.
func appendPayload(to []byte, e *Event) (out []byte, deep int) {
	const data, whole = `,"data":`, `,"payload":`
	if e.Body == nil {
		return appendValue(append(to, data...), e.Data)
	}
	if from := packed.Offset(e.Data, view(e.Body)); from >= 0 && from+len(e.Body) <= len(e.Data) {
		out, ok := payload.AppendBoth(append(to, data...), e.Data, from, from+len(e.Body), whole, mostNesting)
		if ok {
			return out, 0
		}
	}
	to, deep = appendValue(append(to, data...), e.Body)
	to, deeper := appendValue(append(to, whole...), e.Data)
	return to, max(deep, deeper)
}

// appendValue writes data without white space, as the JSON it is or as a string, and tells how deep it is nested when
// that is too deep.
func appendValue(to, data []byte) (out []byte, deep int) {
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

// Package entries makes messages of the entries of Redis streams, and positions of their IDs. Its functions are pure; a
// Builder belongs to one goroutine.
package entries

import (
	"bytes"
	"encoding/json"
	"time"
	"unicode/utf8"

	"signalbox/bus"
)

// Field is one field of an entry.
type Field struct {
	Name, Value []byte
	Size        int // of the value at the server; more than len(Value) when only its beginning is kept
}

// payloadNames are the names that a field with the whole payload has, most telling first.
var payloadNames = []string{"data", "payload", "body", "event", "message", "value"}

// payload finds the field that is the payload of an entry; -1 when all of them together are.
func payload(fields []Field) int {
	if len(fields) == 1 {
		if isDocument(fields[0].Value) {
			return 0
		}
		for _, name := range payloadNames {
			if string(fields[0].Name) == name {
				return 0
			}
		}
		return -1
	}
	for _, name := range payloadNames {
		for i := range fields {
			if string(fields[i].Name) == name && isDocument(fields[i].Value) {
				return i
			}
		}
	}
	return -1
}

// isDocument tells whether bytes look like a JSON object or array, by their ends: parsing them is for who needs it.
func isDocument(b []byte) bool {
	b = bytes.TrimSpace(b)
	if len(b) < 2 {
		return false
	}
	last := b[len(b)-1]
	return b[0] == '{' && last == '}' || b[0] == '[' && last == ']'
}

// FirstTime is the time below which the first part of an ID is no time: people may choose IDs themselves.
const FirstTime = 946_684_800_000 // the year 2000, in milliseconds

// Time is when an entry was stored, which its ID tells unless it was chosen by hand: then it is when the entry arrived.
func Time(at bus.Position, arrived time.Time) time.Time { return time.Unix(0, stored(at, arrived)) }

func stored(at bus.Position, arrived time.Time) int64 {
	latest := uint64(arrived.UnixMilli() + (24 * time.Hour).Milliseconds())
	if at.Major < FirstTime || at.Major > latest {
		return arrived.UnixNano()
	}
	return int64(at.Major) * int64(time.Millisecond)
}

// AppendObject writes fields as a JSON object of strings. Bytes that are not UTF-8 become U+FFFD.
func AppendObject(to []byte, fields []Field) []byte {
	to = append(to, '{')
	for i, f := range fields {
		if i > 0 {
			to = append(to, ',')
		}
		to = appendString(to, f.Name)
		to = append(to, ':')
		to = appendString(to, f.Value)
	}
	return append(to, '}')
}

func appendString(to, text []byte) []byte {
	for _, c := range text {
		if c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			quoted, _ := json.Marshal(string(text)) // a string never fails
			return append(to, quoted...)
		}
	}
	to = append(to, '"')
	to = append(to, text...)
	return append(to, '"')
}

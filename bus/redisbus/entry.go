package redisbus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"
	"unsafe"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/resp"
)

// field is one field of a stream's entry.
type field struct {
	name, value []byte
	size        int // of the value at the server; more than len(value) when only its beginning is kept
}

// payloadNames are the names that a field with the whole payload has, most telling first.
var payloadNames = []string{"data", "payload", "body", "event", "message", "value"}

// payload finds the field that is the payload of an entry; -1 when all of them together are.
func payload(fields []field) int {
	if len(fields) == 1 {
		if isDocument(fields[0].value) {
			return 0
		}
		for _, name := range payloadNames {
			if string(fields[0].name) == name {
				return 0
			}
		}
		return -1
	}
	for _, name := range payloadNames {
		for i := range fields {
			if string(fields[i].name) == name && isDocument(fields[i].value) {
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

// scratch is memory for the bytes of an entry until a batch has them.
type scratch struct {
	bytes   []byte
	headers bus.Headers
}

func (s *scratch) reset() {
	s.bytes, s.headers = s.bytes[:0], s.headers[:0]
	if cap(s.bytes) > bus.FullBatch {
		s.bytes = nil
	}
}

// keep copies bytes that are a view, so that they stay when more is read.
func (s *scratch) keep(data []byte, own bool) []byte {
	if own {
		return data
	}
	from := len(s.bytes)
	s.bytes = append(s.bytes, data...)
	return s.bytes[from:len(s.bytes):len(s.bytes)]
}

// message makes of an entry the message it is, which is good until reset.
func (s *scratch) message(key string, at bus.Position, fields []field, arrived time.Time) bus.Message {
	m := bus.Message{Subject: key, Position: at, UnixNano: stored(at, arrived)}
	which := payload(fields)
	if which < 0 {
		from := len(s.bytes)
		s.bytes = appendObject(s.bytes, fields)
		m.Data = s.bytes[from:]
		m.Size = len(m.Data)
		for _, f := range fields {
			m.Size += f.size - len(f.value)
		}
		return m
	}
	m.Data, m.Size = fields[which].value, fields[which].size
	for i, f := range fields {
		if i != which {
			s.headers = append(s.headers, bus.Header{Name: shared(f.name), Value: shared(f.value)})
		}
	}
	m.Headers = s.headers
	return m
}

// shared is bytes as a text that shares them.
func shared(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// firstPlausible is the time below which the first part of an ID is no time: people may choose IDs themselves.
const firstPlausible = 946_684_800_000 // the year 2000, in milliseconds

// stored is when an entry was stored, which its ID tells unless it was chosen by hand.
func stored(at bus.Position, arrived time.Time) int64 {
	latest := uint64(arrived.Add(24 * time.Hour).UnixMilli())
	if at.Major < firstPlausible || at.Major > latest {
		return arrived.UnixNano()
	}
	return int64(at.Major) * int64(time.Millisecond)
}

// appendObject writes fields as a JSON object of strings. Bytes that are not UTF-8 become U+FFFD.
func appendObject(to []byte, fields []field) []byte {
	to = append(to, '{')
	for i, f := range fields {
		if i > 0 {
			to = append(to, ',')
		}
		to = appendString(to, f.name)
		to = append(to, ':')
		to = appendString(to, f.value)
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

// entryOf makes a message of an entry as go-redis answers it: its ID and the list of its fields.
func entryOf(key string, answer any, arrived time.Time) (bus.Message, error) {
	pair, _ := answer.([]any)
	if len(pair) != 2 {
		return bus.Message{}, fmt.Errorf("%w: an entry of %s without ID and fields", resp.ErrProtocol, key)
	}
	id, _ := pair[0].(string)
	list, _ := pair[1].([]any)
	at, err := parseID([]byte(id))
	if err != nil || len(list)%2 != 0 {
		return bus.Message{}, fmt.Errorf("%w: entry %q of %s", resp.ErrProtocol, id, key)
	}
	fields := make([]field, 0, len(list)/2)
	for i := 0; i < len(list); i += 2 {
		name, _ := list[i].(string)
		value, _ := list[i+1].(string)
		fields = append(fields, field{[]byte(name), []byte(value), len(value)})
	}
	var own scratch
	return own.message(key, at, fields, arrived), nil
}

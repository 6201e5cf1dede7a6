package redisbus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

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

// addEntry appends an entry to a parcel as the message it is. The fields' bytes belong to the parcel already.
func (p *parcel) addEntry(key string, at bus.Position, fields []field, arrived time.Time) {
	m := bus.Message{Subject: key, Position: at, UnixNano: stored(at, arrived)}
	which := payload(fields)
	if which < 0 {
		m.Data = p.object(fields)
		m.Size = len(m.Data)
		for _, f := range fields {
			m.Size += f.size - len(f.value)
		}
		p.add(m)
		return
	}
	m.Data, m.Size = fields[which].value, fields[which].size
	m.Headers = p.headers(fields, which)
	p.add(m)
}

// headers makes headers of all fields but one. Their texts share one string.
func (p *parcel) headers(fields []field, but int) bus.Headers {
	if len(fields) == 1 {
		return nil
	}
	var text strings.Builder
	for i, f := range fields {
		if i != but {
			text.Write(f.name)
			text.Write(f.value)
		}
	}
	rest, start := text.String(), len(p.heads)
	for i, f := range fields {
		if i != but {
			name, value := len(f.name), len(f.name)+len(f.value)
			p.heads = append(p.heads, bus.Header{Name: rest[:name], Value: rest[name:value]})
			rest = rest[value:]
		}
	}
	p.held += int64(text.Len())
	return p.heads[start:len(p.heads):len(p.heads)]
}

// object writes fields as an object, into the arena when it fits.
func (p *parcel) object(fields []field) []byte {
	free := p.arena[len(p.arena):cap(p.arena)]
	data := appendObject(free[:0], fields)
	if len(data) <= len(free) {
		p.arena = p.arena[:len(p.arena)+len(data)]
	}
	return data[:len(data):len(data)]
}

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
	p := smallParcel()
	p.addEntry(key, at, fields, arrived)
	return p.batch.Messages[0], nil
}

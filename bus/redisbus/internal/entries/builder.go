package entries

import (
	"fmt"
	"time"
	"unsafe"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/resp"
)

// mostMemory is how much memory a Builder keeps for its next messages.
const mostMemory = 1 << 20

// Builder makes messages of entries, several at a time. Their memory is used again after Reset.
type Builder struct {
	Messages []bus.Message

	memory  []byte
	headers bus.Headers
	size    int
}

// Size is about how many bytes the messages take.
func (b *Builder) Size() int { return b.size }

// Reset forgets the messages.
func (b *Builder) Reset() {
	clear(b.Messages)
	clear(b.headers)
	b.Messages, b.headers, b.size = b.Messages[:0], b.headers[:0], 0
	if b.memory = b.memory[:0]; cap(b.memory) > mostMemory {
		b.memory = nil
	}
}

// Copy copies the bytes of a field.
func (b *Builder) Copy(data []byte) []byte {
	start := len(b.memory)
	b.memory = append(b.memory, data...)
	return b.memory[start:len(b.memory):len(b.memory)]
}

// Add makes the message of an entry: the field that is its payload and the others as headers, or an object of all. The
// message shares the bytes of the fields.
func (b *Builder) Add(key string, at bus.Position, fields []Field, arrived time.Time) {
	m := bus.Message{Subject: key, Position: at, UnixNano: stored(at, arrived)}
	if which := payload(fields); which >= 0 {
		m.Data, m.Size = fields[which].Value, fields[which].Size
		m.Headers = b.headersOf(fields, which)
	} else {
		m.Data = b.object(fields)
		m.Size = len(m.Data)
		for _, f := range fields {
			m.Size += f.Size - len(f.Value)
		}
	}
	b.Messages = append(b.Messages, m)
	b.size += len(m.Data)
}

// headersOf makes headers of all fields but one.
func (b *Builder) headersOf(fields []Field, but int) bus.Headers {
	if len(fields) == 1 {
		return nil
	}
	start := len(b.headers)
	for i, f := range fields {
		if i != but {
			b.headers = append(b.headers, bus.Header{Name: text(f.Name), Value: text(f.Value)})
			b.size += len(f.Name) + len(f.Value)
		}
	}
	return b.headers[start:len(b.headers):len(b.headers)]
}

// text is bytes as a text that shares them.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func (b *Builder) object(fields []Field) []byte {
	start := len(b.memory)
	b.memory = AppendObject(b.memory, fields)
	return b.memory[start:len(b.memory):len(b.memory)]
}

// FromReply makes a message, with memory of its own, of an entry as go-redis returns it: its ID and the list of its fields.
func FromReply(key string, reply any, arrived time.Time) (bus.Message, error) {
	pair, _ := reply.([]any)
	if len(pair) != 2 {
		return bus.Message{}, fmt.Errorf("%w: an entry of %s without ID and fields", resp.ErrProtocol, key)
	}
	id, _ := pair[0].(string)
	list, _ := pair[1].([]any)
	at, err := ParseID([]byte(id))
	if err != nil || len(list)%2 != 0 {
		return bus.Message{}, fmt.Errorf("%w: entry %q of %s", resp.ErrProtocol, id, key)
	}
	fields := make([]Field, 0, len(list)/2)
	for i := 0; i < len(list); i += 2 {
		name, _ := list[i].(string)
		value, _ := list[i+1].(string)
		fields = append(fields, Field{[]byte(name), []byte(value), len(value)})
	}
	var b Builder
	b.Add(key, at, fields, arrived)
	return b.Messages[0], nil
}

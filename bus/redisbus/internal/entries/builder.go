package entries

import (
	"fmt"
	"time"
	"unsafe"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/resp"
)

// mostMemory is how much memory a Builder keeps for its next message.
const mostMemory = 1 << 20

// Builder makes the message of an entry. Its memory is used again for the next one.
type Builder struct {
	memory  []byte
	headers bus.Headers
}

// Reset begins with another entry. Messages that were made before must not be used any more.
func (b *Builder) Reset() {
	b.headers = b.headers[:0]
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

// Message makes the message of an entry: the field that is its payload and the others as headers, or an object of all. It
// shares the bytes of the fields.
func (b *Builder) Message(key string, at bus.Position, fields []Field, arrived time.Time) bus.Message {
	m := bus.Message{Subject: key, Position: at, UnixNano: stored(at, arrived)}
	which := payload(fields)
	if which < 0 {
		m.Data = b.object(fields)
		m.Size = len(m.Data)
		for _, f := range fields {
			m.Size += f.Size - len(f.Value)
		}
		return m
	}
	m.Data, m.Size = fields[which].Value, fields[which].Size
	for i, f := range fields {
		if i != which {
			b.headers = append(b.headers, bus.Header{Name: text(f.Name), Value: text(f.Value)})
		}
	}
	m.Headers = b.headers
	return m
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
	return b.Message(key, at, fields, arrived), nil
}

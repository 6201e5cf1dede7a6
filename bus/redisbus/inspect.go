package redisbus

import (
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/resp"
)

// inspection is what XINFO STREAM tells of a stream. The answer has the first and the last entry in it, whatever their
// size, and no option to leave them out: their bodies are read past.
type inspection struct {
	length, groups, added int64
	first, last           bus.Position // entries there are
	generated, deleted    bus.Position // the newest ID ever given, and the newest one deleted
	bytes                 int64        // of the answer
	memory                int64        // of the stream, where that was asked too
}

// heavyRate is how many bytes a second asking about one stream may cost: a large answer is asked for again late.
const heavyRate = 1 << 20

// rest is how long to wait until asking again.
func (s *inspection) rest() time.Duration {
	return time.Duration(float64(s.bytes) / heavyRate * float64(time.Second))
}

// inspect asks about a stream.
func inspect(c *resp.Conn, key string) (*inspection, error) {
	if err := c.Send("XINFO", "STREAM", key); err != nil {
		return nil, err
	}
	return readInspection(c)
}

// readInspection reads the answer.
func readInspection(c *resp.Conn) (*inspection, error) {
	before := c.In.Taken
	n, err := c.In.Array()
	if err != nil {
		return nil, err
	}
	s := new(inspection)
	for range n / 2 {
		name, err := c.In.Text()
		if err != nil {
			return nil, err
		}
		if err := s.read(c.In, name); err != nil {
			return nil, err
		}
	}
	s.bytes = c.In.Taken - before
	return s, nil
}

// read takes one field in.
func (s *inspection) read(in *resp.Reader, name string) (err error) {
	switch name {
	case "length":
		s.length, err = in.Integer()
	case "groups":
		s.groups, err = in.Integer()
	case "entries-added":
		s.added, err = in.Integer()
	case "last-generated-id":
		s.generated, err = readID(in)
	case "max-deleted-entry-id":
		s.deleted, err = readID(in)
	case "first-entry":
		s.first, err = readEntryID(in)
	case "last-entry":
		s.last, err = readEntryID(in)
	default:
		err = in.SkipNext()
	}
	return err
}

// readID reads the ID of an entry.
func readID(in *resp.Reader) (bus.Position, error) {
	id, err := in.Word()
	if err != nil {
		return bus.Position{}, err
	}
	return parseID(id)
}

// readEntryID reads an entry, of which only the ID matters; nowhere for nil.
func readEntryID(in *resp.Reader) (bus.Position, error) {
	n, err := in.Array()
	if err != nil || n < 1 {
		return bus.Position{}, err
	}
	at, err := readID(in)
	for range n - 1 {
		if err != nil {
			break
		}
		err = in.SkipNext()
	}
	return at, err
}

package streams

import (
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/resp"
)

// Info is what XINFO STREAM tells of a stream. The answer also has the first and the last entry, however large, and no
// option to leave them out: what they hold is read past.
type Info struct {
	Length    int64        // entries there are
	First     bus.Position // the oldest of them
	Last      bus.Position // and the newest
	Added     int64        // entries there ever were; 0 before Redis 7
	Generated bus.Position // the newest ID ever given
	Deleted   bus.Position // the newest ID that was deleted
	Groups    int64
	Memory    int64 // bytes that the stream takes, where that was asked, too
	Bytes     int64 // of the answer
}

// maxRate is how many bytes a second asking about one stream may cost: a large answer is asked for the more rarely.
const maxRate = 1 << 20

// Large tells whether the answer was so large that it must not be asked for often.
func (s *Info) Large() bool { return s.Bytes > maxRate }

// Rest is how long to wait before asking again.
func (s *Info) Rest() time.Duration {
	return time.Duration(float64(s.Bytes) / maxRate * float64(time.Second))
}

// inspect asks about a stream.
func inspect(c *resp.Conn, key string) (*Info, error) {
	if err := c.Send("XINFO", "STREAM", key); err != nil {
		return nil, err
	}
	return readInfo(c)
}

// readInfo reads the answer.
func readInfo(c *resp.Conn) (*Info, error) {
	before := c.In.Taken
	n, err := c.In.Array()
	if err != nil {
		return nil, err
	}
	s := new(Info)
	for range n / 2 {
		name, err := c.In.Text()
		if err != nil {
			return nil, err
		}
		if err := s.read(c.In, name); err != nil {
			return nil, err
		}
	}
	s.Bytes = c.In.Taken - before
	return s, nil
}

// read takes one field in.
func (s *Info) read(in *resp.Reader, name string) (err error) {
	switch name {
	case "length":
		s.Length, err = in.Integer()
	case "groups":
		s.Groups, err = in.Integer()
	case "entries-added":
		s.Added, err = in.Integer()
	case "last-generated-id":
		s.Generated, err = readID(in)
	case "max-deleted-entry-id":
		s.Deleted, err = readID(in)
	case "first-entry":
		s.First, err = readEntryID(in)
	case "last-entry":
		s.Last, err = readEntryID(in)
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
	return entries.ParseID(id)
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

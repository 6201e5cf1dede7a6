package bus

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Kind is what sort of place a station is.
type Kind string

// Kinds of stations.
const (
	Stream      Kind = "stream"       // a JetStream stream
	Subject     Kind = "subject"      // core NATS subject, wildcards included
	Bucket      Kind = "kv"           // a NATS key-value bucket
	ObjectStore Kind = "objects"      // a NATS object store
	Service     Kind = "service"      // a NATS micro service
	Channel     Kind = "channel"      // a Redis channel
	Pattern     Kind = "pattern"      // a pattern of Redis channels
	Sharded     Kind = "sharded"      // a Redis sharded channel
	Log         Kind = "redis-stream" // a Redis stream
	Keys        Kind = "keys"         // Redis keys that match a pattern
)

// Station is a place where messages go.
type Station struct {
	Name       string // unique within its bus
	Kind       Kind
	Replayable bool // the broker keeps messages, and Open may start in the past
	Readable   bool // Open works on it; false for what is only listed
	Messages   uint64
	Bytes      uint64
	First      Position // oldest kept, zero when unknown or empty
	Last       Position // newest, zero when unknown or empty
	Subjects   []string // what it takes in; the first without wildcard is where Publish sends by default
	Consumers  int      // how many read it, -1 when unknown
	Created    time.Time
	Reading    string   // how Open reads it, in words: "ordered consumer, gone within 5 s of the session"
	Details    []Detail // further facts in the order to show them: retention, storage, limits
}

// Detail is one named fact about a station or a consumer.
type Detail struct{ Name, Value string }

// Position is where a message stands in a replayable station: {sequence, 0} in JetStream, {milliseconds, sequence} in
// a Redis stream. The zero Position is "nowhere".
type Position struct{ Major, Minor uint64 }

// IsZero tells whether p is nowhere.
func (p Position) IsZero() bool { return p == Position{} }

// Less orders the positions of one station.
func (p Position) Less(q Position) bool {
	return p.Major < q.Major || p.Major == q.Major && p.Minor < q.Minor
}

// Format writes p as users of that kind of station know it: "48193", or "1700000000000-0" for a Redis stream.
func (k Kind) Format(p Position) string {
	switch {
	case p.IsZero():
		return ""
	case k == Log:
		return strconv.FormatUint(p.Major, 10) + "-" + strconv.FormatUint(p.Minor, 10)
	default:
		return strconv.FormatUint(p.Major, 10)
	}
}

// ParsePosition reads what Format wrote, for any kind: "48193" or "1700000000000-0".
func ParsePosition(text string) (Position, error) {
	major, minor, pair := strings.Cut(text, "-")
	a, err := strconv.ParseUint(major, 10, 64)
	if err != nil {
		return Position{}, fmt.Errorf("position %q: want a sequence such as 48193 or an ID such as 1700000000000-0", text)
	}
	if !pair {
		return Position{Major: a}, nil
	}
	b, err := strconv.ParseUint(minor, 10, 64)
	if err != nil {
		return Position{}, fmt.Errorf("position %q: want a number after the dash", text)
	}
	return Position{Major: a, Minor: b}, nil
}

package bus

import (
	"strings"
	"time"
)

// Message is what the broker delivered. Its strings and slices must not be changed by anyone once it is in a Batch.
type Message struct {
	Subject  string // the subject, channel or key it came on
	Headers  Headers
	Data     []byte
	Position Position // zero where the station has none
	UnixNano int64    // when the broker stored it or, where the broker does not say, when it arrived here
	Size     int      // bytes of payload at the broker; more than len(Data) when the body was not fetched whole
}

// Time is UnixNano as a time.
func (m *Message) Time() time.Time { return time.Unix(0, m.UnixNano) }

// Header is one header of a message.
type Header struct{ Name, Value string }

// Headers keep the order and the letters they had on the wire. A Redis stream entry's fields are headers only when the
// entry has a payload field of its own; see package redisbus.
type Headers []Header

// Get returns the first value of a header, by its exact name, or "".
func (h Headers) Get(name string) string {
	for _, x := range h {
		if x.Name == name {
			return x.Value
		}
	}
	return ""
}

// First returns the value of the first of some headers that has one, in the order of the names; their letters may be of any case.
func (h Headers) First(names []string) string {
	if len(h) == 0 {
		return ""
	}
	for _, name := range names {
		for i := range h {
			if x := &h[i]; len(x.Name) == len(name) && x.Value != "" && strings.EqualFold(x.Name, name) {
				return x.Value
			}
		}
	}
	return ""
}

// Gap is a stretch that was or may have been missed at the broker.
type Gap struct {
	Since, Until time.Time // when reading stopped and when it went on
	From, To     Position  // first and last missed, where positions tell; zero otherwise
	Missed       uint64    // how many, where positions tell
	Unknown      bool      // whether anything was missed, or more than Missed, cannot be known (pub/sub)
	Why          string    // "reconnected", "slow reader cut off", "permission", "trimmed", "purged", "replaced", "deleted", "taken or deleted", "begun anew", "rolled back"
}

package bus

import "time"

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

// Batch is what a feed hands over at once: at least one message, gap, drop, CaughtUp or Ended. The receiver owns it
// until Release. Every feed says CaughtUp once after it was opened, alone where the station held nothing to catch up with.
type Batch struct {
	Messages []Message
	Gaps     []Gap  // found before the first of Messages
	Dropped  uint64 // messages that this feed received and let go since the batch before, because its reader lagged
	CaughtUp bool   // all that the station held when the feed was opened (or resumed) is delivered with this batch
	Ended    bool   // nothing will ever follow: the station was deleted, or a recording is at its end

	release func(*Batch)
	memory  []byte
	keep    func() (release func())
}

// NewBatch makes a batch; release, which may be nil, is what Release calls.
func NewBatch(capacity int, release func(*Batch)) *Batch {
	return &Batch{Messages: make([]Message, 0, capacity), release: release}
}

// Reset empties the batch for another use and drops its references.
func (b *Batch) Reset() {
	clear(b.Messages)
	b.Messages, b.Gaps, b.Dropped, b.CaughtUp, b.Ended = b.Messages[:0], b.Gaps[:0], 0, false, false
	b.memory, b.keep = nil, nil
}

// Lend says that the payloads of all messages lie in one piece of memory, which keep takes out of the batch: see Keep.
func (b *Batch) Lend(memory []byte, keep func() (release func())) { b.memory, b.keep = memory, keep }

// Memory is the one piece of memory in which the payloads of all messages lie; nil where they lie elsewhere, or Keep has
// been called. Its capacity is what it takes.
func (b *Batch) Memory() []byte { return b.memory }

// Keep takes Memory out of the batch: payloads stay as they are after Release, until the function that it returns is
// called, once, from any goroutine. It may be called when Memory is not nil.
func (b *Batch) Keep() (release func()) {
	b.memory = nil
	return b.keep()
}

// Release gives the batch back to its feed. Nothing of it may be used afterwards.
func (b *Batch) Release() {
	if b.release != nil {
		b.release(b)
	}
}

// Gap is a stretch that was or may have been missed at the broker.
type Gap struct {
	Since, Until time.Time // when reading stopped and when it went on
	From, To     Position  // first and last missed, where positions tell; zero otherwise
	Missed       uint64    // how many, where positions tell
	Unknown      bool      // whether anything was missed cannot be known (pub/sub)
	Why          string    // "reconnected", "slow reader cut off", "permission", "trimmed", "deleted"
}

package bus

import (
	"slices"
	"sync"
	"unsafe"
)

// Batch is what a feed hands over at once: at least one message, gap, drop, CaughtUp, Concluded or Ended. Every feed says CaughtUp
// once after it was opened, alone where the station held nothing to catch up with.
//
// The messages lie one after the other in one piece of memory, without a pointer, and Read finds each of them by its
// place there. So it costs no more than their bytes to keep them: whoever received a batch owns it until Release, which
// may come at any time later. One goroutine at a time may use a batch.
type Batch struct {
	Gaps     []Gap  // found before the first message
	Dropped  uint64 // messages that this feed received and let go since the batch before, because its reader lagged
	CaughtUp bool   // all that the station held when the feed was opened (or resumed) is delivered with this batch
	Ended    bool   // nothing will ever follow: the station was deleted, or a recording is at its end

	Concluded bool // what was lost of all before is told with this batch at the latest: it was asked for, see Concluder

	share   *Share // that the memory is taken from; nil once the reader accounts for it
	memory  []byte // messages, see Add
	count   int
	nano    int64  // time of the first message
	major   uint64 // of its position
	subject string // written last, a part of memory
	at      int    // its place
}

// Bounds of the batches that feeds fill under load. A message larger than that has a batch of its own.
const (
	FullBatch    = 256 << 10 // bytes
	mostMessages = 2048
)

// unused are batches of the full size that were released: under load the same few are used again and again.
var unused = sync.Pool{New: func() any { return &Batch{memory: make([]byte, 0, FullBatch)} }}

// NewBatch makes a batch with room for so many bytes. It grows when more are added.
func NewBatch(bytes int) *Batch {
	if bytes == FullBatch {
		return unused.Get().(*Batch)
	}
	return &Batch{memory: make([]byte, 0, bytes)}
}

// Charge says that the batch's memory was taken from a share of a budget. It is given back with the memory.
func (b *Batch) Charge(s *Share) { b.share = s }

// Settle gives back to the budget what the batch took from it: its reader, which keeps it, accounts for it from now on.
func (b *Batch) Settle() {
	if b.share != nil {
		b.share.Free(int64(b.Memory()))
		b.share = nil
	}
}

// Release gives the batch's memory back. Nothing of it may be used afterwards.
func (b *Batch) Release() {
	b.Settle()
	if cap(b.memory) == FullBatch {
		*b = Batch{memory: b.memory[:0]}
		unused.Put(b)
	}
}

// Len is how many messages there are.
func (b *Batch) Len() int { return b.count }

// Memory is how many bytes of memory the batch takes.
func (b *Batch) Memory() int { return cap(b.memory) }

// End is the place after the last message, and so how many bytes of the memory are used.
func (b *Batch) End() int { return len(b.memory) }

// Fits tells whether there is room for another message in the memory that the batch has.
func (b *Batch) Fits(m *Message) bool {
	return b.count < mostMessages && len(b.memory)+Weight(m) <= cap(b.memory)
}

// Messages are all messages. They share the batch's memory: nothing of them may be used after Release.
func (b *Batch) Messages() []Message {
	all := make([]Message, b.count)
	for i, at := 0, 0; i < b.count; i++ {
		at = b.Read(at, &all[i])
	}
	return all
}

// What a message has, beyond what each has.
const (
	hasSubject = byte(1) << iota // the subject itself; otherwise how far back it was written last
	hasMajor                     // another than the first message
	hasMinor
	hasPartition
	hasHeaders
	hasSize // more than the bytes of payload
)

// Weight is the most bytes that a message takes in a batch.
func Weight(m *Message) int {
	const number = 10 // at most, see putNumber
	weight := 1 + 9*number + len(m.Data) + len(m.Subject)
	for i := range m.Headers {
		weight += len(m.Headers[i].Name) + len(m.Headers[i].Value) + 2*number
	}
	return weight
}

// Add appends a copy of a message: what it has, its time, subject, position, headers and payload, each text after its
// length. Time and position are how far they are from those of the first message.
func (b *Batch) Add(m *Message) {
	from, weight := len(b.memory), Weight(m)
	if cap(b.memory)-from < weight {
		b.memory = slices.Grow(b.memory, weight)
	}
	to := b.memory[:from+weight]
	if b.count == 0 {
		b.nano, b.major = m.UnixNano, m.Position.Major
	}
	has := b.what(m)
	at := putNumber(to, from+1, folded(m.UnixNano-b.nano))
	if b.count > 0 && m.Subject == b.subject {
		to[from] = has
		at = putNumber(to, at, uint64(from-b.at))
	} else {
		to[from] = has | hasSubject
		b.at = at
		at = putText(to, at, m.Subject)
		b.subject = text(to[at-len(m.Subject) : at])
	}
	if has != 0 {
		at = b.putSome(to, at, m, has)
	}
	at = putNumber(to, at, uint64(len(m.Data)))
	at += copy(to[at:], m.Data)
	b.memory = to[:at]
	b.count++
}

// what a message has.
func (b *Batch) what(m *Message) (has byte) {
	if m.Position.Major != b.major {
		has |= hasMajor
	}
	if m.Position.Minor != 0 {
		has |= hasMinor
	}
	if m.Position.Partition != 0 {
		has |= hasPartition
	}
	if len(m.Headers) > 0 {
		has |= hasHeaders
	}
	if m.Size > len(m.Data) {
		has |= hasSize
	}
	return has
}

// putSome writes what not every message has.
func (b *Batch) putSome(to []byte, at int, m *Message, has byte) (next int) {
	if has&hasMajor != 0 {
		at = putNumber(to, at, folded(int64(m.Position.Major-b.major)))
	}
	if has&hasMinor != 0 {
		at = putNumber(to, at, m.Position.Minor)
	}
	if has&hasPartition != 0 {
		at = putNumber(to, at, uint64(m.Position.Partition))
	}
	if has&hasSize != 0 {
		at = putNumber(to, at, uint64(m.Size-len(m.Data)))
	}
	if has&hasHeaders != 0 {
		at = putNumber(to, at, uint64(len(m.Headers)))
		for i := range m.Headers {
			at = putText(to, putText(to, at, m.Headers[i].Name), m.Headers[i].Value)
		}
	}
	return at
}

// Time is the time of the message at a place.
func (b *Batch) Time(at int) int64 {
	since, _ := number(b.memory, at+1)
	return b.nano + unfolded(since)
}

// Read reads the message at a place, the first being 0, and returns the place of the next, which is End after the last.
// The message shares the batch's memory; the memory of its list of headers is used again.
func (b *Batch) Read(at int, m *Message) (next int) {
	memory, begin := b.memory, at
	has := memory[at]
	since, at := number(memory, at+1)
	m.UnixNano = b.nano + unfolded(since)
	m.Position, m.Headers = Position{Major: b.major}, m.Headers[:0]
	if has&hasSubject != 0 {
		m.Subject, at = textAt(memory, at)
	} else {
		var back uint64
		back, at = number(memory, at)
		m.Subject, _ = textAt(memory, begin-int(back))
	}
	var more uint64
	if has&^hasSubject != 0 {
		more, at = b.readSome(at, m, has)
	}
	n, at := number(memory, at)
	next = at + int(n)
	m.Data = memory[at:next:next]
	m.Size = int(n + more)
	return next
}

// readSome reads what putSome wrote; more is how much of the payload is not there.
func (b *Batch) readSome(at int, m *Message, has byte) (more uint64, next int) {
	memory := b.memory
	if has&hasMajor != 0 {
		var since uint64
		since, at = number(memory, at)
		m.Position.Major = b.major + uint64(unfolded(since))
	}
	if has&hasMinor != 0 {
		m.Position.Minor, at = number(memory, at)
	}
	if has&hasPartition != 0 {
		var partition uint64
		partition, at = number(memory, at)
		m.Position.Partition = uint32(partition)
	}
	if has&hasSize != 0 {
		more, at = number(memory, at)
	}
	if has&hasHeaders != 0 {
		var n uint64
		n, at = number(memory, at)
		m.Headers = slices.Grow(m.Headers, int(n))
		for range n {
			var h Header
			h.Name, at = textAt(memory, at)
			h.Value, at = textAt(memory, at)
			m.Headers = append(m.Headers, h)
		}
	}
	return more, at
}

// folded makes a difference a number that is small where the difference is near 0; unfolded makes it a difference again.
func folded(n int64) uint64 { return uint64(n<<1 ^ n>>63) }

func unfolded(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }

// putNumber writes a number at a place, in groups of seven bits, the lowest first; all but the last are marked. It returns
// the place behind it.
func putNumber(to []byte, at int, n uint64) (next int) {
	for ; n >= 0x80; n >>= 7 {
		to[at] = byte(n) | 0x80
		at++
	}
	to[at] = byte(n)
	return at + 1
}

func putText(to []byte, at int, s string) (next int) {
	at = putNumber(to, at, uint64(len(s)))
	return at + copy(to[at:], s)
}

// number reads what putNumber wrote, and returns the place behind it.
func number(memory []byte, at int) (n uint64, next int) {
	if n := memory[at]; n < 0x80 {
		return uint64(n), at + 1
	}
	return longNumber(memory, at)
}

func longNumber(memory []byte, at int) (n uint64, next int) {
	for shift := 0; ; shift += 7 {
		c := memory[at]
		at++
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return n, at
		}
	}
}

func textAt(memory []byte, at int) (s string, next int) {
	n, at := number(memory, at)
	next = at + int(n)
	return text(memory[at:next]), next
}

// text is bytes as a text that shares them.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

package load

import (
	"hash/maphash"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"signalbox/bus"
)

// Bounds of what is measured, in microseconds, and of how exactly.
const (
	longest = int64(time.Hour / time.Microsecond)
	digits  = 3
)

// Meter measures the messages of a load.
type Meter struct {
	clock Clock
	seed  maphash.Seed

	mu        sync.Mutex // guards what follows
	figures   Figures
	passed    int64 // iterations that ended well
	began     time.Time
	last      time.Time // when the last iteration began
	published *hdrhistogram.Histogram
	endToEnd  *hdrhistogram.Histogram

	open    int                    // messages that are being sent
	stored  map[place]time.Time    // when messages were sent that a station stored and nobody has seen yet
	early   [2]map[place]time.Time // when messages were seen that there is no receipt of yet; the second are the older ones
	unkept  map[uint64]*alike      // messages without a receipt that says where they are, by what is in them
	settled chan struct{}          // not nil: closed once nothing is waited for
}

// place is where a message stands.
type place struct {
	station string
	at      bus.Position
}

// alike are messages on the way that nobody can tell from one another.
type alike struct {
	sent  time.Time
	n     int
	mixed bool // there were several at once
}

// mostEarly bounds the messages that were seen before there was a receipt of them; most of them are others' messages.
const mostEarly = 50_000

// NewMeter makes a meter that has measured nothing.
func NewMeter(clock Clock) *Meter {
	return &Meter{
		clock: clock, seed: maphash.MakeSeed(),
		published: hdrhistogram.New(1, longest, digits), endToEnd: hdrhistogram.New(1, longest, digits),
		stored: map[place]time.Time{}, early: [2]map[place]time.Time{{}, {}}, unkept: map[uint64]*alike{},
	}
}

func (m *Meter) begin(p *Plan, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.figures.Asked, m.figures.For, m.figures.Planned = p.Rate, p.For, p.Iterations()
	m.began, m.last = at, at
}

// start counts an iteration that begins.
func (m *Meter) start(at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.figures.Iterations++
	m.last = at
}

// drop counts an iteration that could not begin.
func (m *Meter) drop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.figures.Dropped++
}

// Pass counts an iteration that ended well.
func (m *Meter) Pass() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.passed++
}

// Fail counts an iteration that failed.
func (m *Meter) Fail(why string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.figures.Failed++; m.figures.Reason == "" {
		m.figures.Reason = why
	}
}

// hopeless tells whether it is no use to go on: many iterations have failed, and no other has ended.
func (m *Meter) hopeless() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.figures.GivenUp = m.passed == 0 && m.figures.Failed >= mostHopeless
	return m.figures.GivenUp
}

// mostHopeless is how many iterations may fail before the first that does not.
const mostHopeless = 100

// Message is a message on its way.
type Message struct {
	meter   *Meter
	sent    time.Time
	late    time.Duration
	content uint64
}

// Sending begins a message; late is how late its iteration began.
func (m *Meter) Sending(data []byte, late time.Duration) *Message {
	x := &Message{meter: m, late: late, content: maphash.Bytes(m.seed, data)}
	m.mu.Lock()
	defer m.mu.Unlock()
	x.sent = m.clock.Now()
	m.open++
	like := m.unkept[x.content]
	if like == nil {
		like = &alike{}
		m.unkept[x.content] = like
	}
	like.sent, like.n = x.sent, like.n+1
	like.mixed = like.mixed || like.n > 1
	return x
}

// Sent ends the sending of a message by its receipt.
func (x *Message) Sent(receipt bus.Receipt) {
	m := x.meter
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.settle()
	m.open--
	m.figures.Sent++
	record(m.published, m.clock.Now().Sub(x.sent)+x.late)
	if receipt.Position.IsZero() {
		return // it may have been seen already; else it will be
	}
	m.forget(x.content)
	at := place{receipt.Station, receipt.Position}
	switch seen, there := m.seenAt(at); {
	case receipt.Duplicate:
		m.figures.Untold++
	case there:
		record(m.endToEnd, seen.Sub(x.sent))
	default:
		m.stored[at] = x.sent
	}
}

// Refused ends the sending of a message that was not taken.
func (x *Message) Refused() {
	m := x.meter
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.settle()
	m.open--
	m.forget(x.content)
}

// forget takes a message from those that are told by what is in them.
func (m *Meter) forget(content uint64) {
	if like := m.unkept[content]; like != nil {
		if like.n--; like.n == 0 {
			delete(m.unkept, content)
		}
	}
}

// seenAt is when the message at a place was seen.
func (m *Meter) seenAt(at place) (seen time.Time, there bool) {
	for _, some := range m.early {
		if seen, there = some[at]; there {
			delete(some, at)
			return seen, true
		}
	}
	return seen, false
}

// Saw tells of a message that came: where it stands, if that can be told, or else what is in it.
func (m *Meter) Saw(station string, at bus.Position, data []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.settle()
	now := m.clock.Now()
	if at.IsZero() {
		m.sawAlike(maphash.Bytes(m.seed, data), now)
		return
	}
	where := place{station, at}
	if sent, there := m.stored[where]; there {
		delete(m.stored, where)
		record(m.endToEnd, now.Sub(sent))
		return
	}
	if len(m.early[0]) == mostEarly {
		m.early[0], m.early[1] = map[place]time.Time{}, m.early[0]
	}
	m.early[0][where] = now
}

func (m *Meter) sawAlike(content uint64, now time.Time) {
	like := m.unkept[content]
	if like == nil {
		return // somebody else's
	}
	if like.mixed {
		m.figures.Untold++
	} else {
		record(m.endToEnd, now.Sub(like.sent))
	}
	m.forget(content)
}

// waiting is how many messages nobody has seen yet.
func (m *Meter) waiting() int {
	n := len(m.stored)
	for _, like := range m.unkept {
		n += like.n
	}
	return n
}

// settle tells whoever waits for it that nothing is on its way any more.
func (m *Meter) settle() {
	if m.settled != nil && m.open == 0 && len(m.stored) == 0 && len(m.unkept) == 0 {
		close(m.settled)
		m.settled = nil
	}
}

// Settled is closed once every message that was sent has been seen.
func (m *Meter) Settled() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make(chan struct{})
	m.settled = all
	m.settle()
	return all
}

// Conclude counts as lost what has not come back.
func (m *Meter) Conclude() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.figures.Lost = int64(m.waiting())
}

// Figures are those of this moment.
func (m *Meter) Figures() Figures {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.figures
	f.Published, f.EndToEnd = latencies(m.published), latencies(m.endToEnd)
	lasted := m.last.Sub(m.began)
	if f.Iterations+f.Dropped == int64(f.Planned) { // the last is followed by the time that it was to last
		lasted = max(lasted, f.For)
	}
	if lasted > 0 {
		f.Rate = float64(f.Iterations) / lasted.Seconds()
	}
	return f
}

// record notes how long something took.
func record(h *hdrhistogram.Histogram, took time.Duration) {
	_ = h.RecordValue(min(max(took.Microseconds(), 1), longest)) // within the bounds there is no error
}

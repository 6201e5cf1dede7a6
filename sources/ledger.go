package sources

import (
	"slices"
	"time"

	"signalbox/sources/internal/window"
)

// Ledger is the honest account of one station, or of all. At every moment
//
//	Received = Held + Evicted + Dropped
//	Received = Decoded + Undecodable + Dropped
//	Decoded  = Folded + Rejected + Failed + Unfolded
//
// where Received counts every message that was taken in. Unread is what has come besides, and waits to be; Missed is what
// never came.
type Ledger struct {
	Received    uint64 `json:"received"`
	Decoded     uint64 `json:"decoded"`     // the payload could be read
	Undecodable uint64 `json:"undecodable"` // it could not
	Folded      uint64 `json:"folded"`      // accepted by a fold
	Rejected    uint64 `json:"rejected"`    // refused by a fold's rules
	Failed      uint64 `json:"failed"`      // the fold could not be computed
	Unfolded    uint64 `json:"unfolded"`    // there was nothing to fold: it is of no entity, or a copy of one
	Held        uint64 `json:"held"`
	Evicted     uint64 `json:"evicted"`              // left the window for want of memory
	Dropped     uint64 `json:"dropped"`              // let go unread, because intake could not keep up
	Unread      uint64 `json:"unread"`               // has come, and was not taken in yet
	ReadAgain   uint64 `json:"read_again,omitempty"` // besides: looked at once more, to complete entities
	Missed      uint64 `json:"missed"`               // known by sequence never to have reached this process
	Gaps        []Gap  `json:"gaps,omitempty"`       // the newest MaxGaps
	GapCount    uint64 `json:"gap_count"`
}

// MaxGaps bounds the gaps that a Ledger lists; GapCount counts all.
const MaxGaps = 100

// Gap is a stretch that was or may have been missed.
type Gap struct {
	Station string    `json:"station"`
	Since   time.Time `json:"since"`
	Until   time.Time `json:"until"`
	From    string    `json:"from,omitempty"`
	To      string    `json:"to,omitempty"`
	Missed  uint64    `json:"missed,omitempty"`
	Unknown bool      `json:"unknown,omitempty"`
	Why     string    `json:"why"`
}

// count counts an event that was taken in, by what became of it.
func (l *Ledger) count(result window.Result) {
	l.Received++
	l.Held++
	if result != window.Undecodable {
		l.Decoded++
	}
	*l.of(result)++
}

// turn notes that an event which was counted led to something else, now that what came before it is known.
func (l *Ledger) turn(was, is window.Result) {
	*l.of(was)--
	*l.of(is)++
}

// of is what counts the events that led to a result.
func (l *Ledger) of(result window.Result) *uint64 {
	switch result {
	case window.Folded:
		return &l.Folded
	case window.Rejected:
		return &l.Rejected
	case window.Failed:
		return &l.Failed
	case window.Undecodable:
		return &l.Undecodable
	}
	return &l.Unfolded
}

// begin begins the account anew, as all is read again. What was lost stays lost.
func (l *Ledger) begin() {
	*l = Ledger{Received: l.Dropped, Dropped: l.Dropped, Missed: l.Missed, Gaps: l.Gaps, GapCount: l.GapCount}
}

// add sums l and another station's ledger. The newest gaps of both are kept, in order of time.
func (l *Ledger) add(m *Ledger) {
	l.Received += m.Received
	l.Decoded += m.Decoded
	l.Undecodable += m.Undecodable
	l.Folded += m.Folded
	l.Rejected += m.Rejected
	l.Failed += m.Failed
	l.Unfolded += m.Unfolded
	l.Held += m.Held
	l.Evicted += m.Evicted
	l.Dropped += m.Dropped
	l.Unread += m.Unread
	l.ReadAgain += m.ReadAgain
	l.Missed += m.Missed
	l.GapCount += m.GapCount
	if len(m.Gaps) == 0 {
		return
	}
	gaps := slices.Concat(l.Gaps, m.Gaps)
	slices.SortStableFunc(gaps, func(a, b Gap) int { return a.Until.Compare(b.Until) })
	l.Gaps = gaps[max(0, len(gaps)-MaxGaps):]
}

package sources

import (
	"slices"
	"time"
)

// Ledger is the honest account of one station, or of all. At every moment
//
//	Received = Held + Evicted + Dropped
//
// where Received counts every message that reached this process. Missed is what did not.
type Ledger struct {
	Received    uint64 `json:"received"`
	Decoded     uint64 `json:"decoded"`     // understood: has a type or an entity
	Undecodable uint64 `json:"undecodable"` // held, but nothing could be said of it
	Folded      uint64 `json:"folded"`      // accepted by a fold
	Rejected    uint64 `json:"rejected"`    // refused by a fold's rules
	Failed      uint64 `json:"failed"`      // the fold could not be computed
	Held        uint64 `json:"held"`
	Evicted     uint64 `json:"evicted"`        // left the window for want of memory
	Dropped     uint64 `json:"dropped"`        // let go unread, because intake could not keep up
	Missed      uint64 `json:"missed"`         // known by sequence never to have reached this process
	Gaps        []Gap  `json:"gaps,omitempty"` // the newest MaxGaps
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

// add sums l and another station's ledger. The newest gaps of both are kept, in order of time.
func (l *Ledger) add(m *Ledger) {
	l.Received += m.Received
	l.Decoded += m.Decoded
	l.Undecodable += m.Undecodable
	l.Folded += m.Folded
	l.Rejected += m.Rejected
	l.Failed += m.Failed
	l.Held += m.Held
	l.Evicted += m.Evicted
	l.Dropped += m.Dropped
	l.Missed += m.Missed
	l.GapCount += m.GapCount
	if len(m.Gaps) == 0 {
		return
	}
	gaps := slices.Concat(l.Gaps, m.Gaps)
	slices.SortStableFunc(gaps, func(a, b Gap) int { return a.Until.Compare(b.Until) })
	l.Gaps = gaps[max(0, len(gaps)-MaxGaps):]
}

package entities

import (
	"math"

	"signalbox/sources/state"
)

// Amend makes s the state of an entity all of whose known events were folded anew: of which so many were refused, and the first
// of which was at a time. The entity stands in lists where it stood.
func (t *Table) Amend(slot uint32, s *state.State, rejected uint32, first int64) {
	t.changes(slot)
	t.DropState(slot)
	r := t.At(slot)
	r.flags &^= isGone | isMissed | isDropped
	t.setPartial(r, s.Partial)
	if s.Partial && s.Missed {
		r.flags |= isMissed
	}
	k := t.kinds[r.kind-1]
	k.Rejected += uint64(rejected) - uint64(r.rejected)
	r.rejected, r.Version = rejected, uint32(min(s.Version, math.MaxUint32))
	if first < r.first {
		r.first = first
	}
	if now := k.statusAfter(r.status, s.Get(0).String()); now != r.status {
		k.move(r.status, now)
		r.status = now
	}
	t.encode(slot, r, s)
	t.dropUntil(func() bool { return t.held() <= t.limit })
	if t.tally != nil {
		t.tally.begin(t.kinds)
	}
}

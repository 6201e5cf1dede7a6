package streams

import (
	"time"

	"signalbox/bus"
)

// checkEvery is how often a stream that flows is checked.
const checkEvery = time.Second

// audit compares what was read of a stream with what the server says was added to it: else entries that were trimmed or
// deleted before they were read would go unseen. It begins anew with each check that tells how many were added.
type audit struct {
	known   bool         // added is right
	present bool         // the stream existed at the last check
	added   int64        // entries that the server had added up to the position at the last check
	read    int64        // entries that were read since
	at      bus.Position // the position at the last check
	newest  bus.Position // the newest ID that is known to have existed
	when    time.Time
	rest    time.Duration // at least so long between two checks: their answers are large
}

// count counts an entry that was read.
func (a *audit) count(at bus.Position) { a.newest, a.read, a.present = at, a.read+1, true }

// postpone waits with the next check.
func (a *audit) postpone() { a.when = time.Now() }

// pending tells whether anything was read since the last check.
func (a *audit) pending() bool { return a.read > 0 }

func (a *audit) due() bool { return a.pending() && time.Since(a.when) > max(checkEvery, a.rest) }

// begin is called before anything is read; info is nil when the stream does not exist yet.
func (a *audit) begin(info *Info, at bus.Position) {
	a.known, a.when = true, time.Now()
	if info != nil {
		a.restart(info, at)
	}
}

// restart counts from a position on, where the server tells how many entries were added before it.
func (a *audit) restart(info *Info, at bus.Position) {
	first, last := info.First, info.Generated
	a.present, a.read, a.at, a.newest, a.when, a.rest = true, 0, at, last, time.Now(), info.Rest()
	switch {
	case info.Added == 0 && info.Length > 0: // before Redis 7
		a.known = false
	case info.Length == 0 || !at.Less(last):
		a.known, a.added = true, info.Added
	case at.Less(first):
		a.known, a.added = true, info.Added-info.Length
	default:
		a.known = false
	}
}

// missed is how many entries the server has added up to a position, or up to the first one it still has, that were not
// read; false where that cannot be told.
func (a *audit) missed(info *Info, at bus.Position) (int64, bool) {
	first, last := info.First, info.Generated
	switch {
	case info.Length == 0 || !at.Less(last):
		return info.Added - a.added - a.read, a.known
	case at.Less(first):
		return info.Added - info.Length - a.added - a.read, a.known
	}
	return 0, false
}

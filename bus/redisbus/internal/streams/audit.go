package streams

import (
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
)

// How often a stream is checked: after every answer while it lags or few streams flow, else not more often than this for each
// stream that flows; when nothing comes, as often as this.
const (
	checkAlways    = 8
	checkPerStream = 250 * time.Microsecond
	idleCheck      = 2 * time.Second
	idlePerStream  = 5 * time.Millisecond
)

// aheadFor is how long deleted entries wait to be told where it is not known how many there are: a stream that is read to its
// end tells.
const aheadFor = 500 * time.Millisecond

// audit compares what was read of a stream with what the server says was added to it: else entries that were trimmed or
// deleted before they were read would go unseen.
type audit struct {
	known   bool         // passed is right
	present bool         // the stream existed at the last check
	passed  int64        // entries that the server had added up to the position where reading goes on: they were read, or told as missed
	settled bus.Position // up to here everything is accounted for
	then    time.Time    // when that was known
	deleted bus.Position // the newest ID that was deleted until then: it is accounted for, wherever it was

	latest *Info        // what the last check said
	before *Info        // the same, or what was known when reading began
	direct bool         // the answer that follows the check was there already: nothing was trimmed in between
	late   bool         // an answer came since that was not
	unread bus.Position // where reading went on at the last check
	loose  struct {     // where entries may have been trimmed unseen: between answers that came later
		there    bool
		from, to bus.Position // after the one, before the other
		first    bus.Position // the first entry of those answers
	}

	oldest bus.Position // the oldest entry at the last check
	newest bus.Position // the newest ID that is known to have existed
	read   time.Time    // when the newest entry was read
	when   time.Time    // of the last check
	since  int64        // entries read since

	ahead struct { // deleted entries that were not reached: there are at least as many
		count, told int64
		from, to    bus.Position
		seen        time.Time
	}
}

// answer begins an answer with entries, whose first one is at a position; the one before it was read last.
func (a *audit) answer(before, first bus.Position) {
	if !a.direct {
		a.late = true
		if !a.loose.there {
			a.loose.there, a.loose.from, a.loose.first = true, before, first
		}
		a.loose.to = first
	}
}

// count counts an entry that was read.
func (a *audit) count(at bus.Position, now time.Time) {
	a.present, a.read = true, now
	if a.newest.Less(at) {
		a.newest = at
	}
	a.passed++
	a.since++
}

// postpone waits with the next check.
func (a *audit) postpone() { a.when, a.since = time.Now(), 0 }

// resume has the next check come at once.
func (a *audit) resume() { a.when, a.latest = time.Time{}, nil }

// due tells whether the stream is to be checked; active streams of all flow.
func (a *audit) due(now time.Time, active, all int, lags bool) bool {
	every := max(idleCheck, time.Duration(all)*idlePerStream)
	switch {
	case a.when.IsZero(), lags:
		every = 0
	case a.since > 0:
		every = time.Duration(max(active-checkAlways, 0)) * checkPerStream
	}
	if a.latest != nil {
		every = max(every, a.latest.Rest())
	}
	return now.Sub(a.when) >= every
}

// begin is called before anything is read; info is nil when the stream does not exist yet.
func (a *audit) begin(info *Info, at bus.Position, now time.Time) {
	*a = audit{known: true, when: now, then: now, settled: at, unread: at}
	if info == nil {
		return
	}
	a.note(info, a.when, at)
	a.present, a.direct, a.deleted = true, false, info.Deleted // what is read follows later
	a.passed, a.settled, a.known = info.passed(at)
}

// note notes what a check said.
func (a *audit) note(info *Info, now time.Time, next bus.Position) {
	a.latest, a.before, a.when, a.oldest, a.present = info, info, now, info.First, true
	a.since, a.unread, a.direct, a.late = 0, next, next.Less(info.Last), false
	if a.newest.Less(info.Generated) {
		a.newest = info.Generated
	}
}

// setByHand takes no entries for missed that somebody only said to have been added (XSETID). It is certain where the ID is the
// same that was given last, or where no entry can have left the stream: the first one is the same, and none behind it was deleted.
func (a *audit) setByHand(info *Info) {
	b := a.before
	if b == nil || b.Added == 0 || info.Added == 0 {
		return
	}
	more := int64(0)
	switch {
	case info.Generated == b.Generated && (info.Added > b.Added || info.First == b.First && info.Length == b.Length):
		more = info.Added - b.Added
	case b.Length > 0 && info.Length > 0 && info.First == b.First && b.Deleted.Less(b.First) && info.Deleted.Less(info.First):
		more = (info.Added - info.Length) - (b.Added - b.Length)
	}
	if more == 0 {
		return
	}
	a.passed += more
	corrected := *b
	corrected.Added += more
	a.before = &corrected
	if a.latest != nil {
		a.latest = &corrected
	}
}

// settle notes that all is accounted for.
func (a *audit) settle(passed int64, at, deleted bus.Position, now time.Time) {
	a.known, a.passed, a.settled, a.deleted, a.then = true, passed, at, deleted, now
	a.ahead.count, a.ahead.told, a.loose.there = 0, 0, false
}

// passed is how many entries the server has added up to a position, or up to the first one that it still has where that comes
// later, and the position up to which that holds; false where that cannot be told.
func (s *Info) passed(next bus.Position) (total int64, upTo bus.Position, known bool) {
	upTo = next
	switch {
	case s.Added == 0 && s.Length > 0: // before Redis 7
		return 0, upTo, false
	case s.Length == 0 || !next.Less(s.Last):
		if upTo.Less(s.Generated) {
			upTo = s.Generated
		}
		return s.Added, upTo, true
	case next.Less(s.First):
		return s.Added - s.Length, entries.Before(s.First), true
	}
	return 0, upTo, false
}

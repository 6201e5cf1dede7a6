package streams

import (
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
)

// check compares what was read with what the server says, just before it answered what follows.
func (f *feed) check(info *Info, now time.Time) {
	a := &f.audit
	if f.average < int(info.Bytes/4) {
		f.average = int(info.Bytes / 4) // two of its entries were in the answer: not too many at once
	}
	a.setByHand(info)
	if a.present && f.isAnother(info) {
		f.anew(info, now)
		return
	}
	f.compare(info, now)
	a.note(info, now, f.next)
	f.lookAhead(info, now)
	if f.target.Less(info.Last) && !f.caughtUp {
		f.target = info.Last
	}
}

// isAnother tells whether a stream cannot be the one that was read before: what only grows is less, it begins with an older entry,
// or what was its first entry is gone and was not counted as removed.
func (f *feed) isAnother(info *Info) bool {
	a := &f.audit
	if info.Generated.Less(a.newest) || info.Length > 0 && info.First.Less(a.oldest) || a.latest != nil && lessRemoved(a.latest, info) {
		return true
	}
	total, _, known := info.passed(f.next)
	if !known || !a.known {
		return false
	}
	return total < a.passed-a.ahead.told || total == a.passed && f.next.Less(a.oldest) && a.oldest.Less(info.First)
}

// lessRemoved tells whether of what was added to a stream, later on, less was removed than before, or than is gone since.
func lessRemoved(before, now *Info) bool {
	least := before.Added - before.Length
	if before.Length > 0 && (now.Length == 0 || before.First.Less(now.First)) {
		least++
	}
	return now.Added < before.Added || now.Added > 0 && now.Added-now.Length < least
}

// settle compares once more after an answer that brought all there was at the check right before it: only now it is known how many
// of a stream were read that was in the middle then. After an answer that came later some may have been deleted since.
func (f *feed) settle() {
	info, when := f.audit.latest, f.audit.when
	if info == nil || f.next != info.Last || f.audit.since == 0 || f.audit.late {
		return
	}
	if f.isAnother(info) {
		f.anew(info, when)
	} else {
		f.compare(info, when)
	}
}

// compare reports a gap where something was missed.
func (f *feed) compare(info *Info, now time.Time) {
	a := &f.audit
	total, upTo, known := info.passed(f.next)
	switch missed := total - a.passed - a.ahead.told; {
	case known && a.known && missed > 0:
		from, to, why := f.missing(info, missed, upTo)
		f.gap(bus.Gap{From: from, To: to, Missed: uint64(missed), Why: why}, now)
	case f.next.IsZero() || a.known && known: // nothing was
	case !known && f.lags() && entries.After(f.next).Less(info.First):
		f.gap(bus.Gap{From: entries.After(f.next), To: entries.Before(info.First), Unknown: true, Why: trimmed}, now)
	case known && f.next.Less(upTo):
		f.gap(bus.Gap{From: entries.After(f.next), To: upTo, Unknown: true, Why: trimmed}, now)
	}
	if known && !a.known { // what is gone by now will never be counted
		f.noteAhead(info, now)
		f.tellAhead(now)
	}
	if known {
		a.settle(total, upTo, info.Deleted, now)
	}
}

// Why entries were missed.
const (
	trimmed = "trimmed"
	deleted = "deleted"
)

// missing is where entries must lie that were missed: what is trimmed lies before the first entry there is, or between two
// answers; what is deleted, not after the newest that is.
func (f *feed) missing(info *Info, missed int64, upTo bus.Position) (from, to bus.Position, why string) {
	a := &f.audit
	from, to = f.next, upTo
	if a.loose.there {
		from = a.loose.from
		if !f.next.Less(upTo) {
			to = entries.Before(a.loose.to)
		}
	}
	if from.Less(a.settled) { // what comes before was told already, while nothing could be read
		from = a.settled
	}
	switch {
	case !a.settled.Less(info.Deleted):
		return entries.After(from), to, trimmed
	case missed == 1 && a.ahead.told == 0 && a.deleted.Less(info.Deleted) && a.unread.Less(info.Deleted) && (a.latest != nil && a.latest.Deleted == info.Deleted || f.next.Less(info.Deleted)):
		return info.Deleted, info.Deleted, deleted // it was not read, and so it is the one
	case to.Less(info.Deleted) || !f.next.Less(upTo) && !a.loose.there:
		to = info.Deleted
	}
	return entries.After(a.settled), to, deleted
}

// lookAhead looks for entries that were deleted before they were reached. How many there are is known at the end of the stream: of
// one that is not read to its end soon it is told that some are missing.
func (f *feed) lookAhead(info *Info, now time.Time) {
	a := &f.audit
	if !a.known && info.Added == 0 {
		return
	}
	f.noteAhead(info, now)
	if f.next.Less(info.Deleted) && now.Sub(a.ahead.seen) > aheadFor {
		f.tellAhead(now)
	}
}

// noteAhead notes that an entry was deleted that will not be reached.
func (f *feed) noteAhead(info *Info, now time.Time) {
	a := &f.audit
	if !f.next.Less(info.Deleted) || !a.ahead.to.Less(info.Deleted) || !a.deleted.Less(info.Deleted) {
		return
	}
	if a.ahead.count == 0 {
		a.ahead.seen, a.ahead.from = now, f.next
		if a.ahead.from.Less(a.ahead.to) {
			a.ahead.from = a.ahead.to
		}
	}
	a.ahead.count, a.ahead.to = a.ahead.count+1, info.Deleted
}

// tellAhead tells of those that were noted.
func (f *feed) tellAhead(now time.Time) {
	a := &f.audit
	if a.ahead.count == 0 {
		return
	}
	f.gap(bus.Gap{From: entries.After(a.ahead.from), To: a.ahead.to, Missed: uint64(a.ahead.count), Unknown: true, Why: deleted}, now)
	a.ahead.told, a.ahead.count = a.ahead.told+a.ahead.count, 0
}

// gap reports a gap, from the time of its first entry to that of its last.
func (f *feed) gap(g bus.Gap, now time.Time) {
	a := &f.audit
	g.Since, g.Until = entries.Time(g.From, a.then), now
	if !g.To.IsZero() {
		g.Until = entries.Time(g.To, now)
	}
	if g.Until.Before(g.Since) {
		g.Since = g.Until
	}
	f.Queue.Gap(g)
}

// gone reports that the stream is there no longer. A new one is read from its beginning.
func (f *feed) gone(how string, now time.Time) {
	if f.audit.present {
		f.replaced(nil, how, now)
	}
	f.skip = !f.next.IsZero()
	f.next, f.target = bus.Position{}, bus.Position{}
	f.audit = audit{known: true, when: now, then: now}
}

// anew goes on with a stream that is not the one that was read before, or is that in an earlier state.
func (f *feed) anew(info *Info, now time.Time) {
	a := &f.audit
	f.replaced(info, "was replaced, or went back to an earlier state", now)
	switch {
	case info.First.Less(a.oldest): // no stream grows at its beginning
		f.again.there, f.again.from, f.again.to = a.loose.there, a.loose.first, f.next // some of it may be of this one
		f.next, f.skip = bus.Position{}, true
	case info.Generated.Less(f.next):
		f.next, f.skip = info.Generated, true
	}
	read := a.read
	a.begin(info, f.next, now)
	a.read, a.direct = read, !f.skip && f.next.Less(info.Last)
	f.target = info.Last
}

// replaced reports that the stream is not the one that was read before. Of that one, those are missing for certain that the
// last check told of; of the new one, which info describes, those that it does not have any more.
func (f *feed) replaced(info *Info, how string, now time.Time) {
	a := &f.audit
	g := bus.Gap{From: entries.After(f.next), Unknown: true, Why: deleted}
	if a.loose.there {
		g.From = entries.After(a.loose.from)
		if to := entries.Before(a.loose.to); info != nil && !f.next.Less(a.newest) && !to.Less(g.From) { // else more was there behind
			g.To = to
		}
	}
	if a.known && a.latest != nil {
		g.Missed = uint64(max(a.latest.Added-a.passed-a.ahead.told, 0))
	}
	if info != nil && f.next.Less(info.First) {
		g.To = entries.Before(info.First)
		g.Missed += uint64(max(info.Added-info.Length, 0))
	}
	f.gap(g, now)
	f.session.Notify(bus.Warn, f.station, "the stream %s %s; reading goes on with what comes now", f.key, how)
}

// Package timecursor says which moment the deck shows. Nothing else in the deck knows whether it is now, a frozen view, an
// earlier time, an older version or a chosen event: panes ask the cursor for a snapshot to draw from and for numbers to
// ask the engine for.
//
// A cursor belongs to the deck's goroutine. No method waits.
package timecursor

import (
	"time"

	"signalbox/sources"
)

// Source tells the number of the newest event.
type Source interface{ Last() uint64 }

// Cursor is where the deck stands in time. The zero numbers are now: the newest event, the newest version.
type Cursor struct {
	source   Source
	newest   *sources.Snapshot
	frozen   *sources.Snapshot // taken when the view was frozen; nil when it is not
	frozenAt uint64            // the newest event at that moment
	at       uint64            // the event after which everything is shown
	moment   time.Time         // what is shown of stations and consumers is of then; zero: of that event
	place    Place             // the chosen event, which lists keep in sight
	left     uint64            // the newest event when the cursor left now
	before   Place             // the place then
	version  uint64            // the version of entity that is shown
	entity   sources.Entity
}

// Place is where one is in a list of events.
type Place struct {
	Event uint64 // 0 follows the newest that is shown
	Line  int    // that it is drawn on; -1 for none in particular
}

// New makes a cursor that stands at now.
func New(source Source, newest *sources.Snapshot) *Cursor {
	return &Cursor{source: source, newest: newest}
}

// Snapshot is what most panes draw from: the newest, which the engine made for the moment that the cursor stands at.
func (c *Cursor) Snapshot() *sources.Snapshot { return c.newest }

// Steady is what is drawn from that was at hand, to the event, when the view was frozen: it is kept as it was as long as
// nobody moves in time.
func (c *Cursor) Steady() *sources.Snapshot {
	if c.frozen != nil && !c.Earlier() {
		return c.frozen
	}
	return c.newest
}

// Renew takes a newer snapshot. A frozen view gets from it the subjects that have been unfolded since.
func (c *Cursor) Renew(newest *sources.Snapshot) {
	c.newest = newest
	if c.frozen == nil || c.frozen.View.Subjects == newest.View.Subjects {
		return
	}
	frozen := *c.frozen
	frozen.View.Subjects, frozen.Subjects = newest.View.Subjects, newest.Subjects
	c.frozen = &frozen
}

// At is the number of the event after which everything is shown; 0 is now.
func (c *Cursor) At() uint64 { return c.at }

// Moment is the time, in nanoseconds, of what is shown of stations and consumers; 0 is that of the event At.
func (c *Cursor) Moment() int64 {
	if c.moment.IsZero() {
		return 0
	}
	return c.moment.UnixNano()
}

// Event is the number of the chosen event; 0 follows the newest that is shown.
func (c *Cursor) Event() uint64 { return c.place.Event }

// Place is where one is among the events.
func (c *Cursor) Place() Place { return c.place }

// Left is the number of the newest event when the cursor left now; 0 while it stands there.
func (c *Cursor) Left() uint64 { return c.left }

// Frozen tells whether the view stands still.
func (c *Cursor) Frozen() bool { return c.frozen != nil }

// ToggleFrozen freezes the view or, when it is frozen, goes back to now.
func (c *Cursor) ToggleFrozen() {
	if c.frozen != nil {
		c.ToNow()
		return
	}
	c.leave()
	c.frozen, c.frozenAt = c.newest, c.source.Last()
	if c.at == 0 {
		c.at = c.frozenAt
	}
	c.Hold()
}

// StopAt freezes the view after an event, which becomes the chosen one.
func (c *Cursor) StopAt(event uint64) {
	c.leave()
	c.moment = time.Time{}
	c.frozen, c.frozenAt, c.at = c.newest, c.source.Last(), event
	c.Choose(event)
}

// GoTo shows everything as it was after an event, which becomes the chosen one.
func (c *Cursor) GoTo(event uint64) {
	c.leave()
	c.at, c.moment = event, time.Time{}
	c.Choose(event)
}

// GoToMoment shows everything as it was at a time, up to which an event was the newest; as it was after none where event is 0,
// which is not to be shown.
func (c *Cursor) GoToMoment(event uint64, at time.Time) {
	c.leave()
	c.at, c.moment, c.place = max(event, 1), at, Place{}
}

// leave remembers where one is at now.
func (c *Cursor) leave() {
	if c.at == 0 && c.frozen == nil {
		c.left, c.before = c.source.Last(), c.place
	}
}

// ToNow goes back to now, and to the place where one was when the cursor left it.
func (c *Cursor) ToNow() {
	if c.at != 0 || c.frozen != nil {
		c.place = c.before
	}
	c.frozen, c.at, c.moment, c.left, c.before = nil, 0, time.Time{}, 0, Place{}
}

// Step goes so many events on in time, or back. Beyond the newest it is now again. It is false when there is nowhere to
// go.
func (c *Cursor) Step(by int) bool {
	from, last := c.at, c.source.Last()
	switch {
	case last == 0 || from == 0 && by > 0 || from == 1 && by < 0:
		return false
	case from == 0:
		from = last
	}
	to := from + uint64(max(by, 0))
	if by < 0 {
		to = c.shownBefore(from, -by)
	}
	if to >= last {
		c.ToNow()
		return true
	}
	c.leave()
	c.at, c.moment, c.place = max(to, 1), time.Time{}, Place{}
	return true
}

// shownBefore steps back along the rows that are shown, as far as they are at hand, so that what a filter hides is
// stepped over.
func (c *Cursor) shownBefore(from uint64, steps int) uint64 {
	rows := c.newest.Events.Rows
	at := len(rows)
	for at > 0 && rows[at-1].Number >= from {
		at--
	}
	if at -= steps; at >= 0 && at < len(rows) {
		return rows[at].Number
	}
	return from - min(uint64(steps), from-1)
}

// Choose makes an event the chosen one.
func (c *Cursor) Choose(event uint64) { c.ChooseOn(event, -1) }

// ChooseOn makes an event the chosen one that is drawn on a line.
func (c *Cursor) ChooseOn(event uint64, line int) { c.place = Place{event, line} }

// Return goes back to a place.
func (c *Cursor) Return(to Place) { c.place = to }

// Follow chooses no event: the newest that is shown is kept in sight.
func (c *Cursor) Follow() { c.place = Place{} }

// Hold stops following: the newest event that is shown becomes the chosen one.
func (c *Cursor) Hold() {
	if rows := c.newest.Events.Rows; c.place.Event == 0 && len(rows) > 0 {
		c.Choose(rows[len(rows)-1].Number)
	}
}

// Version is the version of an entity that is shown; 0 is the newest, with which each entity begins that is shown after
// another.
func (c *Cursor) Version(of sources.Entity) uint64 {
	if of != c.entity {
		c.entity, c.version = of, 0
	}
	return c.version
}

// StepVersion shows another version of an entity, so many later; it is false when there is none.
func (c *Cursor) StepVersion(e *sources.EntityDetail, by int) bool {
	if e.Newest == 0 {
		return false
	}
	shown := c.Version(e.Entity)
	if shown == 0 {
		shown = e.Newest
	}
	to := uint64(max(int64(shown)+int64(by), int64(max(e.Missing, 1))))
	if to >= e.Newest {
		to = 0
	}
	was := c.version
	c.version = to
	return to != was
}

// ShowVersion shows a version of an entity.
func (c *Cursor) ShowVersion(of sources.Entity, version uint64) { c.entity, c.version = of, version }

// Away tells whether the cursor stands elsewhere than at now and at the newest version.
func (c *Cursor) Away() bool { return c.at != 0 || c.frozen != nil || c.version != 0 }

// Back takes one step back to now: from an earlier time or a frozen view, else from an older version.
func (c *Cursor) Back() {
	if c.at != 0 || c.frozen != nil {
		c.ToNow()
		return
	}
	c.version = 0
}

// Newer is how many events have come since the view was frozen.
func (c *Cursor) Newer() uint64 { return max(c.source.Last(), c.frozenAt) - c.frozenAt }

// Earlier tells whether the cursor was moved to an earlier time, which a frozen view alone is not.
func (c *Cursor) Earlier() bool { return c.at != 0 && (c.frozen == nil || c.at != c.frozenAt) }

// Time is the moment that the cursor stands on: when the event happened, or the time that was gone to. ok is false when that is
// not known.
func (c *Cursor) Time() (t time.Time, ok bool) {
	if !c.moment.IsZero() {
		return c.moment, true
	}
	if then := c.newest.Then; then != nil && c.newest.View.At == c.at && !then.Time.IsZero() {
		return then.Time, true
	}
	rows := c.newest.Events.Rows
	for i := len(rows) - 1; i >= 0; i-- {
		if rows[i].Number <= c.at {
			return rows[i].Time(), true
		}
	}
	return time.Time{}, false
}

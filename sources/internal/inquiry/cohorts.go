package inquiry

import (
	"time"

	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/lists"
	"signalbox/sources/internal/slots"
	"signalbox/sources/internal/store"
	"signalbox/sources/state"
)

// CohortRow is how many entities of a cohort there are now, and were.
type CohortRow struct {
	Number int
	Count  int
	Part   float64   // of the entities, how many were looked at: 1 once the count is right
	Since  time.Time // of the first of Course
	Every  time.Duration
	Course []float64 // how many there were, oldest first
}

// Cohorts counts the entities of cohorts: all are looked at once, a slice at a time, and those that events change again.
// Without cohorts it costs nothing.
type Cohorts struct {
	Fresh bool // something is to be shown

	store     *store.Store
	now       func() time.Time
	list      *lists.CohortList
	all       []*cohortCount
	changed   slots.Set
	queue     []uint32 // those of changed
	forgotten uint64   // entities that had left when all were looked at
	row       entities.Row
	state     state.State
}

// cohortCount is one cohort.
type cohortCount struct {
	lists.CohortSpec
	members slots.Set
	next    uint32 // entities from here on are to be looked at
	course  []float64
	since   time.Time
	every   int // seconds between two of course
	skipped int // seconds since the last of them
}

const (
	mostCourse    = 120 // numbers that are kept of a course; where they are more, every second one goes
	cohortsAtOnce = 64  // entities that are looked at before the time is
)

// NewCohorts counts none yet.
func NewCohorts(st *store.Store, now func() time.Time) Cohorts { return Cohorts{store: st, now: now} }

// Look turns to a list; nil is none. A cohort that was there before goes on.
func (x *Cohorts) Look(list *lists.CohortList) {
	if list == x.list {
		return
	}
	before := x.all
	x.list, x.all = list, nil
	if list == nil {
		x.Forget()
		return
	}
	for _, spec := range list.All {
		c := &cohortCount{CohortSpec: spec, every: 1}
		for _, old := range before {
			if old.CohortSpec == spec {
				c = old
			}
		}
		x.all = append(x.all, c)
	}
}

// Forget has all be looked at anew: they are others.
func (x *Cohorts) Forget() {
	x.changed, x.queue = slots.Set{}, nil
	for _, c := range x.all {
		c.members, c.next = slots.Set{}, 0
	}
}

// Any tells whether anything is counted.
func (x *Cohorts) Any() bool { return len(x.all) > 0 }

// Touch notes that an entity may have changed.
func (x *Cohorts) Touch(slot uint32) {
	if x.Any() && !x.changed.Has(slot) {
		x.changed.Put(slot, true)
		x.queue = append(x.queue, slot)
	}
}

// Work looks at entities until the time is over, and tells whether none are left.
func (x *Cohorts) Work(until time.Time) bool {
	if !x.Any() {
		return true
	}
	for n := 1; ; n++ {
		if n%cohortsAtOnce == 0 && time.Now().After(until) {
			return false
		}
		if at := len(x.queue); at > 0 {
			slot := x.queue[at-1]
			x.queue = x.queue[:at-1]
			x.changed.Put(slot, false)
			for _, c := range x.all {
				x.count(c, slot)
			}
			continue
		}
		looked := false
		for _, c := range x.all {
			if c.next < x.store.Entities.Len() {
				x.count(c, c.next)
				c.next++
				looked, x.Fresh = true, true
			}
		}
		if !looked {
			return true
		}
	}
}

// count looks whether an entity is of a cohort.
func (x *Cohorts) count(c *cohortCount, slot uint32) {
	t := x.store.Entities
	in := t.IsUsed(slot) && t.Kind(t.At(slot)).Name() == c.Kind
	if in && c.Filter != nil {
		t.FillRow(slot, &x.row, &x.state)
		in = c.Filter.Wants(&x.row)
	}
	if in != c.members.Has(slot) {
		c.members.Put(slot, in)
		x.Fresh = true
	}
}

// Tick ends a second, and tells whether anything is counted.
func (x *Cohorts) Tick() bool {
	left := x.store.Entities.Forgotten()
	for _, c := range x.all {
		if c.next < x.store.Entities.Len() {
			continue // what is not counted yet is no part of its course
		}
		c.sample(x.now())
		if left != x.forgotten || c.Filter.Ages() {
			c.next = 0
		}
	}
	x.forgotten = left
	return x.Any()
}

// sample adds how many there are to the course.
func (c *cohortCount) sample(now time.Time) {
	if c.course == nil {
		c.since = now
	}
	if c.skipped++; c.skipped < c.every && c.course != nil {
		return
	}
	c.skipped = 0
	if c.course = append(c.course, float64(c.members.Len())); len(c.course) < mostCourse {
		return
	}
	for i := range mostCourse / 2 {
		c.course[i] = c.course[2*i]
	}
	c.course, c.skipped, c.every = c.course[:mostCourse/2], c.every, 2*c.every
}

// Rows are the cohorts as they are now.
func (x *Cohorts) Rows() []CohortRow {
	rows := make([]CohortRow, len(x.all))
	for i, c := range x.all {
		rows[i] = CohortRow{Number: c.Number, Count: c.members.Len(), Part: 1, Since: c.since, Every: time.Duration(c.every) * time.Second}
		if n := x.store.Entities.Len(); c.course == nil && c.next < n {
			rows[i].Part = float64(c.next) / float64(n)
		}
		rows[i].Course = append(rows[i].Course, c.course...)
	}
	return rows
}

// Held is the memory that they take.
func (x *Cohorts) Held() int64 {
	if !x.Any() {
		return 0
	}
	const course = 16 * mostCourse
	return int64(len(x.all))*(int64(x.store.Entities.Len())/8+course) + 4*int64(cap(x.queue))
}

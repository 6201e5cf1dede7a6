package lists

import (
	"time"

	"signalbox/sources/internal/store"
	"signalbox/sources/state"
)

// focus is the entity that the state pane shows. Its detail is made anew when an event comes, but one that takes long
// to make not so often that it would take up the engine.
type focus struct {
	entity  state.Entity
	version uint64
	at      uint64

	walk    *store.Walk // under way
	stepped bool        // it is over, and its detail is to be made
	spent   time.Duration
	last    uint64 // the entity's newest event when the walk began
	flags   uint16
	detail  *store.EntityDetail
	next    time.Time // not before then
	led     time.Time // when it last turned to the first of the list
}

// focusShare is how much of the time may go into making details: one part in so many.
const focusShare = 10

// leadTime is how long the first of the list is shown at least, so that it can be read, and is not made in vain.
const leadTime = 500 * time.Millisecond

// turn makes it the focus on what a view chose.
func (f *focus) turn(v *View) {
	entity := v.Entity
	if v.leads() {
		entity = f.entity // until lead says which
	} else {
		f.led = time.Time{}
	}
	if f.entity == entity && f.version == v.Version && f.at == v.At {
		return
	}
	next := focus{entity: entity, version: v.Version, at: v.At, led: f.led}
	if f.entity == entity {
		next.detail = f.detail // until the one for the other version is made
	}
	*f = next
}

// leads tells whether a view wants the first of the list rather than a chosen entity.
func (v *View) leads() bool { return v.First && v.Entity.IsZero() }

// lead turns to the first of the list, unless that is too soon: then it is false. What was shown is shown until the detail
// of the other is made.
func (f *focus) lead(v *View, rows *EntityRows) bool {
	if !v.leads() || rows.Top > 0 {
		return true
	}
	var first state.Entity
	if len(rows.Rows) > 0 {
		first = rows.Rows[0].Entity
	}
	if first == f.entity {
		return true
	}
	now := time.Now()
	if now.Sub(f.led) < leadTime && !f.entity.IsZero() {
		return false
	}
	*f = focus{entity: first, version: v.Version, at: v.At, detail: f.detail, led: now}
	return true
}

// step goes on with a walk that is under way, between two snapshots, and tells whether there is no more of it.
func (f *focus) step(until time.Time) bool {
	if f.walk == nil || f.stepped {
		return true
	}
	began := time.Now()
	for !f.stepped && time.Now().Before(until) {
		f.stepped = f.walk.Step(stepAtOnce)
	}
	f.spent += time.Since(began)
	return false
}

// stepAtOnce is how many events are gone back through before the time is looked at.
const stepAtOnce = 250

// refresh goes on with making the detail, and tells whether it is what it should be.
func (f *focus) refresh(st *store.Store, most int) bool {
	if f.entity.IsZero() {
		f.detail = nil
		return true
	}
	if f.walk == nil {
		slot, ok := st.Entities.ByName(f.entity)
		if !ok {
			f.detail = nil
			return true
		}
		r := st.Entities.At(slot)
		flags := r.Marks()
		if f.detail != nil && r.Last == f.last && flags == f.flags {
			return true
		}
		if time.Now().Before(f.next) {
			return false
		}
		began := time.Now()
		f.walk, f.last, f.flags = st.Walk(slot, f.version, f.at, false), r.Last, flags
		f.spent, f.stepped = time.Since(began), false
	}
	began := time.Now()
	done := f.walk.Step(most)
	if done {
		f.detail, f.walk = f.walk.Detail(), nil
	}
	f.spent += time.Since(began)
	if done {
		f.next = time.Now().Add(focusShare * f.spent)
	}
	return done
}

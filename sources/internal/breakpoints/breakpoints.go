// Package breakpoints counts the events that make something true, as they are taken in.
//
// A Table is for one goroutine. Nothing in it blocks, and it allocates nothing for an event.
package breakpoints

import (
	"slices"
	"time"

	"signalbox/sources/internal/event"
	"signalbox/sources/internal/slots"
	"signalbox/sources/state"
)

// Breakpoint is something that events may make true. It is hit by an event after which it holds and before which, of the same
// entity, it did not; an event of no entity hits it whenever it holds.
type Breakpoint struct {
	Number int    // tells it from others
	Kind   string // of entities; "" is all events
	Text   string // what people typed
	When   *event.Filter[event.Event]
	Off    bool // it is not looked at
}

// List is breakpoints that do not change: another list is another pointer.
type List struct{ All []Breakpoint }

// Row is a breakpoint with what hit it.
type Row struct {
	Breakpoint
	Hits   uint64
	Events []Hit // the newest events that hit it, at most MaxEvents, oldest first
}

// Hit is an event that hit a breakpoint. Of one that is held no more only the number is known.
type Hit struct {
	Number uint64
	Time   time.Time
	Type   string
	Entity state.Entity
}

// MaxEvents bounds the events that a Row names.
const MaxEvents = 64

// Table is the breakpoints that are looked at. Before tells of what they were not asked about when it came: whether
// something held after the event before this one, of the same entity, which came before the number since; nil says no.
type Table struct {
	Before   func(e *event.Event, since uint64, when *event.Filter[event.Event]) bool
	list     *List
	points   []*point
	doubtful []*point // that the event in hand hits unless they held before they were asked
	on       int
}

// Change is what an event did to its entity.
type Change struct {
	Slot     uint32 // of the entity
	First    bool   // no event of the entity was looked at before it
	Previous uint64 // the number of the entity's event before it
	Doubtful bool   // what can be told of the state may be another although its fields are the same
	Fields   uint64 // the fields that are another: a bit for each slot, modulo 64
}

// point is a breakpoint with what is known of it.
type point struct {
	Breakpoint
	hits   uint64
	since  uint64            // the number of the first event that it was asked about
	events [MaxEvents]uint64 // by hits, modulo its length
	told   []Hit             // what Rows said of them
	toldOf uint64            // when there were so many hits
	held   slots.Set         // entities of which it held after their newest event
	asks   asked
}

// asked is which fields of the states of a kind a breakpoint asks for, and for nothing else.
type asked struct {
	kind   *state.Kind
	known  int    // the fields that the kind had
	fields uint64 // as in Change
	alone  bool   // it asks for nothing else
	of     bool   // it is about entities of the kind
}

// Set makes a list the breakpoints from the event with a number on; nil is none. One with a number that was there before
// keeps its hits.
func (t *Table) Set(list *List, next uint64) {
	if t.list == list {
		return
	}
	before := t.points
	t.list, t.points, t.on = list, nil, 0
	if list == nil {
		return
	}
	for _, b := range list.All {
		p := &point{since: next}
		if i := slices.IndexFunc(before, func(p *point) bool { return p.Number == b.Number }); i >= 0 {
			p = before[i]
			if p.Off && !b.Off {
				p.held, p.since = slots.Set{}, next // what happened meanwhile was not looked at
			}
		}
		p.Breakpoint = b
		t.points = append(t.points, p)
		if !b.Off {
			t.on++
		}
	}
}

// Any tells whether events are to be looked at.
func (t *Table) Any() bool { return t.on > 0 }

// Look looks at an event that has just been folded, and at what it changed where it has an entity. It tells whether it hit a
// breakpoint; Confirm tells it of the others.
func (t *Table) Look(e *event.Event, c *Change) (hit bool) {
	t.doubtful = t.doubtful[:0]
	for _, p := range t.points {
		if p.Off {
			continue
		}
		if e.Kind == nil {
			if p.Kind == "" && p.When.Wants(e) {
				hit = p.hit(e.Number)
			}
			continue
		}
		if e.Kind != p.asks.kind || e.Kind.Len() != p.asks.known {
			p.meet(e.Kind)
		}
		asked := !c.First && c.Previous >= p.since // about the event before
		if !p.asks.of || asked && p.asks.alone && !c.Doubtful && c.Fields&p.asks.fields == 0 {
			continue
		}
		holds, held := p.When.Wants(e), p.held.Has(c.Slot)
		if holds != held {
			p.held.Put(c.Slot, holds)
		}
		switch {
		case !holds || held && !c.First:
		case c.First || c.Previous >= p.since:
			hit = p.hit(e.Number)
		default:
			t.doubtful = append(t.doubtful, p)
		}
	}
	return hit
}

// Confirm tells whether the event that was looked at last, and is held by now, hit one of the breakpoints that were not asked
// about the entity's event before it.
func (t *Table) Confirm(e *event.Event) (hit bool) {
	for _, p := range t.doubtful {
		if t.Before == nil || !t.Before(e, p.since, p.When) {
			hit = p.hit(e.Number)
		}
	}
	t.doubtful = t.doubtful[:0]
	return hit
}

// meet finds out which fields of a kind are asked for.
func (p *point) meet(k *state.Kind) {
	fields, alone := p.When.Slots(k)
	p.asks = asked{kind: k, known: k.Len(), fields: fields, alone: alone, of: p.Kind == "" || p.Kind == k.Name()}
}

func (p *point) hit(number uint64) bool {
	p.events[p.hits%MaxEvents] = number
	p.hits++
	return true
}

// Hits are the numbers among some, in their order, of events that hit a breakpoint, as far as rows name them.
func (t *Table) Hits(among func(yield func(uint64) bool)) []uint64 {
	var hits []uint64
	for number := range among {
		if slices.ContainsFunc(t.points, func(p *point) bool { return slices.Contains(p.events[:min(p.hits, MaxEvents)], number) }) {
			hits = append(hits, number)
		}
	}
	return hits
}

// Forget forgets which entities there are; hits stay.
func (t *Table) Forget() {
	for _, p := range t.points {
		p.held = slots.Set{}
	}
}

// Renew has breakpoints asked about entities of other slots, and other kinds, from the event with a number on; hits stay.
func (t *Table) Renew(next uint64) {
	for _, p := range t.points {
		p.held, p.since, p.asks = slots.Set{}, next, asked{}
	}
	t.doubtful = nil
}

// Rows are the breakpoints with what hit them, in the order of the list. What is known of an event is asked once.
func (t *Table) Rows(describe func(number uint64) Hit) []Row {
	if len(t.points) == 0 {
		return nil
	}
	rows := make([]Row, len(t.points))
	for i, p := range t.points {
		if p.toldOf != p.hits {
			p.tell(describe)
		}
		rows[i] = Row{Breakpoint: p.Breakpoint, Hits: p.hits, Events: p.told}
	}
	return rows
}

// tell describes the newest events that hit it: those that were described before stay as they were.
func (p *point) tell(describe func(number uint64) Hit) {
	fresh := min(p.hits-p.toldOf, MaxEvents)
	told := slices.Clone(p.told[max(0, len(p.told)+int(fresh)-MaxEvents):])
	for n := p.hits - fresh; n < p.hits; n++ {
		told = append(told, describe(p.events[n%MaxEvents]))
	}
	p.told, p.toldOf = told, p.hits
}

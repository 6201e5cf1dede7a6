package flow

import (
	"cmp"
	"slices"
	"time"
)

// Round goes through all entities, a part at a time, and finds those that wait longer than usual, and of how many it is not
// known where they stand.
type Round struct {
	table    *Table
	now      int64
	usual    []int64 // by box; 0 where nothing is
	next     uint32
	over     bool
	waiting  []Waiting // unordered while they are few
	waits    uint64
	entities uint64
	unknown  uint64
}

// NewRound begins a round at a moment.
func (t *Table) NewRound(now int64) *Round {
	r := &Round{table: t, now: now}
	for _, b := range t.boxes {
		r.usual = append(r.usual, int64(t.usual(b)))
	}
	return r
}

// Step looks at up to so many slots of all there are, and tells whether the round is over. Counts tells whether a slot holds an
// entity that counts.
func (r *Round) Step(most int, slots uint32, counts func(slot uint32) bool) bool {
	for ; most > 0 && r.next < slots; most-- {
		if slot := r.next; counts(slot) {
			r.look(slot)
		}
		r.next++
	}
	r.over = r.next >= slots
	return r.over
}

func (r *Round) look(slot uint32) {
	r.entities++
	p, known := r.table.places.known(slot)
	if !known {
		r.unknown++
		return
	}
	if int(p.box) >= len(r.usual) || r.usual[p.box] == 0 || r.now-p.since <= r.usual[p.box] {
		return
	}
	r.waits++
	if len(r.waiting) == 2*MostWaiting {
		r.trim()
	}
	r.waiting = append(r.waiting, Waiting{Slot: slot, Box: int(p.box), Since: time.Unix(0, p.since)})
}

// trim keeps those that wait longest.
func (r *Round) trim() {
	slices.SortFunc(r.waiting, func(a, b Waiting) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Slot, b.Slot)) })
	r.waiting = r.waiting[:min(len(r.waiting), MostWaiting)]
}

// Tell writes what a round that is over has found into a graph. ID is that of an entity, "" where it has left or gone on.
func (r *Round) Tell(g *Graph, id func(slot uint32) string) {
	r.trim()
	g.Waits = r.waits
	for _, w := range r.waiting {
		if p, known := r.table.places.known(w.Slot); !known || int(p.box) != w.Box || p.since != w.Since.UnixNano() {
			g.Waits--
			continue
		}
		if w.ID = id(w.Slot); w.ID != "" {
			g.Waiting = append(g.Waiting, w)
		}
	}
}

// Entities are those that the round has counted, and those of them of which it is not known where they stand.
func (r *Round) Entities() (all, unknown uint64) { return r.entities, r.unknown }

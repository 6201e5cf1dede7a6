package inquiry

import (
	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/store"
	"signalbox/sources/state"
)

// Differences are the entities that came out different when all was folded anew.
type Differences struct {
	Differ uint64      // how many
	Found  []Different // of them, at most MaxDifferent
	Untold uint64      // entities whose state cannot be told by the other rules: events of them are held no more
}

// Different is an entity that came out different.
type Different struct {
	state.Entity
	Gone, New             bool // it is there no more, or was not before
	WasVersion, Version   uint64
	WasRejected, Rejected uint64
	Changes               []state.FieldChange
}

// MaxDifferent bounds Differences.Found.
const MaxDifferent = 1000

// Comparison finds the entities that came out different, as they were when what was folded anew took the place of what was.
type Comparison struct {
	was    *entities.Table
	store  *store.Store
	others func(kind string) bool
	at     uint64 // the newest event then
	next   uint32 // of those that were
	fresh  uint32 // of those that are
	before entities.Row
	after  entities.Row
	states [2]state.State
}

// NewComparison begins with the table that was. Others tells for which kinds the rules are others.
func NewComparison(was *entities.Table, st *store.Store, others func(kind string) bool) *Comparison {
	return &Comparison{was: was, store: st, others: others, at: st.Window.Next() - 1}
}

// Held is the memory that what was takes until all is compared.
func (c *Comparison) Held() int64 { return c.was.Held() }

// Part is how much was compared, from 0 to 1.
func (c *Comparison) Part() float64 {
	all := float64(c.was.Len()) + float64(c.store.Entities.Len())
	if all == 0 {
		return 1
	}
	return float64(c.next+c.fresh) / all
}

// Step compares so many, and tells whether all were.
func (c *Comparison) Step(most int, out *Differences) bool {
	for ; most > 0 && c.next < c.was.Len(); most-- {
		if slot := c.next; c.was.IsUsed(slot) {
			c.one(slot, out)
		}
		c.next++
	}
	for t := c.store.Entities; most > 0 && c.fresh < t.Len(); most-- {
		if slot := c.fresh; t.IsUsed(slot) && t.At(slot).Born <= c.at {
			if r := t.At(slot); !c.known(t.Kind(r).Name(), t.ID(r)) {
				out.add(Different{Entity: t.EntityAt(slot), New: true, Version: uint64(r.Version), Rejected: t.Rejected(r)})
			}
		}
		c.fresh++
	}
	return c.next >= c.was.Len() && c.fresh >= c.store.Entities.Len()
}

func (c *Comparison) known(kind, id string) bool {
	_, ok := c.was.ByName(state.Entity{Kind: kind, ID: id})
	return ok
}

// one compares one entity with what it was.
func (c *Comparison) one(slot uint32, out *Differences) {
	r := c.was.At(slot)
	kind := c.was.Kind(r)
	now, ok := c.store.Entities.ByName(state.Entity{Kind: kind.Name(), ID: c.was.ID(r)})
	switch {
	case !ok:
		if first := c.store.Window.First(); r.Last < first {
			out.Untold++
			return
		}
		out.add(Different{Entity: c.was.EntityAt(slot), Gone: true, WasVersion: uint64(r.Version), WasRejected: c.was.Rejected(r)})
		return
	case r.Gone() || c.store.Entities.At(now).Gone() || c.other(now, kind.Name()):
		if !r.Gone() {
			out.Untold++
		}
		return
	}
	c.was.FillRow(slot, &c.before, &c.states[0])
	if c.store.Entities.At(now).Last <= c.at {
		c.store.Entities.FillRow(now, &c.after, &c.states[1])
	} else {
		w := c.store.Walk(now, 0, c.at, true)
		w.Finish()
		c.after = w.Row()
	}
	if c.before.Version == c.after.Version && c.before.Rejected == c.after.Rejected && c.before.Status == c.after.Status && sameFields(c.before.Fields, c.after.Fields) {
		return
	}
	d := Different{
		Entity: c.was.EntityAt(slot), WasVersion: c.before.Version, Version: c.after.Version,
		WasRejected: c.before.Rejected, Rejected: c.after.Rejected,
	}
	if len(out.Found) < MaxDifferent {
		d.Changes = fieldChanges(&c.before, &c.after)
	}
	out.add(d)
}

// other tells whether an entity was given up since its events have left and its rules are others.
func (c *Comparison) other(slot uint32, kind string) bool {
	r := c.store.Entities.At(slot)
	return r.Lack() == entities.Dropped && c.others(kind)
}

func (o *Differences) add(d Different) {
	if o.Differ++; len(o.Found) < MaxDifferent {
		o.Found = append(o.Found, d)
	}
}

// sameFields tells whether two states are the same: of fields in whatever order.
func sameFields(a, b []state.Field) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name == b[i].Name {
			if !a[i].Value.Equal(b[i].Value) {
				return false
			}
			continue
		}
		v, ok := fieldOf(b, a[i].Name)
		if !ok || !v.Equal(a[i].Value) {
			return false
		}
	}
	return true
}

func fieldOf(fields []state.Field, name string) (state.Value, bool) {
	for i := range fields {
		if fields[i].Name == name {
			return fields[i].Value, true
		}
	}
	return state.Value{}, false
}

// fieldChanges are what is another, in memory of its own.
func fieldChanges(before, after *entities.Row) []state.FieldChange {
	var out []state.FieldChange
	add := func(name string, was, is state.Value) {
		entries := entities.Glimpse
		if !was.Equal(is) {
			out = append(out, state.FieldChange{Name: name, Was: was.Part(&entries), Is: is.Part(&entries)})
		}
	}
	if before.Status != after.Status {
		add(state.StatusField, textOrNone(before.Status), textOrNone(after.Status))
	}
	for _, f := range before.Fields {
		is, _ := fieldOf(after.Fields, f.Name)
		add(f.Name, f.Value, is)
	}
	for _, f := range after.Fields {
		if _, there := fieldOf(before.Fields, f.Name); !there {
			add(f.Name, state.Value{}, f.Value)
		}
	}
	return out
}

func textOrNone(s string) state.Value {
	if s == "" {
		return state.Value{}
	}
	return state.TextValue(s)
}

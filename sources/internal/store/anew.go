package store

import (
	"slices"
	"strings"

	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/packed"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// Kinds is what Domains can tell that know kinds of entities by their names.
type Kinds interface {
	// Kind finds a kind, or makes it.
	Kind(name string) *state.Kind
}

// Anew folds what a store holds anew, by other domains, into a store of its own, which shares the messages. What is taken into
// the one meanwhile is to be told to the other, too: once all is told, Take has it take the place of the first.
//
// Entities of which events have left are carried over first: with the state that they had before the first event that is told,
// where their rules are the same, else without one.
type Anew struct {
	Store *Store // what is told so far; its Look may be set
	of    *Store
	other func(kind string) bool // the rules for a kind are others
	kinds Kinds
	first uint64 // the event that is told first; those before it are not
	since int64  // its time
	left  []uint32
	walk  *Walk  // back through the entity in hand
	names uint32 // the next name to be carried over
	ready bool
	event event.Event
	next  int // in of.unseen
}

// Anew begins to fold anew what is held from an event on, or from a little before it.
func (st *Store) Anew(domains event.Domains, table *entities.Table, from uint64, other func(kind string) bool) *Anew {
	a := &Anew{Store: New(domains, st.Head, table), of: st, other: other}
	a.kinds, _ = domains.(Kinds)
	n := a.Store
	n.State, n.States, n.Tell, n.Window = st.State, st.States, st.Tell, st.Window.Anew(from)
	a.first = n.Window.Next()
	a.addPlaces()
	a.event.Past = n.Past()
	if a.first > 1 && st.Window.Has(a.first) {
		a.since = st.Window.Get(a.first).Time()
		for slot := st.Entities.Oldest(); slot != 0; slot = st.Entities.Newer(slot - 1) {
			if st.Entities.At(slot-1).Born < a.first {
				a.left = append(a.left, slot-1)
			}
		}
	} else {
		a.names = st.Entities.Names()
	}
	slices.Reverse(a.left)
	n.earlier = a.earlier
	return a
}

// addPlaces gives the other store its own places, of which it is known step by step what was not seen there.
func (a *Anew) addPlaces() {
	for _, p := range a.of.Places[len(a.Store.Places):] {
		own := *p
		own.Since = 0
		a.Store.Places = append(a.Store.Places, &own)
	}
}

// Part is how much was told, from 0 to 1.
func (a *Anew) Part() float64 {
	w := a.of.Window
	if a.first >= w.Next() {
		return 1
	}
	return float64(a.Store.Window.Next()-a.first) / float64(w.Next()-a.first)
}

// First is the number of the event that was told first.
func (a *Anew) First() uint64 { return a.first }

// Told tells whether all events that are held were told.
func (a *Anew) Told() bool { return a.ready && a.Store.Window.Next() == a.of.Window.Next() }

// Step carries entities over, or tells events, at most so many. After each event done is called with what it leads to now, and
// led to before.
func (a *Anew) Step(most int, done func(ev *event.Event, is, was window.Result)) {
	a.addPlaces()
	for ; most > 0 && !a.ready; most-- {
		a.carryOne()
	}
	for w := a.Store.Window; most > 0 && w.Next() < a.of.Window.Next(); most-- {
		number := w.Next()
		was := a.of.Window.Get(number).Result()
		for ; a.next < len(a.of.unseen) && a.of.unseen[a.next].number <= number; a.next++ {
			u := a.of.unseen[a.next]
			a.Store.Unseen(a.Store.Places[u.place], u.before)
		}
		done(&a.event, a.tell(number), was)
	}
}

// tell folds one event anew.
func (a *Anew) tell(number uint64) window.Result {
	ev, held := &a.event, a.of.Window.Get(number)
	a.of.Read(number, held, ev)
	place := a.Store.Places[held.Station()]
	whole := ev.Size <= len(ev.Data) || len(ev.Data) < a.of.Head
	was := ev.Understood
	kind := ev.Kind
	ev.Understood, ev.Outcome = event.Understood{}, event.Outcome{}
	a.Store.Entities.Event(number)
	if whole {
		a.Store.understand(ev)
		return a.Store.take(ev, nil, place, 0)
	}
	ev.Type, ev.ID, ev.Correlation, ev.Copy = was.Type, was.ID, was.Correlation, was.Copy
	ev.Problem = "its payload is too large to be held whole, and so it was not folded anew"
	if kind != nil && a.kinds != nil {
		ev.Kind = a.kinds.Kind(kind.Name())
	}
	result := a.Store.take(ev, nil, place, 0)
	if a.Store.last.known {
		a.Store.Entities.Miss(a.Store.Entities.At(a.Store.last.slot))
	}
	return result
}

// earlier tells whether an entity that is not known yet may have had events that are not told.
func (a *Anew) earlier(k *state.Kind, id string) bool {
	if a.first <= 1 {
		return false
	}
	if slot, ok := a.of.Entities.ByName(state.Entity{Kind: k.Name(), ID: id}); ok {
		r := a.of.Entities.At(slot)
		return r.Born < a.first || r.Partial()
	}
	return minted(id) < a.since
}

// carryOne carries over one entity of which events are not told, or one name.
func (a *Anew) carryOne() {
	old := a.of.Entities
	if n := len(a.left); n > 0 {
		if slot := a.left[n-1]; !old.IsUsed(slot) || old.At(slot).Born >= a.first || a.kinds == nil || a.carry(slot) {
			a.left, a.walk = a.left[:n-1], nil
		}
		return
	}
	if a.names < old.Names() {
		text, slot, ok := old.NameAt(a.names)
		a.names++
		if !ok || strings.HasPrefix(text, event.JoinName) {
			return
		}
		r := old.At(slot)
		if here, known := a.Store.Entities.ByName(state.Entity{Kind: old.Kind(r).Name(), ID: old.ID(r)}); known && r.Born < a.first {
			a.Store.Entities.Lead(text, here)
		}
		return
	}
	a.left, a.ready = nil, true
	if a.of.Entities.Remembers() {
		a.Store.Entities.Remember()
	}
}

// walkedAtOnce is how many events of an entity are undone for one of what Step counts.
const walkedAtOnce = 4

// carry carries an entity over as it was before the first event that is told, and tells whether it has: all events since may have
// to be undone.
func (a *Anew) carry(slot uint32) bool {
	old := a.of.Entities
	r := old.At(slot)
	k := a.kinds.Kind(old.Kind(r).Name())
	if !a.Store.Entities.Meet(k) {
		return true
	}
	if _, there := a.Store.Entities.Find(k, old.ID(r)); there {
		return true
	}
	c := entities.Carried{Last: min(r.Last, a.first-1), Touched: r.Touched}
	switch other := a.other(k.Name()); {
	case r.Last < a.first:
		if c.Version, c.Rejected = uint64(r.Version), old.Rejected(r); !other && !r.Gone() {
			c.Known, c.Values = true, old.CopyState(slot)
		}
	case other: // how many events it accepted before is not known
		c.Touched = r.First()
	default:
		if a.walk == nil {
			a.walk = a.of.Walk(slot, 0, a.first-1, true)
		}
		if !a.walk.Step(walkedAtOnce) {
			return false
		}
		was := a.walk.Row()
		c.Version, c.Rejected, c.Touched = was.Version, was.Rejected, was.Touched.UnixNano()
		c.Known, c.Values = a.walk.known, a.walk.values
	}
	c.Fields = make([]int, len(c.Values))
	for i := range c.Values {
		c.Fields[i] = k.Slot(old.Kind(r).Field(i))
	}
	a.Store.Entities.Carry(k, packed.Clone(old.ID(r)), old, slot, &c)
	return true
}

// Take has what was told take the place of what was known in the store that was begun with, and returns what that knew of entities.
// Whoever remembers states of it by Past makes another one.
func (a *Anew) Take() (was *entities.Table) {
	st, n := a.of, a.Store
	st.Window.Take()
	was = st.Entities
	st.Domains, st.Entities, st.types, st.last = n.Domains, n.Entities, n.types, n.last
	st.undo = append(st.undo[:0], n.undo...)
	st.completed, st.earlierBytes = nil, 0
	st.amended++
	if st.types.full != nil {
		st.types.full = st.tellTypes
	}
	return was
}

// Drop gives it up.
func (a *Anew) Drop() { a.of.Window.DropAnew() }

// Held is the memory that it takes beside the window.
func (a *Anew) Held() int64 { return a.Store.Entities.Held() + 4*int64(cap(a.left)) }

package store

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"signalbox/bus"
	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/packed"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// Completing folds an entity anew, with events that came before what is held, as its bus has told them. Add takes messages,
// in the order of each station; Begin and Step fold; Commit makes the result what is known of the entity. Until then nothing
// that is held changes, and it may be left at any time.
type Completing struct {
	Most  int64 // bytes of messages that are kept
	Taken int64 // bytes of those that are
	Found int   // how many they are

	store *Store
	table *entities.Table // that the slot is one of
	slot  uint32
	born  uint64
	kind  *state.Kind
	id    string
	names map[string]bool // other names of the entity that its earlier events told
	found []foundEvent
	apart []foundEvent // that belong to nothing that is known yet
	joins bool         // among what came are events that may be its own by what came before them: that cannot be told any more

	held   []uint64       // numbers of the held events, oldest first
	left   map[uint16]int // by station: of found, how many are not folded
	next   int            // in found
	at     int            // in held
	state  state.State
	events *window.Window
	after  []uint64
	amends []amend
	refuse uint64
	first  int64
}

// foundEvent is a message that the bus told.
type foundEvent struct {
	place *Place
	bus.Message
}

// amend is what a held event led to, now that what came before it is known.
type amend struct {
	number uint64
	was    window.Result
	window.Facts
}

// errEvicted says that what was to be folded again is not held any more.
var errEvicted = errors.New("its events leave the window faster than they can be folded again")

// Complete begins to complete an entity.
func (st *Store) Complete(slot uint32, most int64) *Completing {
	r := st.Entities.At(slot)
	return &Completing{
		Most: most, store: st, table: st.Entities, slot: slot, born: r.Born, kind: st.Entities.Kind(r), id: packed.Clone(st.Entities.ID(r)), names: map[string]bool{},
	}
}

// Gone tells whether the entity has left meanwhile.
func (x *Completing) Gone() bool {
	return x.store.Entities != x.table || !x.table.IsUsed(x.slot) || x.store.Entities.At(x.slot).Born != x.born
}

// Add takes a message of a station, and keeps it where it is an event of the entity. It copies what it keeps.
func (x *Completing) Add(place *Place, m *bus.Message) {
	f := foundEvent{place, *m}
	switch ours, unknown := x.ours(&f); {
	case ours:
		x.found = append(x.found, x.keep(f))
	case unknown && x.Taken < x.Most:
		x.apart = append(x.apart, x.keep(f))
	}
}

// keep copies a message.
func (x *Completing) keep(f foundEvent) foundEvent {
	f.Data, f.Subject = slices.Clone(f.Data), packed.Clone(f.Subject)
	f.Headers = slices.Clone(f.Headers)
	for i := range f.Headers {
		h := &f.Headers[i]
		h.Name, h.Value = packed.Clone(h.Name), packed.Clone(h.Value)
	}
	x.Taken += int64(bus.Weight(&f.Message))
	x.Found++
	return f
}

// understood is a message that the bus told as an event.
func (x *Completing) understood(f *foundEvent) *event.Event {
	ev := &event.Event{Received: event.Received{
		UnixNano: f.UnixNano, Bus: f.place.Bus, Station: f.place.Name, Source: f.place.Kind, Traits: f.place.Traits, Subject: f.Subject,
		Position: f.Position, Headers: f.Headers, Data: f.Data, Size: max(f.Size, len(f.Data)),
	}}
	x.store.understand(ev)
	return ev
}

// ours tells whether a message is an event of the entity, and whether that may turn out later.
func (x *Completing) ours(f *foundEvent) (ours, unknown bool) {
	ev := x.understood(f)
	if ev.Kind == nil {
		return false, false
	}
	if names := len(ev.Names); ev.ID == "" {
		if ev.Unjoin(); len(ev.Names) < names && len(ev.Names) == 0 && ev.AloneID == "" {
			x.joins = x.joins || ev.Kind == x.kind
			return false, false
		}
		for _, name := range ev.Names {
			slot, known := x.store.Entities.LedTo(name)
			switch {
			case x.names[name] || known && slot == x.slot:
				return true, false
			case known:
				return false, false
			}
		}
		if ev.AloneID == "" {
			return false, len(ev.Names) > 0
		}
		ev.Kind, ev.ID = ev.AloneKind, ev.AloneID
	}
	if ev.Kind != x.kind || trimText(ev.ID, entities.MostID) != x.id {
		return false, false
	}
	ev.Unjoin()
	for _, name := range ev.Names {
		x.names[packed.Clone(name)] = true
	}
	return true, false
}

// Begin begins to fold what was added, but for what is held: held tells from which position on that is, of a station. whole says
// that nothing that came before is missing. It may be called again when more was added.
func (x *Completing) Begin(whole bool, held func(*Place) (bus.Position, bool)) {
	for again := true; again; {
		again = false
		x.apart = slices.DeleteFunc(x.apart, func(f foundEvent) bool {
			ours, unknown := x.ours(&f)
			if ours {
				x.found, again = append(x.found, f), true
			}
			return !unknown
		})
	}
	x.found = slices.DeleteFunc(x.found, func(f foundEvent) bool {
		from, some := held(f.place)
		return some && from.Partition == f.Position.Partition && !f.Position.Less(from)
	})
	slices.SortStableFunc(x.found, func(a, b foundEvent) int {
		switch {
		case a.place == b.place && a.Position.Less(b.Position):
			return -1
		case a.place == b.place:
			return 1
		case a.UnixNano < b.UnixNano:
			return -1
		case a.UnixNano > b.UnixNano:
			return 1
		}
		return 0
	})
	x.Found = len(x.found)
	x.held, x.left, x.next, x.at, x.after, x.amends, x.refuse, x.first = nil, map[uint16]int{}, 0, 0, nil, nil, 0, math.MaxInt64
	for i := range x.found {
		x.left[x.found[i].place.Index]++
	}
	for c := x.store.Chain(x.slot); ; c.Back() {
		number, _, ok := c.Here()
		if !ok {
			break
		}
		if !IsEarlier(number) {
			x.held = append(x.held, number)
		}
	}
	slices.Reverse(x.held)
	x.state = state.State{Kind: x.kind, Most: x.store.State, Partial: !whole || x.joins}
	x.events = window.New(window.Options{
		Page: earlierPage, Limit: func() int64 { return math.MaxInt64 }, Evicted: func([]uint32) {}, Grown: func() {},
	})
}

// earlierPage is the size of the pages that earlier events lie in.
const earlierPage = 4 << 10

// Step folds up to so many events, and tells whether all were.
func (x *Completing) Step(most int) (done bool, err error) {
	for ; most > 0; most-- {
		switch {
		case x.takesFound():
			x.foldFound()
		case x.at < len(x.held):
			if err := x.foldHeld(); err != nil {
				return false, err
			}
		default:
			return !x.more(), nil
		}
	}
	return false, nil
}

// takesFound tells whether the next event is one that the bus told: it came earlier, or at the same station.
func (x *Completing) takesFound() bool {
	if x.next == len(x.found) {
		return false
	}
	if x.at == len(x.held) {
		return true
	}
	held, ok := x.store.Held(x.held[x.at])
	return ok && (x.found[x.next].UnixNano <= held.Time() || x.left[held.Station()] > 0)
}

// more finds the events that have come since.
func (x *Completing) more() bool {
	var fresh []uint64
	newest := uint64(0)
	if len(x.held) > 0 {
		newest = x.held[len(x.held)-1]
	}
	for c := x.store.Chain(x.slot); ; c.Back() {
		number, _, ok := c.Here()
		if !ok || number == newest {
			break
		}
		if !IsEarlier(number) {
			fresh = append(fresh, number)
		}
	}
	slices.Reverse(fresh)
	x.held = append(x.held, fresh...)
	return len(fresh) > 0
}

// foldFound folds an event that the bus told.
func (x *Completing) foldFound() {
	f := &x.found[x.next]
	x.next++
	x.left[f.place.Index]--
	ev := x.understood(f)
	out := x.fold(ev)
	after := uint64(0)
	if x.at > 0 {
		after = x.held[x.at-1]
	}
	x.after = append(x.after, after)
	x.first = min(x.first, ev.UnixNano)
	x.store.trim(ev)
	undo := x.store.undo
	x.store.undo = out.changes
	ev.Outcome = out.Outcome
	x.store.putIn(x.events, ev, f.place, &window.Source{}, 0, 0, out.outcome)
	x.store.undo = undo
	x.state.Commit()
}

// foldHeld folds a held event again.
func (x *Completing) foldHeld() error {
	st, number := x.store, x.held[x.at]
	x.at++
	held, ok := st.Held(number)
	if !ok {
		return errEvicted
	}
	ev := &event.Event{}
	st.Read(number, held, ev)
	x.first = min(x.first, ev.UnixNano)
	if ev.Size > len(ev.Data) && held.Folded() {
		return fmt.Errorf("only the beginning of an event of %s is held, which came at %s: it cannot be folded again", x.Entity(), ev.Time().UTC().Format("15:04:05.000"))
	}
	copied := held.Copy()
	ev.Understood, ev.Outcome = event.Understood{}, event.Outcome{}
	st.understand(ev)
	if copied {
		ev.Fold = nil
	}
	out := x.fold(ev)
	a := amend{number: number, was: held.Result()}
	a.Version, a.Status, a.Result, a.Cut = uint32(out.Version), out.status, out.result, out.cut
	a.Partial, a.Unjudged, a.Changes = x.state.Partial, out.Unjudged, out.changes
	if a.Reason = packed.Clone(out.Rejected); out.Failed != "" {
		a.Reason = packed.Clone(out.Failed)
	}
	a.Reason = trimText(a.Reason, mostText)
	x.amends = append(x.amends, a)
	x.state.Commit()
	return nil
}

// folded is what an event led to, with its changes as bytes.
type folded struct {
	event.Outcome
	outcome
	changes []byte
}

// fold folds an event into the state.
func (x *Completing) fold(ev *event.Event) (f folded) {
	st, s := x.store, &x.state
	ev.Kind, ev.ID = x.kind, x.id
	switch {
	case ev.Undecodable:
		ev.Fold, f.result = nil, window.Undecodable
	case ev.Problem != "" && ev.Fold == nil:
		f.result = window.Failed
	}
	folds := ev.Fold != nil
	f.Outcome = event.Apply(ev, s)
	f.Partial = s.Partial
	switch {
	case !folds:
	case f.Failed != "":
		f.result = window.Failed
	case f.Rejected != "":
		f.result = window.Rejected
		x.refuse++
	default:
		f.result = window.Folded
		f.changes = state.AppendChanges(nil, f.Changes)
		if f.cut = len(f.changes) > st.Head; f.cut {
			f.changes = nil
		}
		if f.Status != "" {
			f.status, _ = st.Entities.StatusAfter(st.Entities.At(x.slot), f.Status)
		}
	}
	if f.result == window.Failed && f.Failed == "" {
		f.Failed = ev.Problem
	}
	return f
}

// Commit makes what was folded what is known of the entity, once Step has said that all was. Each held event whose result is
// another is told.
func (x *Completing) Commit(since int64, changed func(place *Place, unixNano int64, was, is window.Result)) {
	st := x.store
	first := st.Window.Next()
	if len(x.held) > 0 {
		first = x.held[0]
	}
	for i := range x.amends {
		a := &x.amends[i]
		if !st.Window.Has(a.number) {
			continue
		}
		station := uint16(0)
		st.Window.Amend(a.number, func(f *window.Facts) {
			station = f.Station
			f.Version, f.Status, f.Result, f.Reason, f.Cut = a.Version, a.Status, a.Result, a.Reason, a.Cut
			f.Partial, f.Unjudged, f.Changes = a.Partial, a.Unjudged, a.Changes
		})
		if a.was != a.Result {
			changed(st.Places[station], st.Window.Get(a.number).Time(), a.was, a.Result)
		}
	}
	st.Entities.Amend(x.slot, &x.state, uint32(x.refuse), x.first)
	for name := range x.names {
		st.Entities.Lead(name, x.slot)
	}
	st.amended++
	st.last = taken{}
	st.keepEarlier(x.slot, &earlier{born: x.born, since: since, whole: !x.state.Partial, first: first, events: x.events, after: x.after})
	st.Window.Shrink()
}

// Whole tells whether nothing of the entity is missing, once all is folded.
func (x *Completing) Whole() bool { return !x.state.Partial }

// Joins tells whether some of its events may be missing because they belonged to it by what came before them.
func (x *Completing) Joins() bool { return x.joins }

// Entity names it.
func (x *Completing) Entity() state.Entity { return state.Entity{Kind: x.kind.Name(), ID: x.id} }

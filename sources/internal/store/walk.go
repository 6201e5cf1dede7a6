package store

import (
	"slices"
	"time"

	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/packed"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// Walk goes back through the events of one entity, from its newest, and undoes what they changed until the state is the
// one asked for; then on, to find who set what in it. It can be left between two steps and taken up later: what it
// holds does not change, and where the events it would come to have left meanwhile, it ends.
type Walk struct {
	store  *Store
	slot   uint32
	asked  [2]uint64 // the version and the event that were asked for
	serial uint64    // of what is held: see Store.amended
	kind   *state.Kind
	row    entities.Row // as of the newest event
	newest uint64
	values []state.Value
	known  bool // values is the state; false when that was given up or cannot be told

	version uint64 // the version asked for,
	at      uint64 // and the event after which; 0 is the newest
	brief   bool   // wanted is the state alone

	chain   Chain
	number  uint64 // of the event come to
	over    bool
	gone    int    // events that were gone through beyond those that are told as steps
	found   bool   // the newest event not to be undone was come to
	shown   uint64 // version of values
	visited int    // events since then
	touched int64
	refused uint64 // refusals undone
	cut     bool   // nothing before can explain the state
	origins []origin
	steps   []HistoryStep // newest first
	missing uint64        // versions before the oldest of them
}

// origin is where a field's value comes from.
type origin struct {
	known bool
	by    string
	at    uint64
	was   state.Value
}

// Walk begins one; version 0 is the newest, and so is at.
func (st *Store) Walk(slot uint32, version, at uint64, brief bool) *Walk {
	r := st.Entities.At(slot)
	w := &Walk{
		store: st, slot: slot, asked: [2]uint64{version, at}, serial: st.amended, chain: st.Chain(slot), kind: st.Entities.Kind(r), row: st.Entities.CopyRow(slot, entities.Glimpse), newest: uint64(r.Version),
		version: version, at: at, brief: brief, shown: uint64(r.Version), touched: r.Touched,
		known: !r.Gone(), missing: uint64(r.Version),
	}
	if !brief {
		w.origins = make([]origin, state.MaxFields)
	}
	if version == 0 {
		w.version = w.newest
	}
	if at == 0 {
		w.at = isEarlier - 1
	}
	if w.known {
		w.values = st.Entities.CopyState(slot)
	}
	return w
}

// Step visits up to so many events and tells whether the walk is over.
func (w *Walk) Step(most int) bool {
	if w.serial != w.store.amended && !w.over {
		w.again()
	}
	for ; most > 0 && !w.over; most-- {
		w.leap()
		number, held, ok := w.chain.Here()
		if !ok {
			w.over = true
			break
		}
		w.number = number
		w.visit(held)
		w.chain.Back()
		w.over = w.found && w.enough()
	}
	if w.over && !w.found && w.shown < w.newest {
		w.touched = w.row.First.UnixNano()
		if t, ok := w.store.touchedUpTo(w.slot, w.at); ok {
			w.touched = t.unixNano
		}
	}
	return w.over
}

// leap goes to the nearest state on the way that is remembered, once all steps that are to be told of were gone through, and
// remembers states on the way.
func (w *Walk) leap() {
	if w.found || !w.known || !w.brief && len(w.steps) < MaxHistory {
		return
	}
	if w.gone++; w.gone > 1 && w.gone%marksApart != 0 {
		return
	}
	way := w.store.way.of(w.store, w.slot)
	if w.gone == 1 {
		m := way.near(w.store, func(number, version uint64) bool { return w.store.later(number, w.at) || version > w.version })
		if m != nil && (w.number == 0 || w.store.later(w.number, m.number)) {
			w.chain, w.values, w.shown, w.refused = m.chain, own(m.values), m.version, w.row.Rejected-min(w.row.Rejected, m.rejected)
		}
		return
	}
	number, held, ok := w.chain.Here()
	if ok && w.gone%way.apart == 0 && held.Folded() {
		way.add(w.store, waymark{chain: w.chain, number: number, version: held.Version(), rejected: w.row.Rejected - w.refused, values: w.values})
	}
}

// again begins anew: what it has gone back through was amended meanwhile. An entity that has left is shown as it was.
func (w *Walk) again() {
	slot, ok := w.store.Entities.ByName(w.row.Entity)
	if !ok {
		w.over = true
		return
	}
	*w = *w.store.Walk(slot, w.asked[0], w.asked[1], w.brief)
}

// Finish makes all steps there are to make.
func (w *Walk) Finish() {
	for done := false; !done; {
		done = w.Step(MaxHistory)
	}
}

// enough tells whether there is nothing more to find, or not for what it would cost.
func (w *Walk) enough() bool {
	w.visited++
	return w.brief || len(w.steps) == MaxHistory && (w.cut || w.visited > mostVisits || w.explained())
}

// mostVisits bounds the events that are asked who set what in a state.
const mostVisits = 5 * MaxHistory

// visit notes one event, and undoes it when it came after what is asked for.
func (w *Walk) visit(held window.Held) {
	changes := state.ReadChanges(held.Changes())
	if !w.brief && len(w.steps) < MaxHistory && !held.Copy() {
		w.steps = append(w.steps, w.describe(held, changes))
		w.missing = held.Version()
		if held.Folded() {
			w.missing--
		}
	}
	if w.store.later(w.number, w.at) || held.Version() > w.version {
		w.undo(held, changes)
		return
	}
	if !w.found {
		w.found, w.shown, w.touched = true, held.Version(), held.Time()
	}
	if !w.cut && !w.brief {
		w.explain(held, changes)
	}
	w.cut = w.cut || held.Cut()
}

// undo takes back what an event did.
func (w *Walk) undo(held window.Held, changes []state.Change) {
	if held.Rejected() {
		w.refused++
	}
	if !held.Folded() {
		return
	}
	w.shown = held.Version() - 1
	if held.Cut() {
		w.values, w.known, w.cut = nil, false, true
	}
	if !w.known {
		return
	}
	w.values = state.Undo(w.values, changes)
}

// explain notes which fields an event was the last to set, and what they were before it.
func (w *Walk) explain(held window.Held, changes []state.Change) {
	var by string
	for _, c := range changes {
		if w.origins[c.Slot].known {
			continue
		}
		if by == "" {
			by = w.store.typeOf(held)
		}
		o := origin{known: true, by: by, at: held.Version()}
		if len(c.Path) == 0 {
			o.was = c.Was.Own()
		}
		w.origins[c.Slot] = o
	}
}

// explained tells whether it is known of every field who set it.
func (w *Walk) explained() bool {
	for slot, v := range w.values {
		if v.Kind() != state.Absent && !w.origins[slot].known {
			return false
		}
	}
	return true
}

// describe is the event as a step of the history.
func (w *Walk) describe(held window.Held, changes []state.Change) HistoryStep {
	var ev event.Event
	w.store.Read(w.number, held, &ev)
	step := HistoryStep{
		Version: ev.Version, Number: w.number, Time: ev.Time(), Type: packed.Clone(ev.Type),
		Station: w.store.Places[held.Station()].Key, Subject: packed.Clone(ev.Subject), Position: ev.Position,
		Folded: held.Folded(), Rejected: packed.Clone(ev.Rejected), Failed: packed.Clone(ev.Failed), Unjudged: ev.Unjudged,
		Changes: w.kind.Describe(changes),
	}
	if ev.Undecodable {
		step.Unread = packed.Clone(ev.Problem)
	}
	return step
}

// Detail is what a walk that is over has found.
func (w *Walk) Detail() *EntityDetail {
	d := &EntityDetail{EntityRow: w.Row(), Shown: w.shown, Newest: w.newest, Missing: w.missing}
	for slot := 0; w.row.Partial && w.known && slot < w.kind.Known; slot++ {
		if slot >= len(w.values) || w.values[slot].Kind() == state.Absent {
			d.Unknown = append(d.Unknown, w.kind.Field(slot))
		}
	}
	for slot, v := range w.values {
		if v.Kind() == state.Absent {
			continue
		}
		o := w.origins[slot]
		d.State = append(d.State, StateField{
			Field: state.Field{Name: w.kind.Field(slot), Value: v},
			Was:   o.was, SetBy: o.by, SetAt: o.at, Changed: o.known && o.at == w.shown,
		})
	}
	d.History = w.steps
	slices.Reverse(d.History)
	return d
}

// Row is the entity's row as of the version shown.
func (w *Walk) Row() entities.Row {
	r := w.row
	r.Version, r.Touched, r.Rejected = w.shown, time.Unix(0, w.touched), r.Rejected-w.refused
	if w.shown == w.newest {
		return r
	}
	r.Evicted, r.Status, r.Fields = !w.known, "", nil
	for slot, v := range w.values {
		switch {
		case v.Kind() == state.Absent:
		case slot == 0:
			r.Status = v.String()
		default:
			r.Fields = append(r.Fields, state.Field{Name: w.kind.Field(slot), Value: v})
		}
	}
	return r
}

// Entity names the entity.
func (w *Walk) Entity() state.Entity { return w.row.Entity }

// typeOf is an event's type.
func (st *Store) typeOf(held window.Held) string {
	var ev event.Event
	st.Read(0, held, &ev)
	return packed.Clone(ev.Type)
}

// LastUpTo is the number of an entity's newest event up to one; false when it came later.
func (st *Store) LastUpTo(slot uint32, number uint64) (uint64, bool) {
	r := st.Entities.At(slot)
	if r.Born > number {
		return 0, false
	}
	last := r.Last
	first := r.Born
	if t, ok := st.touchedUpTo(slot, number); ok {
		first = t.number
	}
	for last > number {
		if !st.Window.Has(last) {
			return first, true
		}
		back := st.Window.Get(last).Back()
		if back == 0 {
			return first, true
		}
		last -= back
	}
	return last, true
}

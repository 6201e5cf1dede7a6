package lists

import (
	"slices"
	"time"

	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/rank"
	"signalbox/sources/internal/slots"
	"signalbox/sources/internal/store"
	"signalbox/sources/state"
)

// thenList is the entities that a view wants as they were after an event, in the order of then. They are met by going back
// through the events from that one on, and so the most recently touched of then first; then come those of which no event up
// to it is held. It goes no further than is asked for, where that is told by the order in which they are met.
type thenList struct {
	store *store.Store
	at    uint64
	view  EntitiesView // of which Kind, Filter, Sort and Descending matter

	next  uint64 // events with lower numbers are still to be looked at; 0: all were
	older uint32 // then of the table's own list the next to be looked at, + 1; 0: all were
	met   slots.Set
	walk  *store.Walk // of the entity that was met last, whose row is needed
	slot  uint32      // that entity
	found []uint32    // in the order in which they were met
	order *rank.Order // nil: that is the order
}

// thenListOf begins the list that a view needs.
func (ls *Lists) thenListOf(v *View) *thenList {
	t := ls.store.Entities
	l := &thenList{store: ls.store, at: v.At, view: v.Entities, next: min(v.At, ls.store.Window.Next()-1) + 1, older: t.Newest()}
	if v.Entities.Sort != "" || v.Entities.Descending {
		l.order = rank.New(v.Entities.Descending, t.CompareNames)
	}
	return l
}

// serves tells whether the list is the one that a view needs.
func (l *thenList) serves(v *View) bool {
	return l != nil && l.at == v.At && l.view.Kind == v.Entities.Kind && l.view.Filter == v.Entities.Filter &&
		l.view.Sort == v.Entities.Sort && l.view.Descending == v.Entities.Descending
}

// over tells whether all entities were looked at.
func (l *thenList) over() bool { return l.next == 0 && l.older == 0 && l.walk == nil }

// enough tells whether the rows that a view wants are found.
func (l *thenList) enough(v EntitiesView) bool {
	if l.over() {
		return true
	}
	if l.order != nil {
		return false
	}
	top := v.Top
	if slot, ok := l.store.Entities.ByName(v.Cursor); ok && l.existed(slot) {
		at := slices.Index(l.found, slot)
		if at < 0 {
			return false
		}
		top = at - v.Above
	}
	return len(l.found) >= top+v.Rows
}

// existed tells whether an entity had come by then, and is still held.
func (l *thenList) existed(slot uint32) bool {
	t := l.store.Entities
	return t.IsUsed(slot) && t.At(slot).Born <= l.at
}

// step goes on until the rows that a view wants are found, or the time is over, and tells whether they are.
func (l *thenList) step(v EntitiesView, until time.Time) bool {
	for n := 1; !l.over(); n++ {
		if n%64 == 1 && l.enough(v) {
			return true
		}
		switch {
		case l.walk != nil:
			if l.walk.Step(WalkAtOnce) {
				row := l.walk.Row()
				l.walk = nil
				l.place(l.slot, &row)
			}
		case l.next != 0:
			l.lookAtEvent()
		default:
			slot := l.older - 1
			l.older = l.store.Entities.Older(slot)
			l.meet(slot)
		}
		if n%32 == 0 && time.Now().After(until) {
			return l.enough(v)
		}
	}
	return true
}

// lookAtEvent meets the entity of the next event.
func (l *thenList) lookAtEvent() {
	w := l.store.Window
	if l.next--; l.next == 0 || !w.Has(l.next) {
		l.next = 0
		return
	}
	if slot, ok := l.store.SlotOf(w.Get(l.next)); ok {
		l.meet(slot)
	}
}

// meet takes in an entity, unless it was met before or had not come by then.
func (l *thenList) meet(slot uint32) {
	t := l.store.Entities
	if l.met.Has(slot) || !l.existed(slot) {
		return
	}
	l.met.Put(slot, true)
	if l.view.Kind != "" && t.Kind(t.At(slot)).Name() != l.view.Kind {
		return
	}
	if s := l.view.Sort; l.view.Filter == nil && (s == "" || s == "id" || s == "kind") {
		l.place(slot, nil)
		return
	}
	l.walk, l.slot = l.store.Walk(slot, 0, l.at, true), slot
}

// place puts an entity where it belongs, if it is wanted. What it was then is nil where it does not matter.
func (l *thenList) place(slot uint32, was *entities.Row) {
	if !l.existed(slot) || was != nil && l.view.Filter != nil && !l.view.Filter.Wants(was) {
		return
	}
	if l.order == nil {
		l.found = append(l.found, slot)
		return
	}
	l.order.Insert(slot, l.key(slot, was))
}

// key is what an entity was sorted by.
func (l *thenList) key(slot uint32, was *entities.Row) rank.Key {
	t := l.store.Entities
	switch l.view.Sort {
	case "":
		last, _ := l.store.LastUpTo(slot, l.at)
		return rank.OfNumber(^last)
	case "id":
		return rank.OfText(t.ID(t.At(slot)))
	case "kind":
		return rank.OfText(t.Kind(t.At(slot)).Name())
	case "version":
		return rank.OfNumber(was.Version)
	case state.StatusField:
		if was.Status != "" {
			return rank.OfText(was.Status)
		}
		return rank.Of(state.Value{})
	}
	for _, f := range was.Fields {
		if f.Name == l.view.Sort {
			return rank.Of(f.Value)
		}
	}
	return rank.Of(state.Value{})
}

// leaves takes an entity out that is about to leave. Among those found it stays, and is not shown: see existed.
func (l *thenList) leaves(slot uint32) {
	if l.older == slot+1 {
		l.older = l.store.Entities.Older(slot)
	}
	if l.walk != nil && l.slot == slot {
		l.walk = nil
	}
	if l.order != nil {
		l.order.Remove(slot)
	}
}

// rankOf is where an entity stood.
func (l *thenList) rankOf(e state.Entity) (at int, ok bool) {
	slot, ok := l.store.Entities.ByName(e)
	if !ok {
		return -1, false
	}
	if l.order != nil {
		return l.order.Rank(slot)
	}
	at = slices.Index(l.found, slot)
	return at, at >= 0
}

// slots are the entities that stood from a rank on.
func (l *thenList) slots(top, rows int) []uint32 {
	if l.order == nil {
		return l.found[min(top, len(l.found)):min(top+rows, len(l.found))]
	}
	out := make([]uint32, 0, rows)
	if rows > 0 {
		l.order.From(top, func(slot uint32) bool {
			out = append(out, slot)
			return len(out) < rows
		})
	}
	return out
}

// len is how many were found.
func (l *thenList) len() int {
	if l.order != nil {
		return l.order.Len()
	}
	return len(l.found)
}

// held is the memory that it takes.
func (l *thenList) held() int64 {
	if l == nil {
		return 0
	}
	n := 4 * int64(cap(l.found))
	if l.order != nil {
		n += l.order.Held()
	}
	return n
}

// rowsThen are the rows of the entities pane as they were after an event.
func (ls *Lists) rowsThen(v *View) EntityRows {
	if ls.sumsOf != v.At {
		ls.sums, ls.sumsOf = ls.store.Entities.SumsAt(v.At), v.At
	}
	out := rowsOf(ls.sums, v.Entities.Kind)
	l := ls.then
	out.At = -1
	top := v.Entities.Top
	if at, ok := l.rankOf(v.Entities.Cursor); ok {
		out.At, top = at, at-v.Entities.Above
	}
	switch {
	case l.over():
		out.Matching = l.len()
	case l.view.Filter != nil || l.order != nil:
		out.Matching, out.Searched = l.len(), min(l.met.Len(), max(out.Total-1, 0))
	}
	out.Top = max(0, min(top, out.Matching-1))
	for _, slot := range l.slots(out.Top, max(0, v.Entities.Rows)) {
		if l.existed(slot) {
			out.Rows = append(out.Rows, ls.travel.row(ls.store, slot))
		}
	}
	return out
}

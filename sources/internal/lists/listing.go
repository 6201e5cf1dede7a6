package lists

import (
	"time"

	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/rank"
	"signalbox/sources/internal/store"
	"signalbox/sources/state"
)

// listing is the entities that a view wants, in its order. Where the view wants all, the most recently touched first,
// the table's own list serves and there is no listing. It is made a slice at a time, in its order where that is the
// table's own, so that its first rows are there at once; entities that change wait to be put in their new places, those
// that changed last first. See hold.go for one whose order stands still.
type listing struct {
	table *entities.Table
	store *store.Store
	view  EntitiesView
	order *rank.Order
	rest  uint32   // entities with lower numbers are still to be looked at
	next  uint32   // of those on the table's own list, the next to be looked at + 1; 0 when that is not how it is made, or all are
	left  int      // about how many of those there are
	wait  []uint32 // changed since they were
	again uint32   // entities with lower numbers are to be looked at again
	held  *holding // nil: the order follows what changes
	row   entities.Row
	state state.State
}

// Wanted tells of entities, by their slots, whether a view wants them.
func Wanted(table *entities.Table, v EntitiesView) func(slot uint32) bool {
	l := &listing{table: table, view: v}
	return l.wants
}

// list begins the listing that a view needs; nil when it needs none.
func (ls *Lists) list(v EntitiesView) *listing {
	t := ls.store.Entities
	if plain(t, v) {
		return nil
	}
	l := &listing{table: t, store: ls.store, view: v, order: rank.New(v.Descending, t.CompareNames)}
	l.begin()
	if v.Hold != 0 {
		l.hold(v.Hold)
	}
	return l
}

// begin has all entities looked at.
func (l *listing) begin() {
	if l.touchedFirst() {
		l.next, l.left = l.table.Newest(), l.table.Count()
	} else {
		l.rest = l.table.Len()
	}
}

// touchedFirst tells whether the order is that of the table's own list.
func (l *listing) touchedFirst() bool { return l.view.Sort == "" && !l.view.Descending }

// plain tells whether the table's own list has what a view needs, near enough to one of its ends.
func plain(t *entities.Table, v EntitiesView) bool {
	all := v.Kind == "" || t.Totals(v.Kind).Total == uint64(t.Count())
	return v.Hold == 0 && v.Sort == "" && !v.Descending && v.Filter == nil && all && min(v.Top+v.Rows, t.Count()-v.Top) < mostLinks
}

// mostLinks bounds how far the table's list is followed for one snapshot.
const mostLinks = 10_000

// serves tells whether the listing is the one that a view needs, but for what it holds.
func (l *listing) serves(v EntitiesView) bool {
	if l == nil {
		return false
	}
	return v.Kind == l.view.Kind && v.Filter == l.view.Filter && v.Sort == l.view.Sort && v.Descending == l.view.Descending
}

// changed notes that an entity is new or about to be touched.
func (l *listing) changed(slot uint32) {
	l.stepOver(slot)
	t := l.table
	r := t.At(slot)
	if r.Changed() {
		return
	}
	r.SetChanged(true)
	if l.held != nil && (l.order.Has(slot) || l.made()) {
		l.held.late = append(l.held.late, slot)
		return
	}
	l.wait = append(l.wait, slot)
	if len(l.wait) > 2*int(t.Len())+1000 { // some are there twice: look at all again instead
		l.end()
		l.wait = nil
		l.begin()
	}
}

// made tells whether all entities were looked at.
func (l *listing) made() bool { return l.next == 0 && l.rest == 0 }

// stepOver looks at the entity after one that leaves its place in the table's list.
func (l *listing) stepOver(slot uint32) {
	if l.next == slot+1 {
		l.next = l.table.Older(slot)
	}
}

// leaves takes an entity out that is about to leave.
func (l *listing) leaves(slot uint32) {
	l.stepOver(slot)
	l.order.Remove(slot)
	if l.held != nil {
		l.held.moving.Put(slot, false)
	}
}

// end forgets who waits.
func (l *listing) end() {
	for _, slot := range l.wait {
		l.table.At(slot).SetChanged(false)
	}
	if l.held != nil {
		for _, slot := range l.held.late {
			l.table.At(slot).SetChanged(false)
		}
	}
}

// searched is how many of so many entities were looked at.
func (l *listing) searched(total int) int {
	left := int(l.rest) + len(l.wait)
	if l.next != 0 {
		left += max(l.left, 1)
	}
	return max(0, total-left)
}

// step puts entities in their places until none waits or the time is over, and tells whether none waits.
func (l *listing) step(until time.Time) bool {
	for n := 1; ; n++ {
		if l.held != nil && len(l.wait) == 0 {
			l.held.settled = true
		}
		switch {
		case len(l.wait) > 0:
			slot := l.wait[len(l.wait)-1]
			l.wait = l.wait[:len(l.wait)-1]
			if l.table.At(slot).Changed() {
				l.place(slot)
			}
		case l.next != 0:
			slot := l.next - 1
			l.next, l.left = l.table.Older(slot), l.left-1
			l.walked(slot)
		case l.rest > 0:
			l.rest--
			l.place(l.rest)
		case l.held != nil && len(l.held.late) > 0:
			l.lateOne()
		case l.again > 0:
			l.again--
			l.lookAgain(l.again)
		default:
			return true
		}
		if n%16 == 0 && time.Now().After(until) {
			return false
		}
	}
}

// lookAgain looks whether an entity is still wanted, or is by now.
func (l *listing) lookAgain(slot uint32) {
	switch {
	case !l.table.IsUsed(slot):
	case l.held != nil:
		l.note(slot)
	default:
		l.place(slot)
	}
}

// place puts an entity where it belongs now, or did when the order was held.
func (l *listing) place(slot uint32) {
	l.table.At(slot).SetChanged(false)
	now, ok := l.belongs(slot)
	if !ok {
		l.order.Remove(slot)
	} else if was, in := l.order.KeyOf(slot); !in || was != now {
		l.order.Remove(slot)
		l.order.Insert(slot, now)
	}
	if l.held != nil {
		l.note(slot)
	}
}

// belongs is what an entity is sorted by, if it is wanted.
func (l *listing) belongs(slot uint32) (rank.Key, bool) {
	if !l.table.IsUsed(slot) || !l.wants(slot) {
		return rank.Key{}, false
	}
	if l.held != nil && l.view.Sort == "" {
		return l.keyThen(slot)
	}
	return l.key(slot), true
}

func (l *listing) wants(slot uint32) bool {
	t := l.table
	if l.view.Kind != "" && t.Kind(t.At(slot)).Name() != l.view.Kind {
		return false
	}
	if l.view.Filter == nil {
		return true
	}
	t.FillRow(slot, &l.row, &l.state)
	return l.view.Filter.Wants(&l.row)
}

// key is what an entity is sorted by now.
func (l *listing) key(slot uint32) rank.Key {
	t := l.table
	r := t.At(slot)
	k := t.Kind(r)
	switch l.view.Sort {
	case "":
		return rank.OfNumber(^r.Last)
	case "id":
		return rank.OfText(t.ID(r))
	case "kind":
		return rank.OfText(k.Name())
	case "version":
		return rank.OfNumber(uint64(r.Version))
	case state.StatusField:
		if status := t.Status(r); status != "" {
			return rank.OfText(status)
		}
		return rank.Of(state.Value{})
	}
	field, ok := k.Find(l.view.Sort)
	if !ok {
		return rank.Of(state.Value{})
	}
	return rank.Of(t.Get(slot, field))
}

// slots are the entities to be shown from a rank on, each looked at again if it has changed since it was placed.
func (l *listing) slots(top, rows int) []uint32 {
	t := l.table
	for tries := 4 * rows; ; tries-- {
		out, stale := make([]uint32, 0, rows), int64(-1)
		l.order.From(top, func(slot uint32) bool {
			if l.held == nil && t.At(slot).Changed() && tries > 0 {
				stale = int64(slot)
				return false
			}
			out = append(out, slot)
			return len(out) < rows
		})
		if stale < 0 {
			return out
		}
		l.place(uint32(stale))
	}
}

package sources

import (
	"time"

	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/rank"
	"signalbox/sources/state"
)

// listing is the entities that a view wants, in its order. Where the view wants all, the most recently touched first,
// the table's own list serves and there is no listing. It is made a slice at a time; entities that change wait to be
// put in their new places, those that changed last first.
type listing struct {
	table *entities.Table
	view  EntitiesView
	order *rank.Order
	rest  uint32   // entities with lower numbers are still to be looked at
	wait  []uint32 // changed since they were
	row   EntityRow
	state state.State
}

// list begins the listing that a view needs; nil when it needs none.
func (p *panes) list(v EntitiesView) *listing {
	t := p.store.entities
	if plain(t, v) {
		return nil
	}
	return &listing{
		table: t, view: v, rest: t.Len(),
		order: rank.New(v.Descending, t.CompareNames),
	}
}

// plain tells whether the table's own list has what a view needs, near enough to one of its ends.
func plain(t *entities.Table, v EntitiesView) bool {
	all := v.Kind == "" || t.Totals(v.Kind).Total == uint64(t.Count())
	return v.Sort == "" && !v.Descending && v.Filter == nil && all && min(v.Top+v.Rows, t.Count()-v.Top) < mostLinks
}

// mostLinks bounds how far the table's list is followed for one snapshot.
const mostLinks = 10_000

// serves tells whether the listing is the one that a view needs.
func (l *listing) serves(v EntitiesView) bool {
	if l == nil {
		return false
	}
	v.Top, v.Rows = l.view.Top, l.view.Rows
	return v == l.view
}

// changed notes that an entity is new or was touched.
func (l *listing) changed(slot uint32) {
	t := l.table
	if r := t.At(slot); !r.Changed() {
		r.SetChanged(true)
		l.wait = append(l.wait, slot)
	}
	if len(l.wait) > 2*int(t.Len())+1000 { // some are there twice: look at all again instead
		l.end()
		l.wait, l.rest = nil, t.Len()
	}
}

// end forgets who waits.
func (l *listing) end() {
	for _, slot := range l.wait {
		l.table.At(slot).SetChanged(false)
	}
}

// step puts entities in their places until none waits or the time is over, and tells whether none waits.
func (l *listing) step(until time.Time) bool {
	t := l.table
	for n := 1; ; n++ {
		switch {
		case len(l.wait) > 0:
			slot := l.wait[len(l.wait)-1]
			l.wait = l.wait[:len(l.wait)-1]
			if t.At(slot).Changed() {
				l.place(slot)
			}
		case l.rest > 0:
			l.rest--
			l.place(l.rest)
		default:
			return true
		}
		if n%16 == 0 && time.Now().After(until) {
			return false
		}
	}
}

// place puts an entity where it belongs now.
func (l *listing) place(slot uint32) {
	r := l.table.At(slot)
	r.SetChanged(false)
	if !l.table.IsUsed(slot) || !l.wants(slot) {
		l.order.Remove(slot)
		return
	}
	now := l.key(slot)
	if was, ok := l.order.KeyOf(slot); ok {
		if was == now {
			return
		}
		l.order.Remove(slot)
	}
	l.order.Insert(slot, now)
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
			if t.At(slot).Changed() && tries > 0 {
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

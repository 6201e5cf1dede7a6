package lists

import (
	"slices"

	"signalbox/sources/internal/entities"
)

// entityRows are the rows of the entities pane.
func (ls *Lists) entityRows(v *View) EntityRows {
	t := ls.store.Entities
	sum := t.Totals(v.Entities.Kind)
	out := EntityRows{
		Total: int(sum.Total), Matching: int(sum.Total), Searched: int(sum.Total), Statuses: entities.Ranked(sum.Statuses),
		Kinds: t.ByKind(), Rejected: sum.Rejected, Partial: sum.Partial,
	}
	rows, top := max(0, v.Entities.Rows), v.Entities.Top
	out.At = -1
	if l := ls.listing; l != nil {
		if at, ok := l.rankOf(v.Entities.Cursor); ok {
			out.At, top = at, at-v.Entities.Above
		}
		if last := &ls.last.Entities; !l.ready(v.Entities.Cursor, ls.end(v.Entities)) && l.serves(ls.last.view) && len(last.Rows) > 0 {
			return ls.asBefore(v, out)
		}
		if l.view.Filter != nil || l.made() {
			out.Matching = l.order.Len()
		}
		out.Searched = l.searched(out.Total)
		if l.held != nil {
			out.Moving = l.held.moving.Len()
		}
	}
	out.Top = max(0, min(top, out.Matching-1))
	for _, slot := range ls.slots(out.Top, rows) {
		switch {
		case v.At == 0:
			out.Rows = append(out.Rows, t.CopyRow(slot, entities.Glimpse))
		case t.At(slot).Born <= v.At:
			out.Rows = append(out.Rows, ls.travel.row(ls.store, slot))
		}
	}
	return out
}

// asBefore are the rows of the snapshot before, while those of an order that is to be held are being found.
func (ls *Lists) asBefore(v *View, out EntityRows) EntityRows {
	last := &ls.last.Entities
	out.Matching, out.Searched, out.Top, out.Rows, out.Moving = last.Matching, last.Searched, last.Top, last.Rows, last.Moving
	if i := slices.IndexFunc(last.Rows, func(r entities.Row) bool { return r.Entity == v.Entities.Cursor }); i >= 0 {
		out.At = last.Top + i
	}
	return out
}

// slots are the entities to be shown.
func (ls *Lists) slots(top, rows int) []uint32 {
	if ls.listing != nil {
		return ls.listing.slots(top, rows)
	}
	return ls.store.Entities.Recent(top, rows)
}

package lists

import (
	"slices"

	"signalbox/sources/internal/entities"
)

// rowsOf is what is said of all entities, or of those of one kind, without rows.
func rowsOf(sums entities.Sums, kind string) EntityRows {
	sum := sums.Totals(kind)
	return EntityRows{
		Total: int(sum.Total), Matching: int(sum.Total), Searched: int(sum.Total), Statuses: entities.Ranked(sum.Statuses),
		Kinds: sums.ByKind(), Rejected: sum.Rejected, Partial: sum.Partial,
	}
}

// entityRows are the rows of the entities pane.
func (ls *Lists) entityRows(v *View) EntityRows {
	if v.At != 0 {
		return ls.rowsThen(v)
	}
	t := ls.store.Entities
	out := rowsOf(t.Sums(), v.Entities.Kind)
	rows, top := max(0, v.Entities.Rows), v.Entities.Top
	out.At = -1
	if l := ls.listing; l != nil {
		if at, ok := l.rankOf(v.Entities.Cursor); ok {
			out.At, top = at, at-v.Entities.Above
		}
		if last := &ls.last.Entities; !l.ready(v.Entities.Cursor, ls.end(v.Entities)) && l.serves(ls.last.view) && len(last.Rows) > 0 && ls.last.at == 0 {
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
		out.Rows = append(out.Rows, t.CopyRow(slot, entities.Glimpse))
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

package sources

import (
	"slices"
	"time"

	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/store"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// panes is what a view shows of the events, entities and subjects that are held, and the searches that it takes.
type panes struct {
	store *store.Store
	byKey map[string]*station
	last  *Snapshot // whose rows are used again

	looking *View
	search  *search
	listing *listing
	focus   focus
	travel  travel

	events, entities aging // where what is listed depends on its age
}

// show fills in the rows of a snapshot, and tells whether all of them are what they should be.
func (p *panes) show(v *View, s *Snapshot) bool {
	s.Events, s.Entities, s.Open = p.eventRows(v), p.entityRows(v), p.openEvent(v.Open)
	done := p.focus.lead(v, &s.Entities)
	done = p.focus.refresh(p.store, walkAtOnce) && done
	s.Entity, p.last = p.focus.detail, s
	return done
}

// step goes on with what the panes need, and tells whether there is nothing more to do.
func (p *panes) step(until, later time.Time) bool {
	done := p.search == nil || p.events.step(func() bool { return p.search.Step(until) })
	done = (p.listing == nil || p.entities.step(func() bool { return p.listing.step(later) })) && done
	return p.travel.advance(jobEvents) && done
}

// awaited tells whether rows of an order that is to be held are not found yet.
func (p *panes) awaited() bool {
	l := p.listing
	return l != nil && l.held != nil && p.looking != nil && !l.ready(p.looking.Entities.Cursor, p.end(p.looking.Entities))
}

// end is the rank behind the last row that a view wants.
func (p *panes) end(v EntitiesView) int {
	top := v.Top
	if at, ok := p.listing.rankOf(v.Cursor); ok {
		top = at - v.Above
	}
	return min(top+max(0, v.Rows), p.store.Entities.Count())
}

// held is the memory that listing takes.
func (p *panes) held() int64 {
	if p.listing == nil {
		return 0
	}
	return p.listing.order.Held()
}

// look turns to what a view shows.
func (p *panes) look(v *View) {
	if p.search != nil && p.search.unknown && p.byKey[v.Events.Station] != nil {
		p.search = p.seek(v.Events)
	}
	if p.listing == nil && !plain(p.store.Entities, v.Entities) {
		p.relist(v.Entities)
	}
	if v == p.looking {
		return
	}
	p.looking = v
	if !p.search.serves(v.Events) {
		p.search = p.seek(v.Events)
	}
	if !p.listing.serves(v.Entities) || plain(p.store.Entities, v.Entities) {
		p.relist(v.Entities)
	} else {
		p.listing.turn(v.Entities.Hold)
	}
	p.focus.turn(v)
	p.travel.to(v.At)
	if p.search != nil {
		p.search.Step(time.Now().Add(sliceTime))
	}
	if p.listing != nil {
		p.listing.step(time.Now().Add(sliceTime / 2))
	}
}

// relist replaces the listing.
func (p *panes) relist(v EntitiesView) {
	if p.listing != nil {
		p.listing.end()
	}
	p.listing = p.list(v)
	p.store.Entities.Watch(func(uint32) {}, func(uint32) {})
	if l := p.listing; l != nil {
		p.store.Entities.Watch(l.changed, l.leaves)
	}
}

// RowData is how much of a payload the rows of the events pane have; an open event has all that is held.
const RowData = 4 << 10

// eventRows are the rows of the events pane. Rows of the snapshot before are used again: events do not change.
func (p *panes) eventRows(v *View) EventRows {
	w := p.store.Window
	newest := w.Next() - 1
	if v.At != 0 {
		newest = min(newest, v.At)
	}
	var x window.List = w
	if p.search != nil {
		x = p.search
	}
	out := EventRows{
		Total: newest + 1 - min(w.First(), newest+1), Matching: x.Below(newest + 1), Following: v.Events.Cursor == 0 && v.At == 0,
	}
	out.Searched = out.Total
	if p.search != nil {
		out.Searched = p.search.Searched(newest)
	}
	if out.Matching == 0 {
		return out
	}
	at := out.Matching - 1
	if v.Events.Cursor != 0 {
		at = min(at, max(x.Below(v.Events.Cursor+1), 1)-1)
	}
	from := at - min(at, uint64(max(0, v.Events.Above)))
	to := min(out.Matching-1, at+uint64(max(0, v.Events.Below)))
	out.Rank = from
	out.Rows = make([]*Event, 0, to-from+1)
	kept := p.last.Events.Rows
	for rank := from; rank <= to; rank++ {
		number := x.Nth(rank)
		for len(kept) > 0 && kept[0].Number < number {
			kept = kept[1:]
		}
		if len(kept) > 0 && kept[0].Number == number {
			out.Rows = append(out.Rows, kept[0])
		} else {
			out.Rows = append(out.Rows, p.store.CopyOf(number, RowData))
		}
	}
	return out
}

// entityRows are the rows of the entities pane.
func (p *panes) entityRows(v *View) EntityRows {
	t := p.store.Entities
	sum := t.Totals(v.Entities.Kind)
	out := EntityRows{
		Total: int(sum.Total), Matching: int(sum.Total), Searched: int(sum.Total), Statuses: entities.Ranked(sum.Statuses),
		Kinds: t.ByKind(), Rejected: sum.Rejected, Partial: sum.Partial,
	}
	rows, top := max(0, v.Entities.Rows), v.Entities.Top
	out.At = -1
	if l := p.listing; l != nil {
		if at, ok := l.rankOf(v.Entities.Cursor); ok {
			out.At, top = at, at-v.Entities.Above
		}
		if last := &p.last.Entities; !l.ready(v.Entities.Cursor, p.end(v.Entities)) && l.serves(p.last.View.Entities) && len(last.Rows) > 0 {
			return p.asBefore(v, out)
		}
		if l.view.Filter != nil || l.made() {
			out.Matching = l.order.Len()
		}
		out.Searched = l.searched(out.Total)
		if l.held != nil {
			out.Moving = l.held.moving.n
		}
	}
	out.Top = max(0, min(top, out.Matching-1))
	for _, slot := range p.slots(out.Top, rows) {
		switch {
		case v.At == 0:
			out.Rows = append(out.Rows, t.CopyRow(slot, entities.Glimpse))
		case t.At(slot).Born <= v.At:
			out.Rows = append(out.Rows, p.travel.row(p.store, slot))
		}
	}
	return out
}

// asBefore are the rows of the snapshot before, while those of an order that is to be held are being found.
func (p *panes) asBefore(v *View, out EntityRows) EntityRows {
	last := &p.last.Entities
	out.Matching, out.Searched, out.Top, out.Rows, out.Moving = last.Matching, last.Searched, last.Top, last.Rows, last.Moving
	if i := slices.IndexFunc(last.Rows, func(r EntityRow) bool { return r.Entity == v.Entities.Cursor }); i >= 0 {
		out.At = last.Top + i
	}
	return out
}

// slots are the entities to be shown.
func (p *panes) slots(top, rows int) []uint32 {
	if p.listing != nil {
		return p.listing.slots(top, rows)
	}
	return p.store.Entities.Recent(top, rows)
}

// openEvent is the open event; it is made once.
func (p *panes) openEvent(number uint64) *EventDetail {
	if number == 0 || !p.store.Window.Has(number) {
		return nil
	}
	if last := p.last.Open; last != nil && last.Number == number {
		return last
	}
	d := &EventDetail{Event: p.store.CopyOf(number, p.store.Head)}
	d.Held = len(d.Data)
	if d.Kind != nil {
		d.Changes = d.Kind.Describe(state.ReadChanges(p.store.Window.Get(number).Changes()))
	}
	return d
}

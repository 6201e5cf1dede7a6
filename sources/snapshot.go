package sources

import (
	"slices"
	"time"

	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
	"signalbox/sources/subjects"
)

// publish makes a snapshot of what is looked at.
func (e *Engine) publish() {
	v := e.view.Load()
	e.look(v)
	e.shots++
	s := &Snapshot{
		View: *v, Number: e.shots, Time: e.now(), Rate: e.rates.Now(), Rates: e.rates.List(), Consumers: e.consumers,
		Notices: e.notices, Dead: e.dead,
	}
	e.dirty = false
	for _, a := range e.buses {
		if a.again {
			continue
		}
		s.Buses = append(s.Buses, a.view())
	}
	s.Stations = make([]StationRow, len(e.stations))
	for i, x := range e.stations {
		s.Stations[i] = x.view()
		s.Ledger.add(&x.ledger)
	}
	s.Subjects = e.subjectTrees(v)
	s.Events = e.eventRows(v)
	s.Entities = e.entityRows(v)
	if !e.focus.refresh(e, walkAtOnce) {
		e.dirty = true
	}
	s.Entity = e.focus.detail
	s.Handlings = e.judging.handlings(e, s.Entity)
	s.Open = e.openEvent(v.Open)
	e.snapshot.Store(s)
	e.shown = time.Now()
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

// walkAtOnce is how many events of an entity are gone back through within one snapshot.
const walkAtOnce = 1500

// look turns to what a view shows.
func (e *Engine) look(v *View) {
	if e.search != nil && e.search.unknown && e.byKey[v.Events.Station] != nil {
		e.search = e.seek(v.Events)
	}
	if e.listing == nil && !plain(e.entities, v.Entities) {
		e.relist(v.Entities)
	}
	if v == e.looking {
		return
	}
	e.looking = v
	if !e.search.serves(v.Events) {
		e.search = e.seek(v.Events)
	}
	if !e.listing.serves(v.Entities) {
		e.relist(v.Entities)
	}
	e.focus.turn(v)
	e.travel.to(v.At)
	if e.search != nil {
		e.search.Step(time.Now().Add(sliceTime))
	}
	if e.listing != nil {
		e.listing.step(time.Now().Add(sliceTime / 2))
	}
}

// relist replaces the listing.
func (e *Engine) relist(v EntitiesView) {
	if e.listing != nil {
		e.listing.end()
	}
	e.listing = e.list(v)
	e.entities.Watch(func(uint32) {}, func(uint32) {})
	if l := e.listing; l != nil {
		e.entities.Watch(l.changed, l.order.Remove)
	}
}

// eventRows are the rows of the events pane. Rows of the snapshot before are used again: events do not change.
func (e *Engine) eventRows(v *View) EventRows {
	w := e.window
	newest := w.Next() - 1
	if v.At != 0 {
		newest = min(newest, v.At)
	}
	var x window.List = w
	if e.search != nil {
		x = e.search
	}
	out := EventRows{
		Total: newest + 1 - min(w.First(), newest+1), Matching: x.Below(newest + 1), Following: v.Events.Cursor == 0 && v.At == 0,
	}
	out.Searched = out.Total
	if e.search != nil {
		out.Searched = e.search.Searched(newest)
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
	kept := e.snapshot.Load().Events.Rows
	for rank := from; rank <= to; rank++ {
		number := x.Nth(rank)
		for len(kept) > 0 && kept[0].Number < number {
			kept = kept[1:]
		}
		if len(kept) > 0 && kept[0].Number == number {
			out.Rows = append(out.Rows, kept[0])
		} else {
			out.Rows = append(out.Rows, e.copyOf(number, RowData))
		}
	}
	return out
}

// entityRows are the rows of the entities pane.
func (e *Engine) entityRows(v *View) EntityRows {
	t := e.entities
	sum := t.Totals(v.Entities.Kind)
	out := EntityRows{
		Total: int(sum.Total), Matching: int(sum.Total), Searched: int(sum.Total), Statuses: entities.Ranked(sum.Statuses),
		Kinds: t.ByKind(), Rejected: sum.Rejected, Partial: sum.Partial,
	}
	if l := e.listing; l != nil {
		out.Matching = l.order.Len()
		out.Searched = max(0, out.Total-int(l.rest)-len(l.wait))
	}
	rows := max(0, v.Entities.Rows)
	out.Top = max(0, min(v.Entities.Top, out.Matching-1))
	for _, slot := range e.slots(out.Top, rows) {
		switch {
		case v.At == 0:
			out.Rows = append(out.Rows, t.CopyRow(slot, entities.Glimpse))
		case t.At(slot).Born <= v.At:
			out.Rows = append(out.Rows, e.travel.row(e, slot))
		}
	}
	return out
}

// slots are the entities to be shown.
func (e *Engine) slots(top, rows int) []uint32 {
	if e.listing != nil {
		return e.listing.slots(top, rows)
	}
	return e.entities.Recent(top, rows)
}

// openEvent is the open event; it is made once.
func (e *Engine) openEvent(number uint64) *EventDetail {
	if number == 0 || !e.window.Has(number) {
		return nil
	}
	if last := e.snapshot.Load().Open; last != nil && last.Number == number {
		return last
	}
	d := &EventDetail{Event: e.copyOf(number, e.head)}
	d.Held = len(d.Data)
	if d.Kind != nil {
		d.Changes = d.Kind.Describe(state.ReadChanges(e.window.Get(number).Changes()))
	}
	return d
}

// subjectTrees are the trees that a view has unfolded, in the order of the stations.
func (e *Engine) subjectTrees(v *View) []SubjectTree {
	byStation := map[string][]subjects.Branch{}
	for _, b := range v.Subjects.Branches() {
		byStation[b.Station] = append(byStation[b.Station], b)
	}
	var out []SubjectTree
	for i, s := range e.stations {
		branches := byStation[s.key]
		if whole := slices.ContainsFunc(branches, func(b subjects.Branch) bool { return b.Path == "" }); whole && s.subjects != nil {
			rows, events := s.subjects.Rows(branches)
			out = append(out, SubjectTree{Station: i, Events: events, Rows: rows})
		}
	}
	return out
}

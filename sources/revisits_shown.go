package sources

import (
	"signalbox/sources/internal/lists"
	"signalbox/sources/internal/store"
)

// look turns to what a view shows, and tells which of it are moments beyond what is held: everything, or the list of events.
func (x *revisits) look(v *View) (all, events bool) {
	all = x.beyond(v.At)
	events = all || v.At == 0 && x.beyond(v.Events.Cursor)
	if !events {
		return false, false
	}
	want, seen := v.At, v
	if !all {
		want = v.Events.Cursor
		if x.rows.of != v {
			x.rows.of, x.rows.view = v, View{Events: v.Events, Open: v.Open, Entity: v.Entity, Version: v.Version}
		}
		seen = &x.rows.view
	}
	if x.asked == 0 {
		x.visits.Want(want)
		if !all {
			x.visits.ReadOn(want)
		}
	}
	if x.visits.Has(want) {
		if st := x.visits.Store(); x.store != st {
			x.store, x.lists = st, lists.New(st, x.engine.attached.place)
		}
		x.lists.Look(seen)
	}
	return all, events
}

// show shows what lies beyond what is held: of all, or of the list of events.
func (x *revisits) show(v *View, s *Snapshot, all bool) (done bool) {
	want := v.At
	if !all {
		want = v.Events.Cursor
	}
	if !x.visits.Has(want) {
		s.Events, s.Going = EventRows{Total: x.engine.store.Window.Next() - 1}, &Going{Number: want}
		if _, part, going := x.visits.Going(); going {
			s.Going.Part = part
		}
		if err := x.visits.Failed(); err != nil {
			s.Going.Failed = err.Error()
		}
		return true
	}
	seen := v
	if !all {
		seen = &x.rows.view
	}
	shown, done := x.lists.Show(seen)
	s.Events = shown.Events
	if all || shown.Open != nil {
		s.Open = shown.Open
	}
	if all {
		s.Entities, s.Entity = shown.Entities, shown.Entity
	}
	return done
}

// rank has the rows of events, where all are wanted, stand among all that there are, those that are held no more included.
func (x *revisits) rank(v *View, s *Snapshot, elsewhere bool) {
	if s.Everything = x.visits != nil; x.visits == nil || s.Going != nil {
		return
	}
	w, rows := x.engine.store.Window, &s.Events
	if elsewhere {
		w = x.visits.Store().Window
		if rows.After = w.Next(); v.At != 0 {
			rows.After = 0
		}
	}
	left := w.First() - 1
	rows.Before = left
	if rows.Matching == rows.Total && rows.Searched == rows.Total {
		rows.Rank += left
		rows.Matching, rows.Total, rows.Searched = rows.Matching+left, rows.Total+left, rows.Searched+left
		if last := x.engine.store.Window.Next() - 1; elsewhere && v.At == 0 {
			rows.Matching, rows.Total, rows.Searched = last, last, last
		}
	}
}

// storeOf is the store that holds an event; the main one where none does.
func (x *revisits) storeOf(number uint64) *store.Store {
	if e := x.engine; x.visits != nil {
		if _, held := e.store.Held(number); !held && x.visits.Has(number) {
			return x.visits.Store()
		}
	}
	return x.engine.store
}

// storeShown is the one whose entities are shown.
func (x *revisits) storeShown() *store.Store {
	if v := x.engine.view.Load(); x.beyond(v.At) {
		return x.storeOf(v.At)
	}
	return x.engine.store
}

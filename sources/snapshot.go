package sources

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/sources/internal/inquiry"
	"signalbox/sources/internal/lists"
)

// publish makes a snapshot of what is looked at.
func (e *Engine) publish() {
	v := e.view.Load()
	e.watch.Breaks.Set(v.Breaks, e.store.Window.Next())
	e.flow.Look(cmp.Or(v.Flow, e.options.Flow), v.At)
	e.chart.Look(v.Chart, v.At)
	e.cohorts.Look(v.Cohorts)
	past, rows := e.revisits.look(v)
	if !past {
		e.lists.Look(v)
	}
	if (e.lists.Ages() || e.flow.Looks() || e.cohorts.Any()) && !e.ticking {
		e.ticking = true
		e.second.Reset(time.Second)
	}
	e.shots++
	s := &Snapshot{
		View: *v, Number: e.shots, Anew: e.anew, Last: e.store.Window.Next() - 1, Time: e.now(), Rate: e.rates.Now(), Rates: e.rates.List(), Intake: float64(e.taken), Consumers: e.attached.consumers,
		Notices: e.notices.rows, Dead: e.attached.dead, Breaks: e.watch.Breaks.Rows(e.watch.Hit), Invariants: e.watch.Always.Rows(e.watch.Hit),
	}
	s.Buses = e.attached.rows()
	s.Subjects = e.attached.subjectTrees(v)
	e.stationRows(v, s)
	s.Cohorts = e.cohorts.Rows()
	s.Line = e.then.timeLine(v.Line)
	var flowShown, chartShown bool
	s.Flow, flowShown = e.flow.Show()
	s.Chart, chartShown = e.chart.Show()
	done := e.rows(v, s, past, rows)
	s.Hits, s.Violations = inquiry.HitRows(&e.watch.Breaks, s.Events.Rows), inquiry.HitRows(&e.watch.Always, s.Events.Rows)
	e.dirty = !done || !flowShown || !chartShown
	warn := func(text string) { e.notices.add(bus.Warn, "", "", text) }
	v.Events.Filter.Tell("events", warn)
	v.Entities.Filter.Tell("entities", warn)
	for i := range s.Breaks {
		s.Breaks[i].When.Tell("events", warn)
	}
	for i := range s.Invariants {
		if times, why := s.Invariants[i].When.Failed(); times > 0 && !e.toldUnsure {
			e.toldUnsure = true
			warn(fmt.Sprintf("it cannot be told of some events whether %q holds after them: %s", s.Invariants[i].Text, why))
		}
	}
	s.Progress = e.progressRows.progress(e, s)
	e.snapshot.Store(s)
	e.shown = time.Now()
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

// rows shows events and entities: of what is held or, where a view shows a moment before it, of what was read again; it tells whether
// all is what it should be.
func (e *Engine) rows(v *View, s *Snapshot, past, rows bool) (done bool) {
	if done = true; !past {
		var shown *lists.Shown
		shown, done = e.lists.Show(v)
		s.Events, s.Entities, s.Entity, s.Open = shown.Events, shown.Entities, shown.Entity, shown.Open
	}
	if rows {
		done = e.revisits.show(v, s, past) && done
	}
	e.revisits.rank(v, s, rows)
	return done
}

// stationRows shows stations, consumers, rates and the account as a view wants them: of now, or of an earlier moment.
func (e *Engine) stationRows(v *View, s *Snapshot) {
	if v.At != 0 {
		e.then.lookBack(v, s)
		e.tellSampled()
		s.placeSubjects(e.then.shown.place)
		return
	}
	s.Stations = make([]StationRow, 0, len(e.attached.stations))
	place := make([]int, len(e.attached.stations))
	for i, x := range e.attached.stations {
		if place[i] = -1; !x.unlisted {
			place[i] = len(s.Stations)
			s.Stations = append(s.Stations, x.view())
		}
		s.Ledger.add(&x.ledger)
	}
	s.placeSubjects(place)
}

// placeSubjects gives trees of subjects the places of their stations in the list; those of stations that are not in it are left out.
func (s *Snapshot) placeSubjects(place []int) {
	for i := range s.Subjects {
		s.Subjects[i].Station = place[s.Subjects[i].Station]
	}
	s.Subjects = slices.DeleteFunc(s.Subjects, func(t SubjectTree) bool { return t.Station < 0 })
}

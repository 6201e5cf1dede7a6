package selection

import (
	"fmt"
	"slices"
	"testing"

	"signalbox/bus"
	"signalbox/sources"
)

func TestAFilterForgetsWhatItStoodFor(t *testing.T) {
	var e Events
	if err := e.OnSubject("orders", "subject:orders.*"); err != nil || e.Station != "orders" || e.Subject() != "subject:orders.*" {
		t.Fatalf("%v: %+v", err, e)
	}
	e.OnJourney("o-1")
	if e.Journey() != "o-1" || e.Subject() != "" || e.Station != "" {
		t.Errorf("journey %q, subject %q, station %q", e.Journey(), e.Subject(), e.Station)
	}
	of, other := &sources.Event{}, &sources.Event{}
	of.Correlation, other.ID = "o-1", "o-2"
	if !e.Filter().Wants(of) || e.Filter().Wants(other) {
		t.Error("the journey wants other events than its own")
	}
	typed := e.Text()
	if err := e.Narrow(" refused "); err != nil || e.Journey() != "" || e.Text() != "refused" {
		t.Errorf("%v: journey %q, text %q", err, e.Journey(), e.Text())
	}
	if err := e.Narrow("(("); err == nil || e.Text() != "refused" || e.Filter() == nil {
		t.Errorf("what means nothing changed the filter to %q (%v)", e.Text(), err)
	}
	if err := e.Narrow(typed); err != nil || e.Journey() != "o-1" {
		t.Errorf("%v: the journey typed again is %q", err, e.Journey())
	}
	if e.Widen(); e.Narrowed() || e.Filter() != nil {
		t.Error("it is still narrowed")
	}
}

func TestFiltersAreRememberedOnce(t *testing.T) {
	var s Selection
	for i := range 150 {
		s.Remember(fmt.Sprint("f", i))
	}
	s.Remember("f100")
	got := s.Filters()
	if len(got) != mostFilters || got[len(got)-1] != "f100" || slices.Index(got, "f100") != len(got)-1 || got[0] != "f50" {
		t.Errorf("%d are kept, from %s to %s", len(got), got[0], got[len(got)-1])
	}
}

func TestLettersAreCountedAsTheyComeAndGo(t *testing.T) {
	letter := func(at uint64) sources.DeadLetterRow {
		return sources.DeadLetterRow{DeadLetter: bus.DeadLetter{Standing: bus.GivenUp, Station: "orders", Consumer: "c", Position: bus.Position{Major: at}}}
	}
	var l Letters
	rows := []sources.DeadLetterRow{letter(1), letter(2), letter(3)}
	l.Count(rows)
	l.Mark(rows, true, rows[0].Key(), rows[1].Key())
	if l.Unseen() != 1 || !l.Seen(rows[0].Key()) || l.Seen(rows[2].Key()) {
		t.Fatalf("%d are unseen, want 1", l.Unseen())
	}
	rows = []sources.DeadLetterRow{letter(2), letter(3), letter(4)}
	if l.Count(rows); l.Unseen() != 2 {
		t.Errorf("%d are unseen after one left and one came, want 2", l.Unseen())
	}
	l.Mark(rows, false, rows[0].Key())
	if l.Unseen() != 3 {
		t.Errorf("%d are unseen after one was unmarked, want 3", l.Unseen())
	}
	trouble, more := letter(5), letter(0)
	trouble.Standing, more.Unlisted, more.AtLeast = bus.Delivered, 7, true
	rows = append(rows, trouble, more)
	l.Count(rows)
	if n, atLeast := l.Total(); n != 10 || !atLeast || l.Unseen() != 10 {
		t.Errorf("%d are dead, %d unseen, want 3 listed and at least 7 more, and not the one that will be delivered again", n, l.Unseen())
	}
	if l.Count(nil); l.Unseen() != 0 || l.Seen(rows[0].Key()) {
		t.Error("what is gone is still counted")
	}
}

package deck

import (
	"errors"
	"strings"
	"testing"
	"time"

	"signalbox/scenarios/cohort"
	"signalbox/sources"
	"signalbox/ui/deck/cohorts"
)

// A cohort is typed, listed in its order with its columns, saved by its name, counted, opened and removed.
func TestCohorts(t *testing.T) {
	var kept []string
	f := demo()
	f.base.Cohorts = []sources.CohortRow{{Number: 1, Count: 1204, Part: 1, Since: noon.Add(-time.Minute), Every: time.Second, Course: []float64{1, 2, 4, 8, 4, 2, 8, 9}}, {Number: 2, Part: 0.5}}
	s := drive(t, f, 120, 36, func(o *Options) {
		o.KeepCohort = func(name string, c *cohort.Cohort) error {
			if c == nil {
				name = "-" + name
			}
			kept = append(kept, name)
			return nil
		}
	})
	s.key("A")
	s.shows("none: type : and then cohort, a name, =")
	s.key("esc", ":").write("cohort poor = delivery where state.budget < 31").key("enter")
	want := s.fake.view.Entities
	if want.Kind != "delivery" || want.Filter == nil || want.Sort != "" || len(kept) != 1 || kept[0] != "poor" {
		t.Errorf("%+v is listed, %v saved", want, kept)
	}
	s.shows("saved as poor: A lists all cohorts", "Cohort poor")
	s.key(":").write("cohort rich = delivery where state.budget > 30 sort -budget columns budget, status, version").key("enter")
	want = s.fake.view.Entities
	if want.Sort != "budget" || !want.Descending || len(kept) != 2 {
		t.Errorf("%+v is listed, %v saved", want, kept)
	}
	s.golden("cohort_120x36")
	s.key("A").golden("cohorts_120x36")
	s.key("down", "enter")
	s.shows("Cohort rich")
	s.key("esc")
	s.hides("Cohort rich")
	s.shows("Cohort poor") // where one was before
	s.key("esc")
	s.hides("Cohort")
	if want = s.fake.view.Entities; want.Kind != "" || want.Filter != nil || want.Sort != "" || want.Descending {
		t.Errorf("%+v is listed, want all", want)
	}
	s.key(":").write("cohort rich").key("enter")
	s.shows("Cohort rich")
	s.key("A", "x")
	s.shows("poor is removed")
	if got := strings.Join(kept, " "); got != "poor rich -poor" {
		t.Errorf("saved: %s", got)
	}
	s.key("esc", ":").write("cohort bad = delivery where stat:x").key("enter")
	s.shows("stat: narrows nothing; did you mean")
}

// In the past the counts say that they are of now, and a cohort that is open is asked for as of then.
func TestCohortsInThePast(t *testing.T) {
	f := demo()
	f.base.Cohorts = []sources.CohortRow{{Number: 1, Count: 4, Part: 1}}
	s := drive(t, f, 120, 36)
	s.key(":").write("cohort poor = delivery where state.budget < 31").key("enter", "[", "A")
	s.shows("counts are of now; one that is opened is as it was then")
	if v := s.fake.view; v.At == 0 || v.Entities.Filter == nil || v.Entities.Kind != "delivery" {
		t.Errorf("%+v", v)
	}
}

// What was saved is there again; what of it could not be read is said where cohorts are listed, and when one is saved.
func TestSavedCohorts(t *testing.T) {
	var made cohorts.Cohorts
	saved, err := made.Set("poor = delivery where state.budget < 31")
	if err != nil {
		t.Fatal(err)
	}
	wrong := errors.New("cohorts.yaml:2:1: want KIND")
	s := drive(t, demo(), 120, 36, func(o *Options) {
		o.Cohorts, o.NoCohorts = []cohorts.Saved{saved}, wrong
		o.KeepCohort = func(string, *cohort.Cohort) error { return wrong }
	})
	s.key("A")
	s.shows("delivery where state.budget < 31", "cohorts.yaml:2:1: want KIND")
	s.key("esc", ":").write("cohort rich = delivery where state.budget > 31").key("enter")
	s.shows("cohorts.yaml:2:1: want KIND")
	s.key("A")
	s.shows("rich")
}

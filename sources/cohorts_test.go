package sources

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"signalbox/sources/state"
)

// A cohort counts the entities that its filter wants, whatever comes, leaves or is folded anew.
func TestCohortsCountWhatTheirFiltersWant(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		texts := make([]string, rapid.IntRange(1, 40).Draw(rt, "events"))
		for i := range texts {
			texts[i] = drawText(rt, false)
		}
		isTwo := NewFilter(func(r *EntityRow) bool {
			return slices.ContainsFunc(r.Fields, func(f state.Field) bool { return f.Name == "budget" && f.Value.String() == "2" })
		})
		all := NewFilter(func(*EntityRow) bool { return true })
		list := &CohortList{All: []CohortSpec{{Number: 1, Kind: "thing", Filter: isTwo}, {Number: 2, Kind: "thing", Filter: all}, {Number: 3, Kind: "other", Filter: all}}}
		from := rapid.IntRange(0, len(texts)).Draw(rt, "looked at from")
		e, ctx := running(rt, Options{})
		b := newMemoryBus("s")
		attach(ctx, rt, e, b)
		b.texts(ctx, rt, e, "s", texts[:from]...)
		looks(ctx, rt, e, View{Cohorts: list}, func(s *Snapshot) bool { return s.View.Cohorts == list })
		b.texts(ctx, rt, e, "s", texts[from:]...)
		if rapid.Bool().Draw(rt, "folded anew") {
			if _, err := e.Refold(ctx, kindDomain{newPlainDomain(), true}, others, nil); err != nil {
				rt.Fatal(err)
			}
		}
		rows, err := e.Entities(ctx, "thing", isTwo)
		if err != nil {
			rt.Fatal(err)
		}
		total, err := e.Entities(ctx, "thing", nil)
		if err != nil {
			rt.Fatal(err)
		}
		looks(ctx, rt, e, View{Cohorts: list}, func(s *Snapshot) bool {
			c := s.Cohorts
			return c[0].Count == len(rows) && c[1].Count == len(total) && c[2].Count == 0 && c[0].Part == 1
		})
	})
}

// Entities that leave for want of memory are counted no more.
func TestCohortsOfWhatLeaves(t *testing.T) {
	all := NewFilter(func(*EntityRow) bool { return true })
	list := &CohortList{All: []CohortSpec{{Number: 1, Kind: "thing", Filter: all}}}
	e, ctx := running(t, Options{Memory: leastMemory})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	looks(ctx, t, e, View{Cohorts: list}, func(s *Snapshot) bool { return s.View.Cohorts == list })
	texts := make([]string, 60_000)
	for i := range texts {
		texts[i] = fmt.Sprintf("thing SET %s%d budget=1", strings.Repeat("x", 40), i)
	}
	b.texts(ctx, t, e, "s", texts...)
	s := looks(ctx, t, e, View{Cohorts: list}, func(s *Snapshot) bool { return s.Entities.Total > 0 && s.Cohorts[0].Count == s.Entities.Total })
	if s.Entities.Total == len(texts) {
		t.Error("none has left")
	}
}

// A course keeps all of its time, in ever longer steps.
func TestCoursesGrowLonger(t *testing.T) {
	c := &cohortCount{every: 1}
	const seconds = 1000
	for i := range seconds {
		c.members.Put(uint32(i), true)
		c.sample(time.Unix(int64(i), 0))
	}
	if len(c.course) >= mostCourse || c.every != 16 || c.since != time.Unix(0, 0) || c.course[0] != 1 {
		t.Errorf("%d numbers, every %d s, since %v", len(c.course), c.every, c.since)
	}
	for i := 1; i < len(c.course); i++ {
		if got := c.course[i] - c.course[i-1]; got != float64(c.every) {
			t.Fatalf("%v more at %d: %v", got, i, c.course)
		}
	}
}

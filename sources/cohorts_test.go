package sources

import (
	"fmt"
	"slices"
	"strings"
	"testing"

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

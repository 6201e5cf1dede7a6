package sources

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"signalbox/sources/internal/entities"
)

// TestHeldOrderStandsStill holds the order as it was a while ago, in every way to sort, while entities go on changing.
func TestHeldOrderStandsStill(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e, ctx := running(t, Options{})
		b := newMemoryBus("s")
		attach(ctx, t, e, b)
		var touched []string // by ID, the most recent first
		fields := map[string]map[string]string{}
		versions := map[string]int{}
		happen := func(label string, fresh int) {
			var texts []string
			for range rapid.IntRange(0, 120).Draw(t, label) {
				id := fmt.Sprintf("id-%03d", rapid.IntRange(0, fresh).Draw(t, "id"))
				n := fmt.Sprint(rapid.IntRange(-5, 5).Draw(t, "n"))
				texts = append(texts, fmt.Sprintf("box SET %s n=%s", id, n))
				touched = append([]string{id}, slices.DeleteFunc(touched, func(x string) bool { return x == id })...)
				fields[id] = map[string]string{"id": id, "n": n, "budget": n}
				versions[id]++
			}
			b.texts(ctx, t, e, "s", texts...)
		}
		happen("before", 40)
		v := EntitiesView{Sort: rapid.SampledFrom([]string{"", "", "id", "version", "n"}).Draw(t, "sort"), Rows: 200}
		whole := func(s *Snapshot) bool { return s.Entities.Searched == s.Entities.Total && s.Events.Total == e.Last() }
		if rapid.Bool().Draw(t, "seen before") {
			looks(ctx, t, e, View{Entities: v}, whole)
		}
		if v.Hold = e.Last(); v.Hold == 0 {
			return
		}
		order, then := slices.Clone(touched), maps.Clone(versions)
		if v.Sort == "" {
			happen("meanwhile", 50) // the holding comes later than what it holds
		} else {
			byField := map[string]map[string]string{}
			for id, f := range fields {
				byField[id] = map[string]string{"id": id, "budget": f["n"]}
			}
			sorted := v
			if sorted.Sort == "n" {
				sorted.Sort = "budget"
			}
			sortNaively(order, sorted, byField, versions)
			looks(ctx, t, e, View{Entities: v}, whole)
		}
		if rapid.Bool().Draw(t, "begun") {
			looks(ctx, t, e, View{Entities: v}, whole)
		}
		happen("after", 60)
		if len(order) > 0 {
			at := rapid.IntRange(0, len(order)-1).Draw(t, "cursor")
			v.Cursor, v.Above, v.Rows = Entity{Kind: "box", ID: order[at]}, rapid.IntRange(0, 5).Draw(t, "above"), rapid.IntRange(1, 30).Draw(t, "rows")
		}
		s := looks(ctx, t, e, View{Entities: v}, whole)
		rows := s.Entities
		if rows.Matching != len(order) {
			t.Fatalf("%d are in the order, want %d", rows.Matching, len(order))
		}
		if len(order) == 0 {
			return
		}
		at := slices.Index(order, v.Cursor.ID)
		top := max(at-v.Above, 0)
		if rows.At != at || rows.Top != top {
			t.Fatalf("the cursor stands at %d and the rows begin at %d, want %d and %d", rows.At, rows.Top, at, top)
		}
		want := order[top:min(top+v.Rows, len(order))]
		var got []string
		for _, r := range rows.Rows {
			got = append(got, r.ID)
			if int(r.Version) != versions[r.ID] {
				t.Errorf("%s is shown with version %d, it has %d", r.ID, r.Version, versions[r.ID])
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%+v:\n%s, want\n%s", v, strings.Join(got, " "), strings.Join(want, " "))
		}
		if v.Sort == "" {
			moving := 0
			for id := range versions {
				if versions[id] != then[id] {
					moving++
				}
			}
			looks(ctx, t, e, View{Entities: v}, func(s *Snapshot) bool { return s.Entities.Moving == moving })
		}
		v.Hold, v.Cursor, v.Top, v.Rows = 0, Entity{}, 0, 200
		s = looks(ctx, t, e, View{Entities: v}, whole)
		if s.Entities.Moving != 0 || s.Entities.Matching != len(versions) {
			t.Fatalf("let go, %d of %d would move", s.Entities.Moving, s.Entities.Matching)
		}
		if v.Sort == "" && len(touched) > 0 && s.Entities.Rows[0].ID != touched[0] {
			t.Fatalf("let go, %s comes first, want %s", s.Entities.Rows[0].ID, touched[0])
		}
	})
}

// What leaves for want of memory leaves a held order too; the others keep their places.
func TestHeldOrderLosesWhatLeaves(t *testing.T) {
	e := NewEngine(Options{Domains: newPlainDomain(), Poll: time.Hour})
	e.store.Entities = entities.New(200<<10, 100<<10)
	ctx := start(t, e)
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	add := func(from, to int) {
		var texts []string
		for i := from; i < to; i++ {
			texts = append(texts, fmt.Sprintf("box SET id-%05d n=1", i))
		}
		b.texts(ctx, t, e, "s", texts...)
	}
	add(0, 300)
	v := EntitiesView{Hold: e.Last(), Cursor: Entity{Kind: "box", ID: "id-00001"}, Above: 3, Rows: 10}
	s := looks(ctx, t, e, View{Entities: v}, func(s *Snapshot) bool { return s.Entities.At == 298 })
	if got := s.Entities.Rows[3].ID; got != "id-00001" {
		t.Fatalf("the cursor stands on %s", got)
	}
	add(300, 20_000)
	v.Top = 295
	s = looks(ctx, t, e, View{Entities: v}, func(s *Snapshot) bool { return s.Entities.At < 0 && s.Entities.Moving > 0 })
	if rows := s.Entities; rows.Matching >= 300 || rows.Moving > rows.Total {
		t.Errorf("%d are in the order, %d of %d would move", rows.Matching, rows.Moving, rows.Total)
	}
	if err := e.requests.do(ctx, e.forget); err != nil {
		t.Fatal(err)
	}
	add(0, 5)
	s = looks(ctx, t, e, View{Entities: v}, func(s *Snapshot) bool { return s.Entities.Moving == 5 })
	if s.Entities.Matching != 0 || len(s.Entities.Rows) != 0 {
		t.Errorf("%d are in an order of entities that have all left", s.Entities.Matching)
	}
}

package sources

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"signalbox/bus"
)

// What an event that is held led to may be another once its entity is completed: the time line, an open flow and an open chart
// say so, too.
func TestCompletingIsSeenInWhatIsOpen(t *testing.T) {
	b := newArchiveBus("one")
	for _, typ := range []string{"CLEAR", "ONCE", "ONCE"} {
		b.put("one", "one", "thing "+typ+" a once=1 status=ready")
	}
	e, ctx := running(t, Options{})
	if err := e.Attach(ctx, b, Selection{From: bus.From{Start: bus.FromLast, Last: 1}}); err != nil {
		t.Fatal(err)
	}
	took(ctx, t, e, 1)
	chart := &ChartSpec{Every: time.Minute, Series: func(ev *Event, to []byte) []byte { return append(append(to, ev.Rejected...), 0) }}
	e.Look(View{Serial: 1, Flow: "thing", Chart: chart, Line: LineView{Columns: 10}})
	refused := func(s *Snapshot) string {
		if s.Flow == nil || s.Chart == nil || s.Line == nil {
			return "nothing is open"
		}
		var inFlow uint64
		for _, a := range s.Flow.Arrows {
			if a.Refused {
				inFlow += a.Count
			}
		}
		inChart := uint64(0)
		for _, x := range s.Chart.Series {
			if slices.Contains(x.Names, "was there before") {
				inChart += x.Events
			}
		}
		inLine := 0.0
		for _, c := range s.Line.Columns {
			inLine += c.Refused
		}
		return fmt.Sprint(inFlow, inChart, inLine)
	}
	await := func(want string) {
		t.Helper()
		for refused(e.Snapshot()) != want {
			select {
			case <-e.Changed():
			case <-ctx.Done():
				t.Fatalf("refused in the flow, the chart and the time line: %s, want %s", refused(e.Snapshot()), want)
			}
		}
	}
	await("0 0 0")
	if _, err := e.Complete(ctx, Entity{Kind: "thing", ID: "a"}, nil); err != nil {
		t.Fatal(err)
	}
	await("1 1 1")
}

// However events leave the window, and entities are completed meanwhile, what an entity is, and each version of it that can still
// be told, is what it would be had all been held from the beginning.
func TestEvictedAndCompletedIsAsFoldedAtOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newArchiveBus("one", "two")
		seen := map[string]bool{}
		drawKept(rt, b, seen, 2, rapid.IntRange(1, 15).Draw(rt, "before"), func() {})
		late := NewEngine(Options{Domains: homed{newPlainDomain(), []string{"one", "two"}}, Poll: time.Hour})
		room := rapid.Int64Range(1, 16).Draw(rt, "room") << 10
		late.store.Window.Page, late.store.Window.Limit = 512, func() int64 { return room }
		ctx := start(rt, late)
		if err := late.Attach(ctx, b, Selection{From: bus.From{Start: bus.FromLast, Last: rapid.Uint64Range(1, 6).Draw(rt, "last")}}); err != nil {
			rt.Fatal(err)
		}
		if err := late.CaughtUp(ctx); err != nil {
			rt.Fatal(err)
		}
		sum, _, err := late.Ledger(ctx)
		if err != nil {
			rt.Fatal(err)
		}
		number := sum.Received
		for range rapid.IntRange(1, 4).Draw(rt, "rounds") {
			drawKept(rt, b, seen, 2, rapid.IntRange(0, 25).Draw(rt, "events"), func() {
				number++
				took(ctx, rt, late, number)
			})
			of := Entity{Kind: "thing", ID: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "completed")}
			if entityOf(rt, late, of.ID, 0) != nil {
				if _, err := late.Complete(ctx, of, nil); err != nil {
					rt.Fatal(err)
				}
			}
		}
		early, _ := running(rt, Options{})
		attach(ctx, rt, early, b)
		if err := early.CaughtUp(ctx); err != nil {
			rt.Fatal(err)
		}
		for _, id := range []string{"a", "b", "c"} {
			if d := entityOf(rt, late, id, 0); d != nil && !d.Partial && !mayMiss(rt, late, id) {
				sameVersions(rt, late, early, id)
			}
		}
	})
}

// mayMiss tells whether events of an entity may have been missed that none which came since has told of: completing it says.
func mayMiss(t *rapid.T, e *Engine, id string) (may bool) {
	t.Helper()
	err := e.requests.do(context.Background(), func() {
		slot, ok := e.store.Entities.ByName(Entity{Kind: "thing", ID: id})
		may = ok && e.store.MayMiss(slot)
	})
	if err != nil {
		t.Fatal(err)
	}
	return may
}

// sameVersions compares an entity of two engines, at its newest version and at each that late can still tell.
func sameVersions(t *rapid.T, late, early *Engine, id string) {
	t.Helper()
	fields := func(d *EntityDetail) []string {
		lines := []string{fmt.Sprintf("v%d of %d, %s", d.Shown, d.Newest, d.Status)}
		for _, f := range d.State {
			lines = append(lines, f.Name+"="+f.Value.String())
		}
		slices.Sort(lines)
		return lines
	}
	newest := entityOf(t, early, id, 0).Newest
	for version := range newest + 1 {
		want, got := entityOf(t, early, id, version), entityOf(t, late, id, version)
		if version > 0 && (got.Shown != version || got.Evicted) {
			continue
		}
		if diff := cmp.Diff(fields(want), fields(got)); diff != "" {
			t.Fatalf("%s at version %d, -held from the beginning +evicted and completed:\n%s", id, version, diff)
		}
	}
}

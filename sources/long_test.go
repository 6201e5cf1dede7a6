package sources

import (
	"context"
	"fmt"
	"testing"

	"signalbox/bus"
)

// longLived is an engine with one entity of so many events, each of which changes a number and a part of a tree; every hundredth is
// refused.
func longLived(t tester, events int) (*Engine, context.Context, Entity) {
	t.Helper()
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	for i := 0; i < events; {
		batch := bus.NewBatch(0)
		for range 1000 {
			i++
			typ := "SET"
			if i%100 == 0 {
				typ = "REFUSE"
			}
			m := message(i, fmt.Sprintf("thing %s a n=%d left.x%d=%d", typ, i, i%50, i))
			batch.Add(&m)
		}
		b.send(ctx, t, e, "s", batch)
	}
	return e, ctx, Entity{Kind: "thing", ID: "a"}
}

// A state far back in an entity of many events is what was folded then, from wherever one goes there, also as more events come.
func TestFarBackInALongLife(t *testing.T) {
	const events = 12_000
	e, ctx, of := longLived(t, events)
	for _, version := range []uint64{50, 9000, 51, 5001, 5000, 1, 11_000, 10_500, 2} {
		d, err := e.Entity(ctx, of, version)
		if err != nil || d.Shown != version {
			t.Fatalf("version %d: %v, %+v", version, err, d)
		}
		event := version + (version-1)/99 // of each hundred the last was refused
		fields := flat(d)
		if fields["n"] != fmt.Sprint(event) || fields[fmt.Sprintf("left.x%d", event%50)] != fmt.Sprint(event) || d.Rejected != (event-1)/100 {
			t.Errorf("version %d: n=%s, want %d; %d refused, %v", version, fields["n"], event, d.Rejected, fields)
		}
		for x := range uint64(50) {
			last := event - (event-x+50)%50
			if last%100 == 0 {
				last -= 50 // that was refused, or there was none
			}
			if got := fields[fmt.Sprintf("left.x%d", x)]; last > 0 && last <= event && got != fmt.Sprint(last) {
				t.Errorf("version %d: left.x%d=%s, want %d", version, x, got, last)
			}
		}
	}
	var bytes int64
	var marks int
	if err := e.requests.do(ctx, func() { marks, bytes = e.store.Marks() }); err != nil || marks == 0 || bytes <= 0 {
		t.Errorf("%d states on the way, of %d bytes: %v", marks, bytes, err)
	}
}

// BenchmarkLongLife goes to places far apart in an entity of 100,000 events, and finds where something held first.
func BenchmarkLongLife(b *testing.B) {
	const events = 100_000
	e, ctx, of := longLived(b, events)
	b.Run("version", func(b *testing.B) {
		for i := range b.N {
			if _, err := e.Entity(ctx, of, uint64(1+(i*37_003)%(events*99/100))); err != nil {
				b.Fatal(err)
			}
		}
	})
	for name, ask := range map[string]func(*EventFilter){
		"bisect":           func(f *EventFilter) { f.AskStates() },
		"bisect of fields": func(f *EventFilter) { f.AskStates().AskFields([]string{"left"}) },
	} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				holds := NewFilter(func(ev *Event) bool {
					s := ev.Past.States(ev)
					n, _ := ev.Kind.Find("n")
					return s != nil && s.Is(n).String() == "50001"
				})
				ask(holds)
				if found, err := e.Bisect(ctx, of, holds, nil); err != nil || found.Count != 1 {
					b.Fatal(found, err)
				}
			}
		})
	}
}

package sources

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"signalbox/bus"
	"signalbox/sources/state"
)

// kindDomain is a plainDomain that knows kinds by their names, and may accept what the other refuses.
type kindDomain struct {
	*plainDomain
	accepts bool
}

// Kind implements store.Kinds.
func (d kindDomain) Kind(name string) *state.Kind { return d.kind(name) }

func (d kindDomain) Understand(e *Event) {
	d.plainDomain.Understand(e)
	if d.accepts && e.Type == "REFUSE" && e.Fold != nil {
		e.Fold = acceptingFold{}
	}
}

// acceptingFold writes what plainFold writes, and refuses nothing.
type acceptingFold struct{}

func (acceptingFold) Apply(e *Event, s *state.State) (string, error) {
	_, err := plainFold{}.Apply(e, s)
	return "", err
}

func same(string) bool   { return false }
func others(string) bool { return true }

// account is what is known of all entities, events and counts, as text.
func account(ctx context.Context, t tester, e *Engine, numbers uint64) string {
	var b strings.Builder
	rows, err := e.Entities(ctx, "", nil)
	if err != nil {
		t.Fatalf("%v", err)
	}
	slices.SortFunc(rows, func(a, b EntityRow) int { return strings.Compare(a.ID, b.ID) })
	for _, r := range rows {
		d, err := e.Entity(ctx, r.Entity, 0)
		if err != nil {
			t.Fatalf("%v", err)
		}
		fields := flat(d)
		fmt.Fprintf(&b, "%s v%d rejected %d partial %v %v missing %d:", r.ID, d.Version, d.Rejected, d.Partial, d.Lack, d.Missing)
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			fmt.Fprintf(&b, " %s=%s", name, fields[name])
		}
		for _, step := range d.History {
			fmt.Fprintf(&b, "\n  %d %s v%d %v %q %q %v", step.Number, step.Type, step.Version, step.Folded, step.Rejected, step.Failed, step.Changes)
		}
		b.WriteByte('\n')
	}
	err = e.requests.do(ctx, func() {
		for n := range numbers + 1 {
			sums := e.store.Entities.SumsAt(n).Totals("")
			slices.SortFunc(sums.Statuses, func(a, b Count) int { return strings.Compare(a.Name, b.Name) })
			fmt.Fprintln(&b, n, sums.Total, sums.Partial, sums.Rejected, slices.DeleteFunc(sums.Statuses, func(c Count) bool { return c.N == 0 }))
		}
		e.then.countSeconds()
		for _, c := range e.then.line.Columns(0, 100, 100) {
			fmt.Fprint(&b, c, " ")
		}
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	s := looks(ctx, t, e, View{Entities: EntitiesView{Rows: 10}}, func(s *Snapshot) bool { return s.Last == numbers })
	for _, r := range s.Entities.Rows {
		fmt.Fprint(&b, " ", r.ID, " ", r.Status)
	}
	fmt.Fprintln(&b, s.Ledger)
	return b.String()
}

// What is folded anew is as if it had come to an engine with the other rules.
func TestRefoldingIsAFreshIntake(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		texts := make([]string, rapid.IntRange(1, 40).Draw(rt, "events"))
		for i := range texts {
			texts[i] = drawText(rt, true)
		}
		at := rapid.IntRange(0, len(texts)).Draw(rt, "folded anew after")
		e, ctx := running(rt, Options{})
		b := newMemoryBus("s")
		attach(ctx, rt, e, b)
		fresh, _ := running(rt, Options{Domains: kindDomain{newPlainDomain(), true}})
		c := newMemoryBus("s")
		attach(ctx, rt, fresh, c)
		b.texts(ctx, rt, e, "s", texts[:at]...)
		c.texts(ctx, rt, fresh, "s", texts[:at]...)
		before := finals(ctx, rt, e)
		out, err := e.Refold(ctx, kindDomain{newPlainDomain(), true}, others, nil)
		if err != nil {
			rt.Fatal(err)
		}
		differ := uint64(0)
		for entity, text := range finals(ctx, rt, e) {
			if before[entity] != text {
				differ++
			}
		}
		if out.Differ != differ || out.Events != uint64(at) || uint64(len(out.Found)) != differ {
			rt.Fatalf("%+v, want %d different of %q", out, differ, texts[:at])
		}
		b.texts(ctx, rt, e, "s", texts[at:]...)
		c.texts(ctx, rt, fresh, "s", texts[at:]...)
		got, want := account(ctx, rt, e, uint64(len(texts))), account(ctx, rt, fresh, uint64(len(texts)))
		if got != want {
			rt.Fatalf("folded anew after %d of %q:\n%s\nfresh:\n%s", at, texts, got, want)
		}
	})
}

// finals are all entities as they are, as text.
func finals(ctx context.Context, t tester, e *Engine) map[Entity]string {
	rows, err := e.Entities(ctx, "", nil)
	if err != nil {
		t.Fatalf("%v", err)
	}
	all := map[Entity]string{}
	for _, r := range rows {
		fields := map[string]string{}
		for _, f := range r.Fields {
			flatten(fields, f.Name, f.Value)
		}
		all[r.Entity] = fmt.Sprint(r.Version, r.Rejected, r.Status, fields)
	}
	return all
}

// fills sends more than a cramped window holds: of most entities the first events leave, of some all.
func fills(ctx context.Context, t tester, b *memoryBus, all ...*Engine) {
	const entities, rounds = 40, 60
	for round := range rounds {
		texts := make([]string, 0, entities)
		for i := range entities {
			if i < 5 && round > 2 { // no more of these
				continue
			}
			text := fmt.Sprintf("thing SET e%02d f%d=%d pad=%s", i, round%4, round, strings.Repeat("x", 80))
			if (round+i)%7 == 0 {
				text = strings.Replace(text, "SET", "REFUSE", 1)
			}
			texts = append(texts, text)
		}
		texts = append(texts, fmt.Sprintf("thing SET late%02d pad=%d", round, round))
		for _, e := range all {
			b.texts(ctx, t, e, "s", texts...)
		}
	}
}

// replayed is a bus with a station of which all is seen.
func replayed() *memoryBus {
	b := newMemoryBus()
	b.add(bus.Station{Name: "s", Kind: bus.Stream, Readable: true, Replayable: true})
	return b
}

// By the same rules everything stays as it is, also where events have left the window.
func TestRefoldingByTheSameRulesChangesNothing(t *testing.T) {
	e, ctx := cramped(t, Options{})
	b := replayed()
	attach(ctx, t, e, b)
	fills(ctx, t, b, e)
	before := finals(ctx, t, e)
	partial, err := e.Partial(ctx)
	if err != nil || partial > 0 {
		t.Fatalf("%d partial, %v", partial, err)
	}
	var first uint64
	if err := e.requests.do(ctx, func() { first = e.store.Window.First() }); err != nil {
		t.Fatal(err)
	}
	out, err := e.Refold(ctx, kindDomain{newPlainDomain(), false}, same, nil)
	if err != nil {
		t.Fatal(err)
	}
	if first == 1 {
		t.Fatal("no event has left")
	}
	if out.Differ != 0 || out.Untold != 0 || !maps.Equal(before, finals(ctx, t, e)) {
		t.Errorf("%+v", out)
	}
	if partial, _ := e.Partial(ctx); partial != 0 {
		t.Errorf("%d entities are partial by now", partial)
	}
}

// By other rules an entity whose first events have left is partial, and one that is not is right.
func TestRefoldingWithoutTheFirstEventsIsPartial(t *testing.T) {
	e, ctx := cramped(t, Options{})
	fresh, _ := running(t, Options{Domains: kindDomain{newPlainDomain(), true}})
	b, c := replayed(), replayed()
	attach(ctx, t, e, b)
	attach(ctx, t, fresh, c)
	fills(ctx, t, b, e)
	fills(ctx, t, c, fresh)
	out, err := e.Refold(ctx, kindDomain{newPlainDomain(), true}, others, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := finals(ctx, t, fresh)
	rows, err := e.Entities(ctx, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	whole := 0
	got := finals(ctx, t, e)
	for _, r := range rows {
		if r.Partial {
			continue
		}
		if whole++; got[r.Entity] != want[r.Entity] {
			t.Errorf("%v is not partial, and is %s, want %s", r.Entity, got[r.Entity], want[r.Entity])
		}
	}
	if len(rows) != len(want) || whole == 0 || out.Untold == 0 || whole+int(out.Untold) != len(rows) {
		t.Errorf("%d entities of %d, %d whole, %+v", len(rows), len(want), whole, out)
	}
	for _, r := range rows {
		if r.ID == "e00" && (!r.Evicted || r.Lack != Dropped) {
			t.Errorf("of e00 no event is held: %+v", r)
		}
	}
}

// What comes while it is folded anew is folded by the other rules, too; what cannot be folded anew stays as it is.
func TestRefoldingWhileEventsCome(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", slices.Repeat([]string{"thing SET a budget=1", "thing REFUSE a budget=2"}, 5000)...)
	sent, progressed := false, 0.0
	more := batchOf()
	m := message(1, "thing REFUSE a budget=3")
	more.Add(&m)
	out, err := e.Refold(ctx, kindDomain{newPlainDomain(), true}, others, func(part float64) {
		if part < progressed {
			t.Errorf("%v after %v", part, progressed)
		}
		if progressed = part; !sent { // on the engine's goroutine: it is taken in before the next step
			sent = true
			e.feeds.arrive(delivery{feed: e.feeds.all[0], batch: more})
			e.feeds.all[0].slots <- struct{}{}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	d, err := e.Entity(ctx, Entity{Kind: "thing", ID: "a"}, 0)
	if err != nil || d.Version != 10_001 || flat(d)["budget"] != "3" || d.Rejected != 0 {
		t.Errorf("%+v, %v", d.EntityRow, err)
	}
	if out.Events != 10_001 || out.Differ != 1 || progressed != 1 {
		t.Errorf("%+v, %v done", out, progressed)
	}
	cancelled, cancel := context.WithCancel(ctx)
	if _, err := e.Refold(cancelled, kindDomain{newPlainDomain(), false}, others, func(float64) { cancel() }); err == nil {
		t.Error("what was cancelled was not")
	}
	if _, err := e.Refold(ctx, kindDomain{newPlainDomain(), false}, others, nil); err != nil {
		t.Error(err)
	}
	if d, err := e.Entity(ctx, Entity{Kind: "thing", ID: "a"}, 0); err != nil || d.Version != 5000 || d.Rejected != 5001 {
		t.Errorf("%+v, %v", d.EntityRow, err)
	}
	if err := e.requests.do(ctx, func() {
		if w := e.store.Window; e.refold != nil || w.Memory() > 4<<20 {
			t.Errorf("%d bytes are held by now", w.Memory())
		}
	}); err != nil {
		t.Fatal(err)
	}
}

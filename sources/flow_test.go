package sources

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// declaring is the plain domain with statuses that things are to have.
type declaring struct {
	*plainDomain
	states []string
}

func (d declaring) States(string) []string { return d.states }

// plainFlow is a flow as simple as can be: how many stand where, and how many went along each arrow.
type plainFlow struct {
	Standing map[string]uint64
	Arrows   map[string]uint64
}

// flowOf mines the flow of texts up to an event, anew. Statuses alone are boxes.
func (m *model) flowOf(at int) plainFlow {
	f := plainFlow{map[string]uint64{}, map[string]uint64{}}
	in := map[string]string{} // by id; what a CLEAR takes away is not seen
	for _, text := range m.texts[:at] {
		words := strings.Fields(text)
		from := in[words[2]]
		to, arrow := from, ""
		for _, w := range words[3:] {
			if status, ok := strings.CutPrefix(w, "status="); ok {
				to = status
			}
		}
		switch words[1] {
		case "SET", "CLEAR":
			arrow = from + ">" + to
		case "NONE":
			to = from
		default:
			arrow, to = from+"!", from
		}
		if arrow != "" {
			f.Arrows[arrow]++
		}
		in[words[2]] = to
	}
	for id := range in {
		f.Standing[m.fold(id, 0, uint64(at)).fields["status"]]++
	}
	return f
}

// plain is a flow without what a plainFlow does not have.
func plain(t *rapid.T, g *Flow) plainFlow {
	f := plainFlow{map[string]uint64{}, map[string]uint64{}}
	sum := g.Unknown
	for i := range g.Boxes {
		if sum += g.Boxes[i].Entities; g.Boxes[i].Entities > 0 {
			f.Standing[g.Boxes[i].Name] += g.Boxes[i].Entities
		}
	}
	if sum != g.Entities {
		t.Fatalf("%d stand in boxes or nobody knows where, of %d entities: %+v", sum, g.Entities, g)
	}
	for _, a := range g.Arrows {
		name := g.Boxes[a.From].Name + ">" + g.Boxes[a.To].Name
		if a.Refused {
			name = g.Boxes[a.From].Name + "!"
		}
		f.Arrows[name] += a.Count
		ways := a.Rest
		for _, w := range a.Ways {
			ways += w.Count
		}
		if ways != a.Count {
			t.Fatalf("an arrow was gone %d times, by %d events", a.Count, ways)
		}
	}
	return f
}

// The flow is that of a fresh count of all events, whether it was mined as they came or from what is held; entities stand where
// they are, all of them; and at an earlier time it is that of the events up to then.
func TestFlowIsWhatWasCounted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := model{}
		for range rapid.IntRange(1, 40).Draw(rt, "events") {
			text := drawText(rt, false)
			if words := strings.Fields(text); words[1] == "CLEAR" && !strings.Contains(text, "status=") {
				text += " status=ready" // an entity that has a status keeps one
			}
			m.texts = append(m.texts, text)
		}
		e, ctx := running(rt, Options{Frame: time.Millisecond, Domains: declaring{newPlainDomain(), []string{"ready", "sold"}}})
		b := newMemoryBus("s")
		attach(ctx, rt, e, b)
		from := rapid.IntRange(0, len(m.texts)).Draw(rt, "looked at from")
		show := func(at int, until func(*Flow) bool) *Flow {
			return looks(ctx, rt, e, View{Flow: "thing", At: uint64(at)}, func(s *Snapshot) bool { return s.Flow != nil && until(s.Flow) }).Flow
		}
		if from > 0 {
			b.texts(ctx, rt, e, "s", m.texts[:from]...)
		}
		show(0, func(*Flow) bool { return true })
		if from < len(m.texts) {
			b.texts(ctx, rt, e, "s", m.texts[from:]...)
		}
		got := plain(rt, show(0, func(g *Flow) bool { return g.Part == 1 && g.Events == uint64(len(m.texts)) }))
		if diff := cmp.Diff(m.flowOf(len(m.texts)), got); diff != "" {
			rt.Fatalf("of %q, looked at from %d:\n%s", m.texts, from, diff)
		}
		at := rapid.IntRange(1, len(m.texts)).Draw(rt, "at")
		if at == len(m.texts) {
			return
		}
		got = plain(rt, show(at, func(g *Flow) bool { return g.Part == 1 && g.Events == uint64(at) }))
		if diff := cmp.Diff(m.flowOf(at), got); diff != "" {
			rt.Fatalf("of %q at %d:\n%s", m.texts, at, diff)
		}
	})
}

// Entities without status stand in the type of their last event; declared statuses that were never reached are told; and nobody
// looking costs nothing.
func TestFlowOfTypes(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", "order CREATED 1 x=1", "order PAID 1 x=2", "order CREATED 2 x=1", "other CREATED 3 status=on", "order REFUSE 2 x=1")
	g := looks(ctx, t, e, View{Flow: "order"}, func(s *Snapshot) bool { return s.Flow != nil && s.Flow.Events == 4 }).Flow
	var boxes []string
	for _, x := range g.Boxes {
		boxes = append(boxes, fmt.Sprintf("%s %t %d", x.Name, x.Type, x.Entities))
	}
	if diff := cmp.Diff([]string{" false 0", "CREATED true 1", "PAID true 1"}, boxes); diff != "" {
		t.Error(diff)
	}
	if a := g.Arrows[1]; !a.Refused && (a.Count != 1 || a.Median != time.Second) {
		t.Errorf("from CREATED: %+v", a)
	}
	if s := looks(ctx, t, e, View{}, func(*Snapshot) bool { return true }); s.Flow != nil || e.flow.Live() {
		t.Error("the flow is mined, and nobody looks")
	}
}

// Who waits longer than 99 of 100 others did is listed, the longest first; who went on is not.
func TestFlowListsWhoWaits(t *testing.T) {
	now := time.Unix(10_000, 0)
	e, ctx := running(t, Options{Domains: declaring{newPlainDomain(), []string{"ready", "sold", "lost"}}, Now: func() time.Time { return now }})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	var texts []string
	for i := range 50 {
		texts = append(texts, fmt.Sprintf("thing SET %d status=ready", i), fmt.Sprintf("thing SET %d status=sold", i))
	}
	texts = append(texts, "thing SET late status=ready", "thing SET later status=ready")
	b.texts(ctx, t, e, "s", texts...)
	g := looks(ctx, t, e, View{Flow: "thing"}, func(s *Snapshot) bool { return s.Flow != nil && len(s.Flow.Waiting) == 2 }).Flow
	if g.Waits != 2 || g.Waiting[0].ID != "late" || g.Waiting[1].ID != "later" || g.Boxes[g.Waiting[0].Box].Name != "ready" || g.Waiting[0].Since.Unix() != 101 {
		t.Errorf("%d wait: %+v", g.Waits, g.Waiting)
	}
	if last := g.Boxes[len(g.Boxes)-1]; last.Name != "lost" || !last.Never {
		t.Errorf("the last box is %+v", last)
	}
	b.texts(ctx, t, e, "s", "thing SET late status=sold")
	g = looks(ctx, t, e, View{Flow: "thing"}, func(s *Snapshot) bool { return s.Flow != nil && len(s.Flow.Waiting) == 1 }).Flow
	if g.Waiting[0].ID != "later" {
		t.Errorf("%+v waits", g.Waiting)
	}
}

// What stands in the flow takes the memory of events, and an entity that leaves stands in no box.
func TestFlowIsBounded(t *testing.T) {
	e, ctx := running(t, Options{Memory: 4 << 20, Domains: declaring{newPlainDomain(), []string{"ready"}}, Flow: "thing", Events: HoldNone})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	for part := range 20 {
		var texts []string
		for i := range 2000 {
			texts = append(texts, fmt.Sprintf("thing SET %d-%d status=s%d", part, i, i%100))
		}
		b.texts(ctx, t, e, "s", texts...)
	}
	g, err := e.Flow(ctx)
	if err != nil {
		t.Fatal(err)
	}
	sum := g.Unknown
	for i := range g.Boxes {
		sum += g.Boxes[i].Entities
	}
	if sum != g.Entities || g.Events != 40_000 || g.Entities >= 40_000 || len(g.Boxes) > 200 {
		t.Errorf("%d in %d boxes, of %d entities, by %d events", sum, len(g.Boxes), g.Entities, g.Events)
	}
	if bytes := e.flow.Held(); bytes > 2<<20 {
		t.Errorf("it takes %d bytes", bytes)
	}
}

package sources

import (
	"fmt"
	"strings"
	"testing"
)

func TestHistoryThatHasLeftTheWindowIsMissing(t *testing.T) {
	e, ctx := cramped(t, Options{Memory: 1})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	var texts []string
	for i := range 200 {
		texts = append(texts, fmt.Sprintf("thing SET a n=%d pad=%s", i+1, strings.Repeat("x", 3000)))
	}
	texts[0] += " first=1"
	b.texts(ctx, t, e, "s", texts...)
	d := detailOf(t, e)
	if len(d.History) == 0 || d.Missing == 0 || d.Missing != d.History[0].Version-1 || d.Newest != 200 {
		t.Fatalf("%d steps, %d missing of %d", len(d.History), d.Missing, d.Newest)
	}
	for _, f := range d.State {
		switch {
		case f.Name == "first" && (f.SetBy != "" || f.SetAt != 0 || f.Value.String() != "1"):
			t.Errorf("%+v", f)
		case f.Name == "n" && (f.SetAt != 200 || f.Was.String() != "199"):
			t.Errorf("%+v", f)
		}
	}
	// A version that can no longer be told is answered with the oldest that can.
	d, err := e.Entity(ctx, Entity{Kind: "thing", ID: "a"}, 1)
	if err != nil || d.Shown != d.Missing || flat(d)["n"] != fmt.Sprint(d.Missing) {
		t.Errorf("version 1 is shown as %d: %v, %v", d.Shown, flat(d)["n"], err)
	}
}

func TestStateThatWasGivenUpIsSaidToBe(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", "thing SET a n=1 status=ready", "thing SET b n=1", "thing SET a n=2")
	if err := e.requests.do(ctx, func() {
		slot, _ := e.store.Entities.ByName(Entity{Kind: "thing", ID: "a"})
		e.store.Entities.DropState(slot)
	}); err != nil {
		t.Fatal(err)
	}
	if d := detailOf(t, e); !d.Evicted || !d.Partial || len(d.State) != 0 || d.Status != "ready" || len(d.History) != 2 || d.Version != 2 {
		t.Errorf("%+v", d)
	}
	b.texts(ctx, t, e, "s", "thing SET a m=3")
	d := detailOf(t, e)
	if d.Evicted || !d.Partial || d.Version != 3 || flat(d)["m"] != "3" || flat(d)["n"] != "" {
		t.Errorf("%+v", d)
	}
	if d, err := e.Entity(ctx, Entity{Kind: "thing", ID: "a"}, 2); err != nil || !d.Evicted || len(d.State) != 0 || d.Shown != 2 {
		t.Errorf("version 2 from before: %+v, %v", d, err)
	}
}

func TestChangeTooLargeToUndoEndsWhatCanBeTold(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	big := "thing SET a notes=" + strings.Repeat("x", 2*mostHead)
	b.texts(ctx, t, e, "s", "thing SET a n=1", big, "thing SET a n=2")
	if d, err := e.Entity(ctx, Entity{Kind: "thing", ID: "a"}, 2); err != nil || flat(d)["n"] != "1" || d.Evicted {
		t.Errorf("version 2: %v", err)
	}
	if d, err := e.Entity(ctx, Entity{Kind: "thing", ID: "a"}, 1); err != nil || !d.Evicted || d.Shown != 1 {
		t.Errorf("version 1: shown %d, evicted %v, %v", d.Shown, d.Evicted, err)
	}
}

func TestLongHistoryIsBounded(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	var texts []string
	for i := range MaxHistory + 500 {
		texts = append(texts, fmt.Sprintf("thing SET a n=%d", i+1))
	}
	texts[0] += " first=1"
	b.texts(ctx, t, e, "s", texts...)
	d := detailOf(t, e)
	if len(d.History) != MaxHistory || d.Missing != 500 || d.History[0].Version != 501 {
		t.Errorf("%d steps from version %d on, %d missing", len(d.History), d.History[0].Version, d.Missing)
	}
	for _, f := range d.State {
		if f.Name == "first" && f.SetAt != 1 {
			t.Errorf("who set it lies before the history: %+v", f)
		}
	}
}

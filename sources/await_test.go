package sources

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestAwaitSeesEveryEvent(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", "thing SET a status=new")
	var seen []string
	started, done := make(chan struct{}), make(chan error)
	go func() {
		d, err := e.Await(ctx, Entity{Kind: "thing", ID: "a"}, func(d *EntityDetail) bool {
			if len(seen) == 0 {
				close(started)
			}
			seen = append(seen, d.Status)
			return d.Status == "gone"
		})
		if err == nil && d.Status != "gone" {
			err = errors.New("not what was waited for: " + d.Status)
		}
		done <- err
	}()
	<-started
	b.texts(ctx, t, e, "s", "thing SET b status=x", "thing SET a status=there", "thing REFUSE a status=no", "thing SET a status=gone",
		"thing SET a status=back")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(seen, " "); got != "new there there gone" {
		t.Errorf("asked at %q", got)
	}
}

func TestAwaitEndsWithItsContext(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", "thing SET a status=new")
	short, cancel := context.WithCancel(ctx)
	d, err := e.Await(short, Entity{Kind: "thing", ID: "a"}, func(*EntityDetail) bool { cancel(); return false })
	if !errors.Is(err, context.Canceled) || d == nil || d.Status != "new" {
		t.Errorf("%+v, %v", d, err)
	}
	cancel()
	if d, err := e.Await(short, Entity{Kind: "thing", ID: "nobody"}, func(*EntityDetail) bool { return true }); d != nil || err == nil {
		t.Errorf("%+v, %v", d, err)
	}
	if err := e.requests.do(ctx, func() {
		if len(e.waiters.entities) != 0 {
			t.Errorf("%d still wait", len(e.waiters.entities))
		}
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAwaitEventFindsHeldAndNewOnes(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", "thing SET a n=1", "thing SET b n=1", "thing SET a n=2")
	isA := func(e *Event) bool { return e.ID == "a" }
	for after, want := range map[uint64]uint64{0: 1, 1: 3} {
		if ev, err := e.AwaitEvent(ctx, after, isA); err != nil || ev.Number != want {
			t.Errorf("after %d: %+v, %v, want %d", after, ev, err, want)
		}
	}
	found, last := make(chan *Event), e.Last()
	go func() {
		ev, err := e.AwaitEvent(ctx, last, isA)
		if err != nil {
			t.Error(err)
		}
		found <- ev
	}()
	b.texts(ctx, t, e, "s", "thing SET b n=2", "thing SET a n=3", "thing SET a n=4")
	if ev := <-found; ev == nil || ev.ID != "a" || string(ev.Data) == "" {
		t.Errorf("%+v", ev)
	}
	short, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := e.AwaitEvent(short, e.Last(), isA); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestCaughtUpWaitsForEveryFeed(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("live")
	one, two := b.add(replayable("one", 1)), b.add(replayable("two", 1))
	attach(ctx, t, e, b)
	done := make(chan error, 1)
	go func() { done <- e.CaughtUp(ctx) }()
	batch := batchOf(message(1, "thing SET a n=1"))
	batch.CaughtUp = true
	one.batches <- batch
	if err := e.requests.do(ctx, func() {
		if len(e.feeds.all) != 3 || e.feeds.all[2].caughtUp {
			t.Error("two has caught up already")
		}
	}); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-done:
		t.Fatalf("CaughtUp returned %v before two had", err)
	default:
	}
	empty := batchOf()
	empty.CaughtUp = true
	two.batches <- empty
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if d, err := e.Entity(ctx, Entity{Kind: "thing", ID: "a"}, 0); err != nil || d == nil {
		t.Errorf("the entity is not there: %+v, %v", d, err)
	}
}

func TestPreviewChangesNothing(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", "thing SET a budget=50 ballots.x=1 .alias:one")
	for text, want := range map[string]Preview{
		"thing SET a budget=30 ballots.y=2": {Entity: Entity{Kind: "thing", ID: "a"}},
		"thing SET - budget=30 .alias:one":  {Entity: Entity{Kind: "thing", ID: "a"}},
		"thing REFUSE a budget=30":          {Entity: Entity{Kind: "thing", ID: "a"}, Rejected: "refused as told"},
		"thing FAIL a budget=30":            {Entity: Entity{Kind: "thing", ID: "a"}, Failed: "failed as told"},
		"thing PANIC a budget=30":           {Entity: Entity{Kind: "thing", ID: "a"}, Failed: "the fold panicked: as told"},
		"thing SET nobody budget=30":        {Entity: Entity{Kind: "thing", ID: "nobody"}},
		"nothing":                           {Failed: "no three words"},
		"thing DIE a budget=30":             {Failed: "understanding it panicked: as told"},
	} {
		p, err := e.Preview(ctx, &Event{Received: Received{Data: []byte(text)}})
		if err != nil || p.Entity != want.Entity || p.Rejected != want.Rejected || p.Failed != want.Failed {
			t.Errorf("%s: %+v, %v, want %+v", text, p, err, want)
		}
		if changes := p.Changes; strings.HasPrefix(text, "thing SET a") {
			if len(changes) != 2 || changes[0].Name != "budget" || changes[0].Was.String() != "50" || changes[0].Is.String() != "30" ||
				changes[1].Name != "ballots.y" {
				t.Errorf("%s: changes %v", text, changes)
			}
		}
	}
	d, err := e.Entity(ctx, Entity{Kind: "thing", ID: "a"}, 0)
	if err != nil || d.Version != 1 || flat(d)["budget"] != "50" || flat(d)["ballots.y"] != "" {
		t.Errorf("after it: %+v, %v", d, err)
	}
	if d, err := e.Entity(ctx, Entity{Kind: "thing", ID: "nobody"}, 0); d != nil || err != nil {
		t.Errorf("nobody is there: %+v, %v", d, err)
	}
}

package sources

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"signalbox/bus"
)

// trackingBus tells of one message that it is delivered, and of dead letters.
type trackingBus struct {
	*memoryBus
	letters []bus.DeadLetter
}

func (b *trackingBus) Standing(c bus.Consumer, subject string, at bus.Position) (bus.Standing, string) {
	switch {
	case subject != "test":
		return bus.Filtered, ""
	case at == c.Delivered:
		return bus.Delivered, "worker-1"
	case c.Delivered.Less(at):
		return bus.Waiting, ""
	}
	return bus.Done, ""
}

func (b *trackingBus) DeadLetters(context.Context) ([]bus.DeadLetter, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.letters), nil
}

func TestProgressOfTheChosenEntity(t *testing.T) {
	e, ctx := running(t, Options{Poll: time.Millisecond})
	b := &trackingBus{memoryBus: newMemoryBus("s", "other")}
	b.consumers = []bus.Consumer{
		{Station: "s", Name: "sales", Delivered: bus.Position{Major: 2}},
		{Station: "s", Name: "billing", Delivered: bus.Position{Major: 9}},
		{Station: "elsewhere", Name: "none"},
	}
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", "thing SET a n=1", "thing SET a n=2", "thing SET a n=3")
	b.send(ctx, t, e, "other", batchOf(message(4, "thing NONE a n=3")))
	v := View{Entity: Entity{Kind: "thing", ID: "a"}}
	s := looks(ctx, t, e, v, func(s *Snapshot) bool { return len(s.Progress) == 2 && len(s.Entity.History) == 4 })
	var got []string
	for _, h := range s.Progress {
		got = append(got, fmt.Sprint(h.Station, " ", h.Consumer, " ", h.Stands))
	}
	want := []string{"s billing [{done } {done } {done } { }]", "s sales [{done } {delivered worker-1} {waiting } { }]"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	for i, step := range s.Entity.History {
		if step.Folded != (i < 3) || step.Position.Major != uint64(i+1) || step.Subject != "test" {
			t.Errorf("step %d: %+v", i, step)
		}
	}
	b.mu.Lock()
	b.consumers[0].Delivered.Major = 9
	b.mu.Unlock()
	looks(ctx, t, e, v, func(s *Snapshot) bool {
		return len(s.Progress) == 2 && s.Progress[1].Stands[1].Standing == bus.Done
	})
}

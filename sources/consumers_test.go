package sources

import (
	"testing"
	"time"

	"signalbox/bus"
)

func TestConsumersAreListedWorstFirst(t *testing.T) {
	e, ctx := running(t, Options{Poll: time.Millisecond})
	b := newMemoryBus("s")
	b.consumers = []bus.Consumer{
		{Station: "s", Name: "fine", Waiting: 1},
		{Station: "s", Name: "stuck", Lag: 3, LastActive: time.Unix(1, 0)},
		{Station: "s", Name: "full", Waiting: 1, Unacked: 2, AckLimit: 2},
	}
	attach(ctx, t, e, b)
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return len(s.Consumers) == 3 && len(s.Consumers[0].Lags) > 2 })
	for i, want := range []string{"stuck", "full", "fine"} {
		if s.Consumers[i].Name != want {
			t.Errorf("row %d is %s, want %s", i, s.Consumers[i].Name, want)
		}
	}
	b.mu.Lock()
	b.consumers = nil
	b.mu.Unlock()
	looks(ctx, t, e, View{}, func(s *Snapshot) bool { return len(s.Consumers) == 0 })
}

// Where stations are named, who reads others is not listed, nor what was given up there; an attachment that asks for all of
// a bus brings them.
func TestOnlyWhatIsNamedIsTold(t *testing.T) {
	e, ctx := running(t, Options{Poll: time.Millisecond})
	b := &trackingBus{memoryBus: newMemoryBus("orders", "deliveries")}
	b.consumers = []bus.Consumer{{Station: "orders", Name: "billing", Waiting: 1}, {Station: "deliveries", Name: "courier", Waiting: 1}}
	b.letters = []bus.DeadLetter{
		{Station: "orders", Consumer: "billing", Position: bus.Position{Major: 1}},
		{Station: "deliveries", Consumer: "courier", Position: bus.Position{Major: 2}},
	}
	if err := e.Attach(ctx, b, Selection{Names: []string{"orders"}}); err != nil {
		t.Fatal(err)
	}
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool {
		return len(s.Consumers) > 0 && len(s.Consumers[0].Lags) > 2 && len(s.Dead) > 0
	})
	if len(s.Consumers) != 1 || s.Consumers[0].Name != "billing" || len(s.Dead) != 1 || s.Dead[0].Consumer != "billing" {
		t.Errorf("consumers %+v, dead letters %+v", s.Consumers, s.Dead)
	}
	if err := e.Attach(ctx, b, Selection{}); err != nil {
		t.Fatal(err)
	}
	looks(ctx, t, e, View{}, func(s *Snapshot) bool { return len(s.Consumers) == 2 && len(s.Dead) == 2 })
}

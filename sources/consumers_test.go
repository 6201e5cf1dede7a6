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

package sources

import (
	"testing"
	"time"

	"signalbox/bus"
)

func TestDeadLettersAreUnderstood(t *testing.T) {
	e, ctx := running(t, Options{Poll: time.Millisecond})
	b := &trackingBus{memoryBus: newMemoryBus("s")}
	attach(ctx, t, e, b)
	m := message(7, "thing SET a n=1")
	b.mu.Lock()
	b.letters = []bus.DeadLetter{
		{Station: "s", Consumer: "sales", Position: m.Position, Deliveries: 5, Why: "max deliveries", UnixNano: 20, Message: &m},
		{Station: "s", Consumer: "sales", Position: bus.Position{Major: 3}, Deliveries: 1, Why: "terminated", UnixNano: 10},
	}
	b.mu.Unlock()
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return len(s.Dead) == 2 })
	if r := s.Dead[0]; r.Event != nil || r.Why != "terminated" || r.Bus != "memory" {
		t.Errorf("the older one: %+v", r)
	}
	r := s.Dead[1]
	if r.Event == nil || r.Event.Type != "SET" || r.Event.Entity() != (Entity{Kind: "thing", ID: "a"}) || r.Event.Number != 0 ||
		string(r.Event.Data) != "thing SET a n=1" || r.Kind != bus.Subject {
		t.Errorf("the newer one: %+v, %+v", r, r.Event)
	}
	if s.Ledger.Received != 0 || s.Entities.Total != 0 {
		t.Errorf("a dead letter was taken in: %+v", s.Ledger)
	}
	b.mu.Lock()
	b.letters = b.letters[:1]
	b.mu.Unlock()
	looks(ctx, t, e, View{}, func(s *Snapshot) bool { return len(s.Dead) == 1 && s.Dead[0].Event == r.Event })
}

package natsbus

import (
	"testing"

	"signalbox/bus"
)

// A million messages of 200 bytes, which nobody reads, fit into the backlog of a core subject: a tenth into a tenth.
func TestBacklogTakesABurst(t *testing.T) {
	q := newIntake(DefaultBacklog / 10)
	m := bus.Message{Subject: "orders", Data: make([]byte, 200)}
	for n := range 100_000 {
		m.UnixNano = 1_700_000_000_000_000_000 + int64(n)*1000
		q.offer(m)
	}
	if q.dropped > 0 {
		t.Errorf("%d of 100000 messages were dropped", q.dropped)
	}
}

package sources

import (
	"fmt"
	"testing"

	"signalbox/bus"
)

// BenchmarkEngineSubjects is an event's way through the engine where subjects are not counted, and where they are: 20 of
// them in turn, and each event on one of its own, which is far more than there are places for.
func BenchmarkEngineSubjects(b *testing.B) {
	for _, test := range []struct {
		name, separators string
		subjects         int
	}{{"uncounted", "", 20}, {"same", ".", 1}, {"20", ".", 20}, {"unique", ".", 1 << 18}} {
		b.Run(test.name, func(b *testing.B) {
			e, ctx := running(b, quickOptions(0))
			m := newMemoryBus()
			f := m.add(bus.Station{Name: "deliveries", Readable: true, Traits: bus.Traits{Separators: test.separators}})
			attach(ctx, b, e, m)
			messages := deliveries(1<<18, 1000, 0)
			for i := range messages {
				n := i % test.subjects
				messages[i].Subject = fmt.Sprintf("shop.orders.%d.%d", n%5, n)
			}
			sent := batches(messages, 512)
			flood(ctx, f, sent, len(messages)) // all entities are known
			b.ReportAllocs()
			b.ResetTimer()
			flood(ctx, f, sent, b.N)
		})
	}
}

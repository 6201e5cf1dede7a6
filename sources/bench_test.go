package sources

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/sources/internal/packed"
	"signalbox/sources/state"
)

// The benchmarks feed prebuilt batches of deliveries of about 190 bytes through a memory bus.

// quickDomain finds what it needs at fixed places, so that what is measured is the engine.
type quickDomain struct{ kind *state.Kind }

const (
	typeAt = len(`{"type":"`)
	idAt   = len(`{"type":"PICKUP_PRODUCTS","delivery_id":"`)
	idLen  = 26
)

func (d quickDomain) Understand(e *Event) {
	e.Type, e.ID, e.Kind, e.Fold = packed.String(e.Data[typeAt:typeAt+15]), packed.String(e.Data[idAt:idAt+idLen]), d.kind, quickFold{}
	e.Body = e.Data[idAt+idLen+len(`","data":`) : len(e.Data)-1]
}

// quickFold changes three fields, as a pick-up does.
type quickFold struct{}

func (quickFold) Apply(e *Event, s *state.State) (string, error) {
	if s.Version == 0 {
		s.Set(1, state.TextValue(e.ID))
		s.Set(4, state.TextValue("ring twice"))
		s.Set(0, state.TextValue("ready"))
		s.Set(2, state.IntValue(1_000_000))
		return "", nil
	}
	budget, _ := s.Get(2).Int()
	s.Set(0, state.TextValue("collected"))
	s.Set(2, state.IntValue(budget-20))
	s.Set(3, state.IntValue(int64(s.Version)))
	return "", nil
}

func quickOptions(memory int64) Options {
	return Options{Memory: memory, Domains: quickDomain{state.NewKind("delivery", "id", "budget", "quantity", "notes")}}
}

// deliveries are n messages that go round that many entities in a scattered order.
func deliveries(n, entities int, from int) []bus.Message {
	out := make([]bus.Message, n)
	pad := strings.Repeat("x", 60)
	for i := range out {
		id := (uint64(from+i)*2654435761 + 12345) % uint64(entities)
		text := fmt.Sprintf(`{"type":"PICKUP_PRODUCTS","delivery_id":"01HX7Q%020d","data":{"purchase_price":10,"quantity":2,"note":"%s"}}`, id, pad)
		out[i] = bus.Message{
			Subject: "deliveries." + text[idAt:idAt+idLen], Data: []byte(text), Size: len(text),
			UnixNano: int64(from + i), Position: bus.Position{Major: uint64(from + i + 1)},
		}
	}
	return out
}

// batches are messages in batches of so many, without room for more; they may be sent again and again.
func batches(messages []bus.Message, size int) []*bus.Batch {
	var out []*bus.Batch
	for part := range slices.Chunk(messages, size) {
		weight := 0
		for i := range part {
			weight += len(part[i].Subject) + len(part[i].Data) + 20
		}
		b := bus.NewBatch(weight)
		for i := range part {
			b.Add(&part[i])
		}
		out = append(out, b)
	}
	return out
}

// flood feeds about n messages, the same batches again and again, and returns when they are taken in.
func flood(ctx context.Context, f *memoryFeed, batches []*bus.Batch, n int) {
	for i := 0; n > 0; i++ {
		batch := batches[i%len(batches)]
		if n -= batch.Len(); !f.send(ctx, batch) {
			return
		}
	}
	f.flush(ctx)
}

func benchmarkEngine(b *testing.B, entities, size int, v View) {
	e, ctx := running(b, quickOptions(0))
	m := newMemoryBus()
	f := m.add(bus.Station{Name: "deliveries", Kind: bus.Stream, Readable: true, Traits: bus.Traits{Separators: "."}})
	attach(ctx, b, e, m)
	n := max(1<<18, entities)
	messages := batches(deliveries(n, entities, 0), size)
	flood(ctx, f, messages, n) // all entities are known
	e.Look(v)
	b.ReportAllocs()
	b.ResetTimer()
	flood(ctx, f, messages, b.N)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkEngine is an event's way through the engine, over few and many entities.
func BenchmarkEngine(b *testing.B) {
	for _, entities := range []int{1000, 100_000, 500_000} {
		b.Run(strconv.Itoa(entities)+"-entities", func(b *testing.B) { benchmarkEngine(b, entities, 512, View{}) })
	}
}

// BenchmarkEngineTrickle is the same with batches of few messages.
func BenchmarkEngineTrickle(b *testing.B) {
	for _, size := range []int{1, 8} {
		b.Run(strconv.Itoa(size)+"-in-a-batch", func(b *testing.B) { benchmarkEngine(b, 1000, size, View{}) })
	}
}

// BenchmarkEngineWatched is the same with panes, a filter and a sorted list to keep.
func BenchmarkEngineWatched(b *testing.B) {
	deck := View{Events: EventsView{Above: 50}, Entities: EntitiesView{Rows: 20}}
	b.Run("deck", func(b *testing.B) { benchmarkEngine(b, 1000, 512, deck) })
	filtered := deck
	filtered.Events.Filter = NewFilter(func(e *Event) bool { return bytes.Contains(e.Data, []byte(`"quantity":3`)) })
	b.Run("filter", func(b *testing.B) { benchmarkEngine(b, 1000, 512, filtered) })
	sorted := deck
	sorted.Entities.Sort = "budget"
	b.Run("sorted", func(b *testing.B) { benchmarkEngine(b, 1000, 512, sorted) })
}

// BenchmarkByHand is the understanding and folding of the other benchmarks without an engine.
func BenchmarkByHand(b *testing.B) {
	messages := deliveries(1<<16, 1000, 0)
	d := quickDomain{state.NewKind("delivery", "id", "budget", "quantity", "notes")}
	states := map[string]*state.State{}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ev := Event{Received: Received{Data: messages[i%len(messages)].Data}}
		d.Understand(&ev)
		s := states[ev.ID]
		if s == nil {
			s = &state.State{Kind: d.kind}
			states[ev.ID] = s
		}
		s.Begin()
		if _, err := ev.Fold.Apply(&ev, s); err == nil {
			s.Version++
		}
	}
}

// BenchmarkEngineMemory is what 1 and 10 million events over as many as a million entities leave resident. It does so
// once, however often it is told to.
func BenchmarkEngineMemory(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(GarbagePercent))
	for _, n := range []int{1_000_000, 10_000_000} {
		b.Run(strconv.Itoa(n/1_000_000)+"-million", func(b *testing.B) {
			e, ctx := running(b, quickOptions(0))
			m := newMemoryBus()
			f := m.add(bus.Station{Name: "deliveries", Kind: bus.Stream, Readable: true, Traits: bus.Traits{Separators: "."}})
			attach(ctx, b, e, m)
			began := time.Now()
			for at := 0; at < n; at += 50_000 {
				flood(ctx, f, batches(deliveries(50_000, 1_000_000, at), 512), 50_000)
			}
			b.ReportMetric(float64(n)/time.Since(began).Seconds(), "events/s")
			b.ReportMetric(resident(b), "resident-MiB")
			if err := e.requests.do(ctx, func() {
				b.ReportMetric(float64(e.store.Window.Total()), "held-events")
				b.ReportMetric(float64(e.store.Window.Memory())/float64(e.store.Window.Total()), "B/held-event")
				b.ReportMetric(float64(e.store.Entities.Count()), "entities")
				b.ReportMetric(float64(e.store.Entities.Held())/float64(e.store.Entities.Count()), "B/entity")
				b.ReportMetric(float64(e.store.Entities.Totals("").Partial), "partial")
			}); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// resident is the process's resident memory in MiB, where the system tells.
func resident(b *testing.B) float64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.Sys-m.HeapReleased) / (1 << 20)
	}
	pages, err := strconv.ParseFloat(strings.Fields(string(text))[1], 64)
	if err != nil {
		b.Fatal(err)
	}
	return pages * float64(os.Getpagesize()) / (1 << 20)
}

// BenchmarkSearch looks for a filter's events among a million.
func BenchmarkSearch(b *testing.B) {
	e, ctx := running(b, quickOptions(1<<30))
	m := newMemoryBus()
	f := m.add(bus.Station{Name: "deliveries", Kind: bus.Stream, Readable: true, Traits: bus.Traits{Separators: "."}})
	attach(ctx, b, e, m)
	const n = 1_000_000
	flood(ctx, f, batches(deliveries(n, 10_000, 0), 512), n)
	b.ResetTimer()
	for range b.N {
		v := View{Events: EventsView{Above: 50, Filter: NewFilter(func(e *Event) bool { return e.Version%10 == 3 })}}
		looks(ctx, b, e, v, func(s *Snapshot) bool { return s.Events.Searched == s.Events.Total })
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N*n), "ns/event")
}

// BenchmarkLook is from a look at something else to the snapshot that shows it, while messages come as fast as they can.
func BenchmarkLook(b *testing.B) {
	e, ctx := running(b, quickOptions(0))
	m := newMemoryBus()
	f := m.add(bus.Station{Name: "deliveries", Kind: bus.Stream, Readable: true, Traits: bus.Traits{Separators: "."}})
	attach(ctx, b, e, m)
	flooding, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	messages := deliveries(1<<18, 100_000, 0)
	sent := batches(messages, 512)
	go func() {
		defer close(done)
		for flooding.Err() == nil {
			flood(ctx, f, sent, len(messages))
		}
	}()
	var times []time.Duration
	var filters [50]*EventFilter
	for i := range filters {
		filters[i] = NewFilter(func(e *Event) bool { return e.Version%10 == 3 })
	}
	b.ResetTimer()
	for i := range b.N {
		began := time.Now()
		v := View{
			Events:   EventsView{Above: 50, Cursor: uint64(i), Filter: filters[i%50]},
			Entities: EntitiesView{Rows: 20, Sort: "budget"}, Entity: Entity{Kind: "delivery", ID: string(messages[i%1000].Data[idAt : idAt+idLen])},
		}
		looks(ctx, b, e, v, func(*Snapshot) bool { return true })
		times = append(times, time.Since(began))
	}
	b.StopTimer()
	stop()
	<-done
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "µs-p99")
}

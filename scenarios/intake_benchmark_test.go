package scenarios

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"signalbox/bus"
	"signalbox/scenarios/chart"
	"signalbox/scenarios/filter"
	"signalbox/sources"
)

// storm is a bus with one station, on which the lives of many deliveries are told again and again.
type storm struct {
	bus.Bus
	batches chan *bus.Batch
}

var stormy = bus.Station{Name: "deliveries", Kind: bus.Stream, Readable: true, Traits: bus.Traits{Separators: "."}}

func (s *storm) Info() bus.Info             { return bus.Info{Name: "storm", Link: bus.Live} }
func (s *storm) Notices() <-chan bus.Notice { return nil }
func (s *storm) Close() error               { return nil }

func (s *storm) Stations(context.Context, ...string) ([]bus.Station, error) {
	return []bus.Station{stormy}, nil
}

func (s *storm) Open(context.Context, bus.Station, bus.From) (bus.Feed, error) { return s, nil }

func (s *storm) Next(ctx context.Context) (*bus.Batch, error) {
	select {
	case b, ok := <-s.batches:
		if !ok {
			return nil, io.EOF
		}
		return b, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// inBatches are messages in batches without room for more, which may be sent again and again.
func inBatches(messages []bus.Message) []*bus.Batch {
	var out []*bus.Batch
	for part := range slices.Chunk(messages, 512) {
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

// blow hands over about n messages and waits until the engine has taken them in: it takes no more than a few batches
// before it has taken in the first of them.
func (s *storm) blow(batches []*bus.Batch, n int) {
	for i := 0; n > 0; i++ {
		b := batches[i%len(batches)]
		n -= b.Len()
		s.batches <- b
	}
	for range 8 {
		s.batches <- bus.NewBatch(0)
	}
}

// manyLives are the messages of so many deliveries, which take turns.
func manyLives(deliveries int) []bus.Message {
	const pad = `"notes":"ring twice, leave it at the neighbours"`
	var list []bus.Message
	for _, step := range []string{
		`{"type":"CREATE_DELIVERY","delivery_id":"%s","data":{"budget":100,` + pad + `},"at":"2026-11-20T14:03:22.104Z"}`,
		`{"type":"START_DELIVERY","delivery_id":"%s","data":{` + pad + `},"at":"2026-11-20T14:03:22.104Z"}`,
		`{"type":"PICKUP_PRODUCTS","delivery_id":"%s","data":{"purchase_price":10,"quantity":2,` + pad + `},"at":"2026-11-20T14:03:22.104Z"}`,
		`{"type":"INCREASE_BUDGET","delivery_id":"%s","data":{"budget":50,` + pad + `},"at":"2026-11-20T14:03:22.104Z"}`,
		`{"type":"DELIVER_PRODUCTS","delivery_id":"%s","data":{"sell_price":15,"quantity":1,` + pad + `},"at":"2026-11-20T14:03:22.104Z"}`,
	} {
		for i := range deliveries {
			id := fmt.Sprintf("01HX7Q%020d", uint64(i)*2654435761%uint64(deliveries))
			text := fmt.Sprintf(step, id)
			list = append(list, bus.Message{
				Subject: "deliveries." + id, Data: []byte(text), Size: len(text), UnixNano: int64(len(list)),
				Position: bus.Position{Major: uint64(len(list) + 1)},
			})
		}
	}
	return list
}

// weather starts an engine that knows the built-in domains and reads a storm.
func weather(b *testing.B, memory int64) (*sources.Engine, *storm) {
	e := sources.NewEngine(sources.Options{Memory: memory, Domains: Builtin().Domains()})
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error)
	go func() { done <- e.Run(ctx) }()
	b.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			b.Error(err)
		}
	})
	s := &storm{batches: make(chan *bus.Batch)}
	if err := e.Attach(ctx, s, sources.Selection{}); err != nil {
		b.Fatal(err)
	}
	return e, s
}

// BenchmarkIntake is what an event costs from the batch of a feed to its entity's new state and its place in the window.
func BenchmarkIntake(b *testing.B) {
	for _, deliveries := range []int{1000, 100_000} {
		b.Run(strconv.Itoa(deliveries)+"-deliveries", func(b *testing.B) {
			e, s := weather(b, 0)
			messages := inBatches(manyLives(deliveries))
			s.blow(messages, 5*deliveries)
			b.ReportAllocs()
			b.ResetTimer()
			s.blow(messages, b.N)
			b.StopTimer()
			if l, _, err := e.Ledger(b.Context()); err != nil || l.Rejected+l.Failed+l.Undecodable > 0 {
				b.Fatalf("%+v, %v", l, err)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

// BenchmarkSearch looks through a million held events with a filter as a person types it, and with one written in Go. The
// first rows are there long before the last event has been looked at.
func BenchmarkSearch(b *testing.B) {
	e, s := weather(b, 1<<30)
	s.blow(inBatches(manyLives(200_000)), 1_000_000)
	typed, err := filter.ParseEvents(`type == "PICKUP_PRODUCTS" && data.quantity > 1`)
	if err != nil {
		b.Fatal(err)
	}
	written := sources.NewFilter(func(e *sources.Event) bool {
		return e.Type == "PICKUP_PRODUCTS" && gjson.GetBytes(e.Body, "quantity").Int() > 1
	})
	var first, took [2]time.Duration
	b.ResetTimer()
	for range b.N {
		for j, filter := range []*sources.EventFilter{typed, written} {
			began := time.Now()
			v := sources.View{Events: sources.EventsView{Above: 50, Filter: sources.NewFilter(filter.Wants)}}
			e.Look(v)
			for shown := (sources.EventRows{}); shown.Searched < shown.Total || shown.Total == 0; {
				<-e.Changed()
				if now := e.Snapshot(); now.View == v {
					shown = now.Events
				}
				if len(shown.Rows) > 50 && first[j] == 0 {
					first[j] = time.Since(began)
				}
			}
			took[j] += time.Since(began)
		}
	}
	b.ReportMetric(float64(first[0].Microseconds())/1000, "ms-to-first-rows")
	b.ReportMetric(float64(took[0].Microseconds())/1000/float64(b.N), "ms-to-all")
	b.ReportMetric(float64(took[1].Microseconds())/1000/float64(b.N), "ms-by-hand")
	b.ReportMetric(took[0].Seconds()/took[1].Seconds(), "ratio")
}

// BenchmarkBreakpoints is intake with several breakpoints: they may cost a quarter of it together.
func BenchmarkBreakpoints(b *testing.B) {
	for name, texts := range map[string][]string{
		"none":  nil,
		"state": {"state.budget < 0", "state.quantity > 1000", `state.status == "lost"`},
		"all":   {"state.budget < 0", "before.budget - state.budget > 1000", `changed.budget && state.status == "lost"`, "data.quantity > 1000"},
	} {
		b.Run(name, func(b *testing.B) {
			const deliveries = 10_000
			list := &sources.BreakList{}
			for i, text := range texts {
				when, err := filter.ParseEvents(text)
				if err != nil {
					b.Fatal(err)
				}
				list.All = append(list.All, sources.Breakpoint{Number: i + 1, Kind: "delivery", When: when})
			}
			e, s := weather(b, 256<<20)
			e.Look(sources.View{Serial: 1, Breaks: list})
			batches := inBatches(manyLives(deliveries))
			b.ReportAllocs()
			b.ResetTimer()
			s.blow(batches, b.N)
		})
	}
}

// BenchmarkLookedAt is intake while somebody looks at what is kept as events come: breakpoints, a flow and a chart. Together they
// may cost a quarter of it.
func BenchmarkLookedAt(b *testing.B) {
	for _, name := range []string{"nothing", "flow", "chart", "all"} {
		b.Run(name, func(b *testing.B) {
			v := sources.View{Serial: 1}
			if name == "flow" || name == "all" {
				v.Flow = "delivery"
			}
			if name == "chart" || name == "all" {
				spec, err := chart.Parse("p95(data.quantity) by type every 10s")
				if err != nil {
					b.Fatal(err)
				}
				v.Chart = spec
			}
			if name == "all" {
				when, err := filter.ParseEvents("state.budget < 0")
				if err != nil {
					b.Fatal(err)
				}
				v.Breaks = &sources.BreakList{All: []sources.Breakpoint{{Number: 1, Kind: "delivery", When: when}}}
			}
			e, s := weather(b, 256<<20)
			e.Look(v)
			batches := inBatches(manyLives(10_000))
			s.blow(batches, 50_000)
			b.ReportAllocs()
			b.ResetTimer()
			s.blow(batches, b.N)
			b.StopTimer()
			if shown := e.Snapshot(); v.Flow != "" && (shown.Flow == nil || shown.Flow.Entities == 0) || v.Chart != nil && shown.Chart == nil {
				b.Fatalf("%+v", shown)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

// BenchmarkBisect is to find, of a full window, the first event after which something held: of each entity of a kind, of one, and
// of one of 100,000 events.
func BenchmarkBisect(b *testing.B) {
	find := func(b *testing.B, e *sources.Engine, of sources.Entity, text string) {
		var looked uint64
		for range b.N {
			holds, err := filter.ParseEvents(text)
			if err != nil {
				b.Fatal(err)
			}
			found, err := e.Bisect(b.Context(), of, holds, nil)
			if err != nil || found.Count == 0 {
				b.Fatal(found.Count, err)
			}
			looked = found.Looked
		}
		b.ReportMetric(float64(looked), "events")
		b.ReportMetric(float64(b.Elapsed().Microseconds())/1e3/float64(b.N), "ms")
	}
	whole := func(b *testing.B, lives, events int) (*sources.Engine, string) {
		e, s := weather(b, 0)
		messages := manyLives(lives)
		s.blow(inBatches(slices.Concat(slices.Repeat([][]bus.Message{messages}, max(1, events/len(messages)))...)), events)
		rows, err := e.Entities(b.Context(), "delivery", nil)
		if err != nil || len(rows) == 0 {
			b.Fatal(len(rows), err)
		}
		return e, rows[0].ID
	}
	const both, alone = "state.quantity < 2 && before.quantity == 2", "state.quantity < 2"
	b.Run("all", func(b *testing.B) {
		e, _ := whole(b, 200_000, 1_000_000)
		b.ResetTimer()
		find(b, e, sources.Entity{Kind: "delivery"}, both)
	})
	for name, text := range map[string]string{"long": both, "long-state": alone} {
		b.Run(name, func(b *testing.B) {
			e, id := whole(b, 1, 100_000)
			b.ResetTimer()
			find(b, e, sources.Entity{Kind: "delivery", ID: id}, text)
		})
	}
}

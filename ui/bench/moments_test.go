package bench

import (
	"context"
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/recording"
	"signalbox/scenarios"
	"signalbox/sources"
)

// recorded is the recording that BenchmarkMoments opens.
var recorded = flag.String("recording", "", "a recording, for BenchmarkMoments")

// BenchmarkMoments goes to moments of a recording, anywhere in it, as the deck does, once it was read: it tells how long that took,
// and how fast it was read for the first time. Most of the way to a moment is reading again what lies behind the checkpoint before it.
func BenchmarkMoments(b *testing.B) {
	if *recorded == "" {
		b.Skip("which recording? -recording FILE")
	}
	file, err := recording.Open(*recorded, recording.Reading{})
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	e := sources.NewEngine(sources.Options{Domains: scenarios.Builtin().Domains()})
	ctx, cancel := context.WithCancel(b.Context())
	var running goroutine.Group
	running.Go("the engine", func() { _ = e.Run(ctx) })
	defer running.Wait()
	defer cancel()
	began := time.Now()
	if err := e.Attach(ctx, file, sources.Selection{From: bus.From{Start: bus.FromAll}}); err != nil {
		b.Fatal(err)
	}
	if err := e.CaughtUp(ctx); err != nil {
		b.Fatal(err)
	}
	events := e.Last()
	rate := float64(events) / time.Since(began).Seconds()
	chance := rand.New(rand.NewPCG(7, 7)) // the same moments each time
	var took []time.Duration
	b.ResetTimer()
	for range b.N {
		took = append(took, goTo(e, uint64(len(took)+1), 1+chance.Uint64N(events)))
	}
	b.ReportMetric(rate, "events/s")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Milliseconds()), "ms-median")
	b.ReportMetric(float64(took[len(took)-1].Milliseconds()), "ms-worst")
}

// goTo looks at how all was after an event, and tells how long it took until a snapshot showed that.
func goTo(e *sources.Engine, serial, at uint64) time.Duration {
	began := time.Now()
	e.Look(sources.View{Serial: serial, At: at, Entities: sources.EntitiesView{Rows: 20}, Events: sources.EventsView{Above: 40}})
	for range e.Changed() {
		if s := e.Snapshot(); s.View.Serial == serial && s.Going == nil && len(s.Events.Rows) > 0 {
			break
		}
	}
	return time.Since(began)
}

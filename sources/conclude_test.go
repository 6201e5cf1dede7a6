package sources

import (
	"context"
	"errors"
	"testing"
	"time"

	"signalbox/bus"
)

// concluding is a feed that is asked what was lost.
type concluding struct {
	*memoryFeed
	asked chan struct{}
}

func (f concluding) Conclude() { f.asked <- struct{}{} }

// concludingBus hands out one such feed.
type concludingBus struct {
	*memoryBus
	feed concluding
	link bus.Info
}

func (b *concludingBus) Info() bus.Info { return b.link }

func (b *concludingBus) Open(ctx context.Context, s bus.Station, from bus.From) (bus.Feed, error) {
	if s.Name == "log" {
		return b.feed, nil
	}
	return b.memoryBus.Open(ctx, s, from)
}

// The last figures hold what a broker tells of losses when it is asked, and a gap where nothing is kept and the connection is lost.
func TestTheLastFiguresAreWhole(t *testing.T) {
	e, ctx := running(t, Options{})
	b := &concludingBus{memoryBus: newMemoryBus("votes"), link: bus.Info{Name: "memory", Link: bus.Reconnecting, Since: time.Unix(2000, 0)}}
	b.feed = concluding{b.add(bus.Station{Name: "log", Readable: true, Replayable: true, Traits: bus.Traits{Positions: bus.Sequences}}), make(chan struct{}, 1)}
	if err := e.Attach(ctx, b, Selection{}); err != nil {
		t.Fatal(err)
	}
	b.send(ctx, t, e, "votes", batchOf(message(1990, "heard last")))
	concluded := make(chan error, 1)
	go func() { concluded <- e.Conclude(ctx) }()
	<-b.feed.asked
	told := batchOf(message(1, "a"))
	told.Gaps, told.Concluded = []bus.Gap{{Missed: 7, Why: "trimmed"}}, true
	b.feed.batches <- told
	if err := <-concluded; err != nil {
		t.Fatal(err)
	}
	_, stations, err := e.Ledger(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if missed := stations["log"].Missed; missed != 7 {
		t.Errorf("%d missed, want 7", missed)
	}
	gaps := stations["votes"].Gaps
	if len(gaps) != 1 || gaps[0].Why != "connection lost" || gaps[0].Since.Unix() != 1990 || !gaps[0].Unknown {
		t.Errorf("gaps of what is not kept: %+v", gaps)
	}

	ended, cancel := context.WithCancel(ctx)
	go func() { <-b.feed.asked; cancel() }()
	if err := e.Conclude(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("a broker that tells nothing: %v", err)
	}
	b.feed.batches <- &bus.Batch{Ended: true}
	if err := e.Conclude(ctx); err != nil {
		t.Errorf("a feed that ended: %v", err)
	}
}

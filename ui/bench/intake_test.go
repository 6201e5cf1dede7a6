package bench

import (
	"context"
	"errors"
	"io"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/bus/natsbus"
	natsbare "signalbox/bus/natsbus/bare"
	"signalbox/bus/redisbus"
	redisbare "signalbox/bus/redisbus/bare"
	"signalbox/scenarios"
	"signalbox/sources"
	"signalbox/ui/deck"
)

// burst is how many messages come at once.
const burst = 500_000

// connect connects to a server of either kind.
func connect(ctx context.Context, url string) (bus.Bus, error) { return connectWith(ctx, url, nil) }

// connectWith connects to a server of either kind, to feeds that draw on a budget.
func connectWith(ctx context.Context, url string, feeds *bus.Budget) (bus.Bus, error) {
	if strings.HasPrefix(url, "redis:") {
		return redisbus.Connect(ctx, redisbus.Options{URL: url, Budget: feeds})
	}
	return natsbus.Connect(ctx, natsbus.Options{URL: url, Budget: feeds})
}

// dashboard is an engine that knows the built-in domains, and a deck of 200×60 that is drawn from it.
type dashboard struct {
	*sources.Engine
	feeds  *bus.Budget
	ctx    context.Context
	drawn  written
	keys   *io.PipeWriter
	cancel context.CancelFunc
	over   chan error
}

// written counts the bytes of frames.
type written struct{ bytes atomic.Int64 }

func (w *written) Write(p []byte) (int, error) {
	w.bytes.Add(int64(len(p)))
	return len(p), nil
}

func newDashboard(t testing.TB) *dashboard {
	t.Helper()
	percent, processors := debug.SetGCPercent(sources.GarbagePercent), runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(processors + sources.SpareProcessors)
	library := scenarios.Builtin()
	d := &dashboard{feeds: sources.FeedBudget(0), over: make(chan error, 2)}
	d.Engine = sources.NewEngine(sources.Options{Domains: library.Domains(), Feeds: d.feeds})
	d.ctx, d.cancel = context.WithCancel(context.Background())
	in, keys := io.Pipe()
	d.keys = keys
	go func() { d.over <- d.Run(d.ctx) }()
	go func() {
		d.over <- deck.Run(d.ctx, deck.Options{Engine: d.Engine, Library: library, Input: in, Output: &d.drawn,
			Width: 200, Height: 60, Environment: []string{"TERM=xterm-256color"}})
	}()
	eventually(t, "the first frame", func() bool { return d.drawn.bytes.Load() > 0 })
	t.Cleanup(func() {
		debug.SetGCPercent(percent)
		runtime.GOMAXPROCS(processors)
	})
	return d
}

// close ends the dashboard and what it was attached to.
func (d *dashboard) close(t testing.TB, b bus.Bus) {
	t.Helper()
	d.cancel()
	if err := errors.Join(<-d.over, <-d.over, d.keys.Close(), b.Close()); err != nil {
		t.Fatal(err)
	}
	debug.FreeOSMemory()
}

// attach reads a station of a server.
func (d *dashboard) attach(t testing.TB, url, station string, from bus.Start) bus.Bus {
	t.Helper()
	b, err := connectWith(d.ctx, url, d.feeds)
	if err != nil {
		t.Fatal(err)
	}
	selection := sources.Selection{Names: []string{station}, From: bus.From{Start: from}}
	if err := d.Attach(d.ctx, b, selection); err != nil {
		t.Fatal(err)
	}
	return b
}

// takes waits until so many messages have reached this process and been taken in, and returns their account.
func (d *dashboard) takes(t testing.TB, messages int) sources.Ledger {
	t.Helper()
	var l sources.Ledger
	eventually(t, "all messages are taken in", func() bool {
		var err error
		if l, _, err = d.Ledger(d.ctx); err != nil {
			t.Fatal(err)
		}
		if l.GapCount > 0 {
			t.Fatalf("the broker did not hand over all: %+v", l)
		}
		return l.Received >= uint64(messages)
	})
	if l.Received != l.Held+l.Evicted+l.Dropped {
		t.Errorf("received %d, but held %d, evicted %d and dropped %d", l.Received, l.Held, l.Evicted, l.Dropped)
	}
	return l
}

// station is a kind of station, and the bare client's way to read one.
type station struct {
	name   string
	server func(testing.TB) *broker
	sends  string
	count  func(ctx context.Context, url, name string, messages int, ready func()) error // nil: what is stored is read
	read   func(ctx context.Context, url, name string, messages int) error
}

var stations = []station{
	{"core-nats", newNATS, "nats-publish", natsbare.Count, nil},
	{"jetstream-backfill", newNATS, "nats-store", nil, natsbare.Read},
	{"redis-pubsub", newRedis, "redis-publish", redisbare.Count, nil},
	{"redis-stream", newRedis, "redis-store", nil, redisbare.Read},
}

// BenchmarkIntake is from the broker to the deck: understood, folded by the rules of deliveries, kept and drawn at
// 200×60. Its ratio is that of the rates, ours to that of a bare client that only counts what it is given. What is live
// comes to a dashboard that has had as many messages before; what is stored, to a new one.
func BenchmarkIntake(b *testing.B) {
	for _, s := range stations {
		b.Run(s.name, func(b *testing.B) {
			url := s.server(b).url
			sends := newSender(b, s.sends, url, burst)
			var bare, ours time.Duration
			var l sources.Ledger
			if s.read != nil {
				bare, ours, l = s.backfill(b, url, sends)
			} else {
				bare, ours, l = s.live(b, url, sends)
			}
			messages := float64(b.N) * burst
			b.ReportMetric(messages/ours.Seconds(), "msg/s")
			b.ReportMetric(messages/bare.Seconds(), "bare-msg/s")
			b.ReportMetric(bare.Seconds()/ours.Seconds(), "ratio")
			b.ReportMetric(float64(l.Dropped), "dropped")
		})
	}
}

// name is the station's.
const name = "deliveries"

// live is how long bursts take the bare client, and us.
func (s station) live(b *testing.B, url string, sends *sender) (bare, ours time.Duration, l sources.Ledger) {
	d := newDashboard(b)
	conn := d.attach(b, url, name, bus.FromNew)
	defer d.close(b, conn)
	taken := 0
	us := func() time.Duration {
		taken += burst
		began := time.Now()
		sends.begin(name)
		l = d.takes(b, taken)
		took := time.Since(began)
		sends.answer()
		return took
	}
	s.bare(b, url, sends)
	us()
	for range b.N {
		bare += s.bare(b, url, sends)
		ours += us()
	}
	return bare, ours, l
}

// bare is how long a burst takes the bare client: elsewhere, for the dashboard would read it as well otherwise.
func (s station) bare(b *testing.B, url string, sends *sender) (took time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	var began time.Time
	if err := s.count(ctx, url, other, burst, func() { began = time.Now(); sends.begin(other) }); err != nil {
		b.Fatal(err)
	}
	took = time.Since(began)
	sends.answer()
	return took
}

// other is a station that only the bare client reads.
const other = "elsewhere"

// backfill is how long it takes the bare client, and us, to read what is stored.
func (s station) backfill(b *testing.B, url string, sends *sender) (bare, ours time.Duration, l sources.Ledger) {
	sends.begin(name)
	sends.answer()
	for range b.N {
		ctx, cancel := context.WithTimeout(context.Background(), deadline)
		began := time.Now()
		if err := s.read(ctx, url, name, burst); err != nil {
			b.Fatal(err)
		}
		bare += time.Since(began)
		cancel()

		d := newDashboard(b)
		began = time.Now()
		conn := d.attach(b, url, name, bus.FromAll)
		l = d.takes(b, burst)
		ours += time.Since(began)
		d.close(b, conn)
	}
	return bare, ours, l
}

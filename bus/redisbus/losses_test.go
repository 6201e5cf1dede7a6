package redisbus

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/servers"
)

// harm is what takes entries of a stream away. It comes in one transaction with the entries that are added, so that nobody can
// have read them all.
type harm struct {
	name string
	do   func(ctx context.Context, p redis.Pipeliner, ids []string)
	// What Redis tells: how many are lost in all, and in each gap.
	counted, each bool
}

const lossy = "orders"

var harms = []harm{
	{"XTRIM MAXLEN", func(ctx context.Context, p redis.Pipeliner, _ []string) { p.XTrimMaxLen(ctx, lossy, 3) }, true, true},
	{"XTRIM MINID", func(ctx context.Context, p redis.Pipeliner, ids []string) { p.XTrimMinID(ctx, lossy, ids[7]) }, true, true},
	{"XTRIM MAXLEN ~", func(ctx context.Context, p redis.Pipeliner, _ []string) { p.XTrimMaxLenApprox(ctx, lossy, 3, 0) }, true, true},
	{"XDEL of one", func(ctx context.Context, p redis.Pipeliner, ids []string) { p.XDel(ctx, lossy, ids[4]) }, true, false},
	{"XDEL of some", func(ctx context.Context, p redis.Pipeliner, ids []string) { p.XDel(ctx, lossy, ids[2], ids[4], ids[8]) }, true, false},
	{"DEL", func(ctx context.Context, p redis.Pipeliner, ids []string) {
		p.Del(ctx, lossy)
		p.XAdd(ctx, &redis.XAddArgs{Stream: lossy, ID: ids[9][:strings.IndexByte(ids[9], '-')] + "-999999", Values: []string{"data", "first"}})
	}, false, false},
}

// harmed adds entries, about two thousand a second, and does harm now and then, until it is stopped.
type harmed struct {
	mu   sync.Mutex
	sent []bus.Position
	stop context.CancelFunc
	done chan struct{}
}

func sendHarmed(t *testing.T, url string, what harm, payload string) *harmed {
	ctx, cancel := context.WithCancel(context.Background())
	h := &harmed{stop: cancel, done: make(chan struct{})}
	app := client(t, url)
	go func() {
		defer close(h.done)
		for n := 0; servers.Pause(ctx, 5*time.Millisecond); n++ {
			h.burst(t, app, what, n, payload)
		}
	}()
	t.Cleanup(func() { cancel(); <-h.done })
	return h
}

// burst adds ten entries, and does harm with every third of these.
func (h *harmed) burst(t *testing.T, app *redis.Client, what harm, n int, payload string) {
	ctx, now := context.Background(), time.Now().UnixMilli()
	var ids []string
	_, err := app.TxPipelined(ctx, func(p redis.Pipeliner) error {
		for i := range 10 {
			ids = append(ids, fmt.Sprintf("%d-%d", now, n*10+i))
			p.XAdd(ctx, &redis.XAddArgs{Stream: lossy, ID: ids[i], Values: []string{"data", payload}})
		}
		if n%3 == 1 {
			what.do(ctx, p, ids)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range ids {
		h.sent = append(h.sent, entries.Position(id))
	}
}

func (h *harmed) all() []bus.Position {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sent[:len(h.sent):len(h.sent)]
}

// TestLossesWhileMessagesFlow compares what was sent with what came: each entry that did not come lies in a gap, which is told
// while more come, and is right in number, place and time.
func TestLossesWhileMessagesFlow(t *testing.T) {
	for _, what := range harms {
		for _, pace := range []string{"fast", "slow"} {
			t.Run(what.name+"/"+pace, func(t *testing.T) {
				t.Parallel()
				s := start(t, "--stream-node-max-entries", "3")
				b := connect(t, s.URL())
				f := openOne(t, b, "stream:"+lossy, bus.From{})
				h := sendHarmed(t, s.URL(), what, strings.Repeat("x", 4000))
				var g got
				t.Cleanup(func() {
					if all := unsaid(h, &g); t.Failed() && len(all) > 0 {
						t.Logf("in no gap: %v", all[:min(20, len(all))])
						g.about(t, all[0])
					}
				})
				if pace == "slow" { // nothing is taken while it flows beyond what the feed holds
					eventually(t, "the feed is full", func() bool { return len(h.all()) > 1500 && f.(bus.Waiter).Waiting() > 512<<10 })
				}
				until := len(h.all()) + 1000
				g.read(t, f, "what flows", func() bool {
					return len(g.messages) > 300 && len(h.all()) > until && len(g.gaps) > 3 && len(unsaid(h, &g)) == 0
				})
				h.stop()
				<-h.done
				g.read(t, f, "what was told of the last burst", func() bool { // it may be read before it is noted as sent
					return len(unsaid(h, &g)) == 0 && g.beyondGaps()
				})
				verify(t, h, &g, what)
			})
		}
	}
}

// beyondGaps tells whether an entry after each gap was read: one may be told before what it is between, as a part of it is known.
func (g *got) beyondGaps() bool {
	last := g.messages[len(g.messages)-1].Position
	return !slices.ContainsFunc(g.gaps, func(gap bus.Gap) bool { return last.Less(gap.To) })
}

// about logs the gaps around a place.
func (g *got) about(t *testing.T, at bus.Position) {
	near := func(p bus.Position) bool { return max(p.Major, at.Major)-min(p.Major, at.Major) < 100 }
	for _, gap := range g.gaps {
		if near(gap.From) || near(gap.To) {
			t.Logf("gap: %+v", gap)
		}
	}
}

// lost are the entries that were passed and did not come.
func lost(h *harmed, g *got) (missing []bus.Position) {
	came, last := make(map[bus.Position]bool), bus.Position{}
	for _, m := range g.messages {
		came[m.Position], last = true, m.Position
	}
	for _, at := range h.all() {
		if !came[at] && at.Less(last) {
			missing = append(missing, at)
		}
	}
	return missing
}

// unsaid are lost entries that lie in no gap.
func unsaid(h *harmed, g *got) (all []bus.Position) {
	missing := lost(h, g)
	for _, at := range missing {
		if !said(g.gaps, at) {
			all = append(all, at)
		}
	}
	return all
}

func said(gaps []bus.Gap, at bus.Position) bool {
	when := time.UnixMilli(int64(at.Major))
	for _, gap := range gaps {
		if !at.Less(gap.From) && (gap.To.IsZero() || !gap.To.Less(at)) && !when.Before(gap.Since) && !when.After(gap.Until) {
			return true
		}
	}
	return false
}

func verify(t *testing.T, h *harmed, g *got, what harm) {
	t.Helper()
	missing := lost(h, g)
	var told uint64
	for _, gap := range g.gaps {
		within := uint64(0)
		for _, at := range missing {
			if said([]bus.Gap{gap}, at) {
				within++
			}
		}
		told += gap.Missed
		if gap.Missed > within || what.each && (gap.Missed != within || gap.Unknown) {
			t.Errorf("%d lost in the gap %+v", within, gap)
		}
	}
	t.Logf("%d sent, %d came, %d lost, %d told in %d gaps", len(h.all()), len(g.messages), len(missing), told, len(g.gaps))
	if all := unsaid(h, g); len(all) > 0 || len(missing) == 0 || what.counted && told != uint64(len(missing)) || told > uint64(len(missing)) {
		t.Errorf("%d lost, %d told, %d in no gap: %v", len(missing), told, len(all), all)
	}
}

// What was lost right before the newest entry that came is told as soon as it is asked for.
func TestLossesAreConcluded(t *testing.T) {
	t.Parallel()
	s := start(t)
	app := client(t, s.URL())
	f := openOne(t, connect(t, s.URL()), "stream:"+lossy, bus.From{})
	var g got
	for n := range 3 {
		harmOne(t, app, n)
		g.count(t, f, 2*(n+1))
		g.conclude(t, f)
		if missed := g.missed(); missed != uint64(n+1) {
			t.Fatalf("%d missed, in %+v, want %d", missed, g.gaps, n+1)
		}
	}
}

// That somebody says how many entries were added to a stream loses none, and what is lost then is counted as ever.
func TestWhatIsSaidToHaveBeenAddedIsNotLost(t *testing.T) {
	t.Parallel()
	s := start(t)
	app := client(t, s.URL())
	f := openOne(t, connect(t, s.URL()), "stream:"+lossy, bus.From{})
	var g got
	for n := range 3 {
		harmOne(t, app, 3*n)
		g.count(t, f, 4*n+2)
		g.conclude(t, f)
		if err := app.Do(t.Context(), "XSETID", lossy, fmt.Sprintf("%d-2", 3*n+1), "ENTRIESADDED", 500*(n+1)).Err(); err != nil {
			t.Fatal(err)
		}
		g.conclude(t, f)
		for i := range 2 {
			if err := app.XAdd(t.Context(), &redis.XAddArgs{Stream: lossy, ID: fmt.Sprintf("%d-%d", 3*n+3, i), Values: []string{"data", "x"}}).Err(); err != nil {
				t.Fatal(err)
			}
		}
		g.count(t, f, 4*n+4)
		if missed := g.missed(); missed != uint64(n+1) {
			t.Fatalf("%d missed, in %+v, want %d", missed, g.gaps, n+1)
		}
	}
}

// harmOne adds three entries and deletes the second before anybody can have read it.
func harmOne(t *testing.T, app *redis.Client, n int) {
	t.Helper()
	_, err := app.TxPipelined(t.Context(), func(p redis.Pipeliner) error {
		for i := range 3 {
			p.XAdd(t.Context(), &redis.XAddArgs{Stream: lossy, ID: fmt.Sprintf("%d-%d", n+1, i), Values: []string{"data", "x"}})
		}
		p.XDel(t.Context(), lossy, fmt.Sprintf("%d-1", n+1))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// conclude waits until the feed has told what was lost.
func (g *got) conclude(t *testing.T, f bus.Feed) {
	t.Helper()
	if !bus.Conclude(f) {
		t.Fatal("the feed does not conclude")
	}
	g.concluded = false
	g.read(t, f, "the conclusion", func() bool { return g.concluded })
}

func (g *got) missed() (n uint64) {
	for _, gap := range g.gaps {
		n += gap.Missed
	}
	return n
}

// Another stream in the place of the one that was read is read from its beginning, but for what was read of it before that was
// noticed.
func TestAnotherStreamIsReadOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	app := client(t, s.URL())
	add := func(p redis.Cmdable, id string) {
		if err := p.XAdd(t.Context(), &redis.XAddArgs{Stream: lossy, ID: id, Values: []string{"data", id}}).Err(); err != nil {
			t.Fatal(err)
		}
	}
	add(app, "100-1")
	f := openOne(t, connect(t, s.URL()), "stream:"+lossy, bus.From{Start: bus.FromAll})
	var g got
	g.count(t, f, 1)
	_, err := app.TxPipelined(t.Context(), func(p redis.Pipeliner) error {
		p.Select(t.Context(), 1)
		add(p, "7-7")
		p.Select(t.Context(), 0)
		p.SwapDB(t.Context(), 0, 1)
		add(p, "100-2")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	g.read(t, f, "the gap, and both entries", func() bool { return len(g.messages) > 2 && len(g.gaps) > 0 })
	add(app, "100-3")
	g.read(t, f, "the newest", func() bool { return g.messages[len(g.messages)-1].Position == entries.Position("100-3") })
	times := make(map[bus.Position]int)
	for _, m := range g.messages {
		times[m.Position]++
	}
	if len(times) != 4 || len(g.messages) != 4 {
		t.Errorf("read: %v, want four, each once", times)
	}
}

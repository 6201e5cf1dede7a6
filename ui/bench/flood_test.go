package bench

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	natsbare "signalbox/bus/natsbus/bare"
	redisbare "signalbox/bus/redisbus/bare"
)

// The stations of a flood: of each broker one that keeps, and one that does not.
const (
	keptByNATS, toldByNATS   = "nats_kept", "nats_told"
	keptByRedis, toldByRedis = "redis_kept", "redis_told"
)

// flooded are all of them, and whether they keep.
var flooded = map[string]bool{keptByNATS: true, toldByNATS: false, keptByRedis: true, toldByRedis: false}

// flooding are four senders that send numbered messages, as fast as they are told, until they are stopped.
type flooding struct {
	newest map[string]*atomic.Uint64 // the number sent last, by station
	reader atomic.Pointer[watch]     // who is waited for: the flood is slow while it is far behind
	cancel context.CancelFunc
	over   sync.WaitGroup

	mu     sync.Mutex
	failed map[string][]run // numbers that may not have come to a server, by station
}

// run are numbers one after the other.
type run struct{ from, to uint64 }

// unsent is how many numbers of a run may not have come to a server.
func (f *flooding) unsent(name string, r run) (n uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, other := range f.failed[name] {
		if from, to := max(r.from, other.from), min(r.to, other.to); from <= to {
			n += to - from + 1
		}
	}
	return n
}

// keptMessages is how many messages the stations keep: those of many seconds.
const keptMessages = 600_000

// startFlood sends to all stations, together as many messages a second as told.
func startFlood(t testing.TB, nats, redis string, perSecond int) *flooding {
	f := &flooding{newest: map[string]*atomic.Uint64{}, failed: map[string][]run{}}
	var ctx context.Context
	ctx, f.cancel = context.WithCancel(context.Background())
	t.Cleanup(f.stop)
	for name := range flooded {
		f.newest[name] = &atomic.Uint64{}
	}
	for name, newest := range f.newest {
		pace, payload := pacemaker(ctx, perSecond/len(flooded), func() bool { return f.ahead(name) > uint64(perSecond) }), func(n uint64) []byte {
			newest.Store(n)
			return numbered(n)
		}
		failed := func(from, to uint64) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.failed[name] = append(f.failed[name], run{from, to})
		}
		f.over.Go(func() {
			switch name {
			case keptByNATS:
				stored(newest, natsbare.Keep(ctx, nats, name, keptMessages, pace, payload, numberOf))
			case toldByNATS:
				natsbare.Tell(ctx, nats, name, pace, payload, failed)
			case keptByRedis:
				stored(newest, redisbare.Keep(ctx, redis, name, keptMessages, pace, payload, numberOf))
			case toldByRedis:
				redisbare.Tell(ctx, redis, name, pace, payload, failed)
			}
		})
	}
	return f
}

// stored has the newest number be the one that a server keeps last: at the end, numbers may be given out that are not sent.
func stored(newest *atomic.Uint64, last uint64) {
	if last > 0 {
		newest.Store(last)
	}
}

// flows waits until something of each station has come to its server: one that keeps is there then.
func (f *flooding) flows(t testing.TB) {
	for name, newest := range f.newest {
		eventually(t, "something is sent to "+name, func() bool { return newest.Load() > mostAtOnce })
	}
}

func (f *flooding) stop() {
	f.cancel()
	f.over.Wait()
}

// waitsFor has the flood be slow while a reader is far behind: a machine that is busy with other work cannot read at any rate,
// and what is sent without end is never read to its end.
func (f *flooding) waitsFor(w *watch) { f.reader.Store(w) }

// ahead is how many messages of a station were sent that its reader has not read yet.
func (f *flooding) ahead(name string) uint64 {
	var read uint64
	if w := f.reader.Load(); w != nil {
		read = w.newest[name].Load()
	}
	return max(f.newest[name].Load(), read) - read
}

// sent is how many numbers were given out.
func (f *flooding) sent() (sum uint64) {
	for _, newest := range f.newest {
		sum += newest.Load()
	}
	return sum
}

// mostAtOnce is how many messages are sent at once at most.
const mostAtOnce = 1000

// pacemaker tells how many messages are due, at least one, and waits until one is. What was late is sent later, but not
// what was very late. While it is to be slow, it is one message at a time, a few a second, and afterwards it becomes as fast as
// it was little by little.
func pacemaker(ctx context.Context, most int, slow func() bool) func() int {
	began, sent, perSecond := time.Now(), 0, float64(most)
	return func() int {
		if slow() {
			select {
			case <-time.After(100 * time.Millisecond):
				began, sent, perSecond = time.Now(), 0, max(perSecond*0.8, float64(most)/20)
				return 1
			case <-ctx.Done():
				return 0
			}
		}
		if perSecond < float64(most) && time.Since(began) > 10*time.Second {
			began, sent, perSecond = time.Now(), 0, min(perSecond*1.1, float64(most))
		}
		for {
			due := int(time.Since(began).Seconds()*perSecond) - sent
			if due > mostAtOnce {
				sent, due = sent+due-mostAtOnce, mostAtOnce
			}
			if due > 0 {
				sent += due
				return due
			}
			select {
			case <-time.After(5 * time.Millisecond):
			case <-ctx.Done():
				return 0
			}
		}
	}
}

// numbered is a payload with its number, and when it was sent.
func numbered(n uint64) []byte {
	return fmt.Appendf(nil, `{"type":"INCREASE_BUDGET","delivery_id":"01HX7Q%05d","data":{"budget":50,"notes":"ring twice"},"sent":%d,"number":%d}`,
		n%5000, time.Now().UnixNano(), n)
}

// numberOf is the number in a payload, or in a line that holds one.
func numberOf(line []byte) uint64 { return member(line, `"number":`) }

// sentAt is when a payload was sent.
func sentAt(line []byte) time.Time { return time.Unix(0, int64(member(line, `"sent":`))) }

// member is the number after a name, 0 where there is none.
func member(line []byte, name string) uint64 {
	at := bytes.Index(line, []byte(name))
	if at < 0 {
		return 0
	}
	digits := line[at+len(name):]
	end := bytes.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(digits)
	}
	n, _ := strconv.ParseUint(string(digits[:end]), 10, 64)
	return n
}

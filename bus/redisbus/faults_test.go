package redisbus

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/bustest"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/servers"
)

// sender sends numbers, one after the other, on a stream and on a channel, until it is stopped. What fails is not sent again.
type numbers struct {
	mu     sync.Mutex
	taken  int               // entries that the server said it stored
	spoken map[int]time.Time // numbers that the server said it published, and when they were sent
	stop   context.CancelFunc
	done   chan struct{}
}

func sendNumbers(t *testing.T, url string) *numbers {
	ctx, cancel := context.WithCancel(context.Background())
	n := &numbers{spoken: make(map[int]time.Time), stop: cancel, done: make(chan struct{})}
	app := client(t, url)
	go func() {
		defer close(n.done)
		for i := 0; servers.Pause(ctx, 200*time.Microsecond); i++ {
			n.send(app, i)
		}
	}()
	t.Cleanup(func() { cancel(); <-n.done })
	return n
}

func (n *numbers) send(app *redis.Client, i int) {
	began := time.Now()
	stored := app.XAdd(context.Background(), &redis.XAddArgs{Stream: "orders", Values: []any{"data", i}}).Err() == nil
	spoken := app.Publish(context.Background(), "news", i).Err() == nil
	n.mu.Lock()
	defer n.mu.Unlock()
	if stored {
		n.taken++
	}
	if spoken {
		n.spoken[i] = began
	}
}

func (n *numbers) newest() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	newest := -1
	for i := range n.spoken {
		newest = max(newest, i)
	}
	return newest
}

// TestKillsUnderLoad kills the server and starts it again, and counts. A stream must bring all that is stored, once;
// whatever a channel does not bring must lie within a gap.
func TestKillsUnderLoad(t *testing.T) {
	s, times := durable(t), bustest.Rounds(t, 4)
	b := connect(t, s.URL())
	stream, channel := openOne(t, b, "stream:orders", bus.From{Start: bus.FromAll}), openOne(t, b, "news", bus.From{})
	n := sendNumbers(t, s.URL())
	var g, c got
	for range times {
		g.count(t, stream, len(g.messages)+100)
		c.count(t, channel, len(c.messages)+100)
		s.Kill()
		s.Restart()
	}
	until := n.newest() + 200
	c.read(t, channel, "what was sent after the last kill", func() bool { return len(c.messages) > 0 && numberOf(c.messages[len(c.messages)-1]) >= until })
	n.stop()
	<-n.done
	stored := client(t, s.URL()).XRange(limited(t), "orders", "-", "+").Val()
	g.read(t, stream, "the last entry", func() bool {
		return len(g.messages) > 0 && entries.ID(g.messages[len(g.messages)-1].Position) == stored[len(stored)-1].ID
	})
	repeated, missed, unstored := against(g.messages, stored)
	t.Logf("stream, %d kills: %d taken, %d stored, %d received, %d repeated, %d missed, %d gaps", times, n.taken, len(stored), len(g.messages), repeated, missed, len(g.gaps))
	if repeated+missed+unstored > 0 || len(g.gaps) > 0 || g.dropped > 0 || len(stored) < n.taken {
		t.Errorf("gaps %+v, dropped %d, %d received that are not stored", g.gaps, g.dropped, unstored)
	}
	n.channel(t, times, &c)
}

// channel counts what came on the channel.
func (n *numbers) channel(t *testing.T, times int, c *got) {
	last, seen, repeated, missed, unsaid := numberOf(c.messages[len(c.messages)-1]), make(map[int]bool), 0, 0, 0
	for _, m := range c.messages {
		i := numberOf(m)
		if seen[i] {
			repeated++
		}
		seen[i] = true
	}
	way := n.longestWay(c.messages)
	for i, at := range n.spoken {
		if i > last || seen[i] {
			continue
		}
		missed++
		if !within(c.gaps, at, way) {
			unsaid++
		}
	}
	t.Logf("channel, %d kills: %d sent, %d received, %d repeated, %d missed in %d gaps, %d missed unsaid", times, len(n.spoken), len(c.messages), repeated, missed, len(c.gaps), unsaid)
	if repeated > 0 || unsaid > 0 || len(c.gaps) != times {
		t.Errorf("gaps %+v", c.gaps)
	}
}

// longestWay is how long the message was on its way that came latest.
func (n *numbers) longestWay(messages []bus.Message) (way time.Duration) {
	for _, m := range messages {
		if at, ok := n.spoken[numberOf(m)]; ok {
			way = max(way, m.Time().Sub(at))
		}
	}
	return way
}

// within tells whether a gap covers a moment, give or take how long a message was on its way.
func within(gaps []bus.Gap, at time.Time, way time.Duration) bool {
	for _, gap := range gaps {
		if !at.Before(gap.Since.Add(-way)) && at.Before(gap.Until) {
			return true
		}
	}
	return false
}

func numberOf(m bus.Message) int {
	n, err := strconv.Atoi(string(m.Data))
	if err != nil {
		return -1
	}
	return n
}

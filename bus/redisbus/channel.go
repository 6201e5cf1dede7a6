package redisbus

import (
	"context"
	"io"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/bus/backlog"
)

// channelFeed is one channel, pattern or sharded channel being read. Lines fill it; what its reader has not taken
// waits, up to what the bus allows for all feeds together, and is then let go and counted.
type channelFeed struct {
	bus   *Bus
	topic topic
	lines []*line       // that fill it
	wake  chan struct{} // there may be something to take
	done  chan struct{} // closed by Close

	mu      sync.Mutex // guards what follows
	waiting *backlog.Backlog
	dropped uint64
	closed  bool
	names   map[string]string // subjects of a pattern, each once
}

func newChannelFeed(b *Bus, t topic) *channelFeed {
	f := &channelFeed{bus: b, topic: t, wake: make(chan struct{}, 1), done: make(chan struct{})}
	f.waiting = backlog.New(b.options.Buffer)
	f.waiting.CaughtUp() // a channel holds nothing
	b.held.Add(f.waiting.Held())
	return f
}

// Next implements bus.Feed.
func (f *channelFeed) Next(ctx context.Context) (*bus.Batch, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		batch, open := f.take()
		switch {
		case !open:
			return nil, io.EOF
		case batch != nil:
			return batch, nil
		}
		select {
		case <-f.wake:
		case <-f.done:
		case <-ctx.Done():
		}
	}
}

// take removes the batch that has waited longest; nil when nothing waits and nothing was let go.
func (f *channelFeed) take() (batch *bus.Batch, open bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, false
	}
	if batch = f.waiting.Take(); batch != nil {
		f.bus.held.Add(-int64(batch.Memory()))
	}
	if f.dropped > 0 {
		if batch == nil { // too large for the buffer, though it was empty
			batch = bus.NewBatch(0)
		}
		batch.Dropped, f.dropped = f.dropped, 0
	}
	return batch, true
}

// arrival is what a message carried: data is a view, size how large it was at the broker.
type arrival struct {
	data []byte
	size int
}

// put takes in messages that came on one channel.
func (f *channelFeed) put(channel []byte, arrivals []arrival, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	m := bus.Message{Subject: f.topic.name, UnixNano: at.UnixNano()}
	if f.topic.kind == bus.Pattern {
		m.Subject = f.subject(channel)
	}
	for _, p := range arrivals {
		m.Data, m.Size = p.data, p.size
		if f.room(f.waiting.Needs(&m)) {
			f.waiting.Add(&m)
		} else {
			f.dropped++
		}
	}
	f.signal()
}

// room takes so many bytes of what all feeds of the bus may hold, if there are as many.
func (f *channelFeed) room(bytes int64) bool {
	if bytes == 0 {
		return true
	}
	if held := f.bus.held.Add(bytes); held > f.bus.options.Buffer && held > bytes {
		f.bus.held.Add(-bytes)
		return false
	}
	return true
}

// Waiting implements bus.Waiter.
func (f *channelFeed) Waiting() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.waiting.Held()
}

// maxNames bounds the subjects that a feed remembers.
const maxNames = 4096

// subject is the name of a channel that a pattern matched, without making the same string for each message.
func (f *channelFeed) subject(channel []byte) string {
	if name, ok := f.names[string(channel)]; ok {
		return name
	}
	if len(f.names) == maxNames || f.names == nil {
		f.names = make(map[string]string)
	}
	name := string(channel)
	f.names[name] = name
	return name
}

// gap notes that messages may have been missed between two moments.
func (f *channelFeed) gap(since, until time.Time, why string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	before := f.waiting.Held()
	f.waiting.Gap(bus.Gap{Since: since, Until: until, Unknown: true, Why: why})
	f.bus.held.Add(f.waiting.Held() - before)
	f.signal()
}

func (f *channelFeed) signal() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// Close implements bus.Feed.
func (f *channelFeed) Close() error {
	for _, l := range f.lines {
		l.leave(f)
	}
	f.end()
	return nil
}

// end lets go of what is held and wakes the reader.
func (f *channelFeed) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	f.closed = true
	f.bus.held.Add(-f.waiting.Held())
	f.waiting = backlog.New(0)
	close(f.done)
}

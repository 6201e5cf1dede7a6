package redisbus

import (
	"context"
	"io"
	"sync"
	"time"

	"signalbox/bus"
)

// channelFeed is one channel, pattern or sharded channel being read. Lines fill it; what its reader has not taken
// is held, up to what the bus allows for all feeds together, and then let go and counted.
type channelFeed struct {
	bus   *Bus
	topic topic
	lines []*line       // that fill it
	wake  chan struct{} // there may be something to take
	done  chan struct{} // closed by Close

	mu      sync.Mutex // guards what follows
	queue   []*parcel  // oldest first; the last is still filled
	dropped uint64
	greeted bool // the batch that says CaughtUp has been taken
	closed  bool
	names   map[string]string // subjects of a pattern, each once
}

func newChannelFeed(b *Bus, t topic) *channelFeed {
	return &channelFeed{bus: b, topic: t, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// Next implements bus.Feed.
func (f *channelFeed) Next(ctx context.Context) (*bus.Batch, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if batch, open := f.take(); !open {
			return nil, io.EOF
		} else if batch != nil {
			return batch, nil
		}
		select {
		case <-f.wake:
		case <-f.done:
		case <-ctx.Done():
		}
	}
}

// take removes the oldest parcel, if there is any. A channel holds nothing, so that its first batch has caught up.
func (f *channelFeed) take() (batch *bus.Batch, open bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil, false
	}
	var p *parcel
	switch {
	case len(f.queue) > 0:
		p = f.queue[0]
		f.queue[0] = nil
		f.queue = f.queue[1:]
		f.bus.held.Add(-p.held)
	case f.dropped > 0 || !f.greeted:
		p = newParcel()
	default:
		return nil, true
	}
	p.batch.Dropped, f.dropped = f.dropped, 0
	p.batch.CaughtUp, f.greeted = !f.greeted, true
	return p.hand(), true
}

// put takes a message in. data is a view unless it is memory of its own; size is how large it was at the broker.
func (f *channelFeed) put(subject, data []byte, own bool, size int, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	cost := int64(len(data)) + messageCost
	if f.closed {
		return
	}
	if held := f.bus.held.Add(cost); held > f.bus.options.Buffer && held > cost {
		f.bus.held.Add(-cost)
		f.dropped++
	} else {
		p := f.tail()
		name := f.topic.name
		if f.topic.kind == bus.Pattern {
			name = f.subject(subject)
		}
		p.add(bus.Message{Subject: name, Data: p.keep(data, own), UnixNano: at.UnixNano(), Size: size})
	}
	f.signal()
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

// tail is the parcel to fill.
func (f *channelFeed) tail() *parcel {
	if n := len(f.queue); n > 0 && !f.queue[n-1].full() {
		return f.queue[n-1]
	}
	p := newParcel()
	f.queue = append(f.queue, p)
	return p
}

// gap notes that messages may have been missed between two moments. Gaps with nothing between them become one.
func (f *channelFeed) gap(since, until time.Time, why string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	p := f.tail()
	if len(p.batch.Messages) > 0 {
		p = newParcel()
		f.queue = append(f.queue, p)
	}
	if len(p.batch.Gaps) > 0 {
		p.batch.Gaps[0].Until, p.batch.Gaps[0].Why = until, why
	} else {
		p.batch.Gaps = append(p.batch.Gaps, bus.Gap{Since: since, Until: until, Unknown: true, Why: why})
	}
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
	for _, p := range f.queue {
		f.bus.held.Add(-p.held)
	}
	f.queue = nil
	close(f.done)
}

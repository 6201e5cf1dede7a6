package channels

import (
	"context"
	"time"

	"signalbox/bus"
	"signalbox/bus/backlog"
)

// Feed is a topic that is read. Connections fill its queue.
type Feed struct {
	topic       Topic
	queue       *backlog.Queue
	connections []*connection // that fill it; changed by Subscribe alone
}

// NewFeed makes a feed that is not subscribed yet.
func (c *Channels) NewFeed(t Topic) *Feed {
	f := &Feed{topic: t, queue: backlog.NewQueue(c.session.Budget, c.most)}
	f.queue.CaughtUp() // the server keeps nothing of a channel
	return f
}

// Servers are the addresses of the servers that the feed reads from, or last read from. It must not be called while
// Subscribe is.
func (f *Feed) Servers() []string {
	all := make([]string, 0, len(f.connections))
	for _, c := range f.connections {
		all = append(all, c.address())
	}
	return all
}

// Gap reports that messages may have been missed between two moments.
func (f *Feed) Gap(since, until time.Time, why string) {
	f.queue.Gap(bus.Gap{Since: since, Until: until, Unknown: true, Why: why})
}

// Next implements bus.Feed.
func (f *Feed) Next(ctx context.Context) (*bus.Batch, error) { return f.queue.Next(ctx) }

// Waiting implements bus.Waiter.
func (f *Feed) Waiting() int64 { return f.queue.Held() }

// Unread is how many messages have come and wait for Next; any goroutine may ask.
func (f *Feed) Unread() uint64 { return f.queue.Unread() }

// Close implements bus.Feed.
func (f *Feed) Close() error {
	for _, c := range f.connections {
		c.leave(f)
	}
	f.queue.Close()
	return nil
}

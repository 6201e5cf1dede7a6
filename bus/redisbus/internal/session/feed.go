package session

import (
	"context"

	"signalbox/bus"
	"signalbox/bus/backlog"
	"signalbox/bus/goroutine"
	"signalbox/bus/redisbus/internal/fault"
)

// feedBytes is what waits for the reader of a feed before the feed reads no further.
const feedBytes = 1 << 20

// Feed is what feeds have in common that can make the server wait. One goroutine of the session fills Queue, and waits
// while that is full. Next, Close and Waiting are those of bus.Feed and bus.Waiter.
type Feed struct {
	Queue *backlog.Queue

	session *Session
	station string
	stop    context.CancelFunc
	ended   chan struct{} // closed when the goroutine has returned
	warned  string        // what the user was told last; belongs to the goroutine
}

// NewFeed makes a feed of a station that nothing fills yet.
func NewFeed(s *Session, station string) Feed {
	return Feed{Queue: backlog.NewQueue(s.Budget, feedBytes), session: s, station: station, ended: make(chan struct{})}
}

// Start runs the feed's goroutine until Close. It reports false when the session is closed already.
func (f *Feed) Start(run func(ctx context.Context)) bool {
	var life context.Context
	life, f.stop = context.WithCancel(f.session.ctx)
	running := f.session.Go("the reader of "+f.station, func(context.Context) {
		defer close(f.ended)
		defer f.Queue.Close()
		defer goroutine.AfterFunc(life, "what closes a queue", f.Queue.Close)() // else the goroutine might wait for room
		run(life)
	})
	if !running {
		f.stop()
	}
	return running
}

// Next implements bus.Feed.
func (f *Feed) Next(ctx context.Context) (*bus.Batch, error) { return f.Queue.Next(ctx) }

// Waiting implements bus.Waiter.
func (f *Feed) Waiting() int64 { return f.Queue.Held() }

// Unread is how many messages have come and wait for Next; any goroutine may ask.
func (f *Feed) Unread() uint64 { return f.Queue.Unread() }

// Close implements bus.Feed.
func (f *Feed) Close() error {
	f.stop()
	<-f.ended
	return nil
}

// Warn tells the user of trouble, unless it is what the user was told last. Only the feed's goroutine may call it, and
// Recovered, and whoever opens the feed before Start.
func (f *Feed) Warn(what string, err error) {
	if err != nil {
		what += ": " + fault.Words(err)
	}
	if what != f.warned {
		f.warned = what
		f.session.Notify(bus.Warn, f.station, "%s", what)
	}
}

// Recovered says that the trouble is over: when it comes again, the user is told again.
func (f *Feed) Recovered() { f.warned = "" }

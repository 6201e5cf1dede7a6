// Package pipe is a bus without a broker: it reads what another program writes to it, a message a line, as in
// "kcat … | signalbox -". It has one station, so that the order of the lines is kept whatever they are about; the subject of
// a message says where it was before. It can only be read, by one feed at a time, and each line once: a feed that is opened
// after another goes on where that was closed.
//
// Any goroutine may call it. One goroutine reads the lines, from the first Open until the end of them or Close. It waits
// where the budget has no room or no feed is open, and so does the program that writes: nothing is lost.
package pipe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/bus/backlog"
)

// Name is what the bus and its station are called.
const Name = "stdin"

// Options say what is read, and how.
type Options struct {
	Lines io.Reader // where it is a file, a read of it that waits is ended by Close

	// Whole says that somebody wants all lines, however long they take to come: the station has caught up at their end.
	// Otherwise what comes is live from the beginning.
	Whole bool

	// Place may change the subject and the time of each message; nil where it need not. It is called on one goroutine.
	Place func(m *bus.Message)

	Budget *bus.Budget // see bus.Settings
	Body   int64
}

// Bus is what is read from one program.
type Bus struct {
	options Options
	notices *bus.NoticeBuffer

	mu     sync.Mutex // guards what follows
	info   bus.Info
	feed   *feed   // the one that was opened last
	reader *reader // nil: nothing was opened
	closed bool
}

// New makes a bus. Nothing is read before its station is opened.
func New(o Options) *Bus {
	if o.Body == 0 {
		o.Body = bus.DefaultBody
	}
	if o.Budget == nil {
		o.Budget = bus.NewBudget(4 * bus.DefaultBody)
	}
	return &Bus{options: o, notices: bus.NewNoticeBuffer(), info: bus.Info{Name: Name, Scheme: Name, URL: "-",
		Server: "lines of another program", Link: bus.Live, Since: time.Now(), Loopback: true}}
}

// Info implements bus.Bus.
func (b *Bus) Info() bus.Info {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.info
}

// Stations implements bus.Bus. There is one, and no other can be named.
func (b *Bus) Stations(_ context.Context, names ...string) ([]bus.Station, error) {
	var wrong error
	for _, name := range names {
		if name != Name {
			wrong = errors.Join(wrong, fmt.Errorf("station %s: %w: what is read from a pipe has one station, %s; --where chooses among its lines",
				name, bus.ErrMissing, Name))
		}
	}
	if wrong != nil {
		return nil, wrong
	}
	return []bus.Station{{Name: Name, Kind: bus.Lines, Readable: true, Replayable: b.options.Whole, Consumers: -1,
		Whole: true, Reading: "the lines of standard input, once", Traits: bus.Traits{Separators: ".", Gathers: true}}}, nil
}

// Open implements bus.Bus. The station is read from its first line, whatever from says.
func (b *Bus) Open(_ context.Context, station bus.Station, _ bus.From) (bus.Feed, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case station.Name != Name:
		return nil, fmt.Errorf("reading %s: %w", station.Name, bus.ErrMissing)
	case b.closed:
		return nil, errors.New("reading lines: the bus is closed")
	case b.feed != nil && !b.feed.isClosed():
		return nil, errors.New("reading lines: they are read already, and come only once")
	}
	if b.reader == nil {
		r, err := b.read()
		if err != nil {
			return nil, fmt.Errorf("reading lines: %w", err)
		}
		b.reader = r
	}
	b.feed = &feed{backlog.NewQueue(b.options.Budget, 0)}
	if !b.options.Whole {
		b.feed.CaughtUp()
	}
	b.reader.take(b.feed)
	return b.feed, nil
}

// ended notes that there are no more lines.
func (b *Bus) ended(lines uint64, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	level, why := bus.Say, "the program that wrote has ended"
	if err != nil {
		level, why = bus.Fail, "reading it failed: "+err.Error()
	}
	b.info.Link, b.info.Since, b.info.Detail = bus.Closed, time.Now(), why
	b.notices.Add(level, "", "%s, after %d lines", why, lines)
}

// Notices implements bus.Bus.
func (b *Bus) Notices() <-chan bus.Notice { return b.notices.Notices() }

// Close implements bus.Bus.
func (b *Bus) Close() error {
	b.mu.Lock()
	feed, reader := b.feed, b.reader
	b.closed = true
	b.mu.Unlock()
	var err error
	if reader != nil {
		_ = feed.Close() // it never fails
		err = reader.close()
	}
	b.notices.Close()
	return err
}

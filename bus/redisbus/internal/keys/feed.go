package keys

import (
	"context"
	"errors"
	"fmt"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/channels"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/servers"
	"signalbox/bus/redisbus/internal/session"
)

const (
	firstLook = 2 * time.Second // opening waits so long for the first look at all keys, where that tells what is new
	retry     = time.Second     // before what failed is tried again
)

// feed is keys that are watched. All but what session.Feed has belongs to the goroutine.
type feed struct {
	session.Feed
	keys    *Keys
	station string // its name
	pattern string

	notifications *channels.Feed  // nil while keys are polled
	covered       map[string]bool // servers that they come from
	reviewed      time.Time       // when the servers were last known to notify
	denied        bool            // the servers refuse to notify: keys are polled for good
	known         *known
	stale         bool // what is known of values is older than what notifications have told since
	unread        bool // not all keys that were there are known
	full          bool // more are not remembered
	opened        time.Time
	looked        time.Time // when the newest look ended
	lookDue       bool      // one more look is due before notifications are relied on
	begun         bool      // the first look is over, or not wanted
	caughtUp      bool
	failing       bool // the newest look did not come to its end

	found []bus.Message // that are not in the queue yet
}

// Open starts to watch keys. What is there already is read once, where from wants it.
func (k *Keys) Open(ctx context.Context, station, pattern string, from bus.From) (bus.Feed, error) {
	f := &feed{Feed: session.NewFeed(k.session, station), keys: k, station: station, pattern: pattern, opened: time.Now(),
		known: newKnown(k.session.Budget), stale: true}
	first := f.newScan()
	err := f.listen(ctx)
	if err == nil {
		err = f.prepare(ctx, first, from)
	}
	if err == nil && !f.Start(func(life context.Context) { f.run(life, first, from) }) {
		err = fault.ErrClosed
	}
	if err != nil {
		f.stopListening()
		f.known.close()
		return nil, fault.Explain(err)
	}
	return f, nil
}

func (f *feed) newScan() *scan { return &scan{servers: f.keys.session.Servers, pattern: f.pattern} }

// prepare finds out whether keys may be read at all and, while they are polled, which there are.
func (f *feed) prepare(ctx context.Context, s *scan, from bus.From) error {
	if f.notifications != nil && from.Start == bus.FromNew {
		f.begun = true
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, firstLook)
	defer cancel()
	if err := s.step(ctx); err != nil {
		return err
	}
	if f.notifications != nil || from.Start != bus.FromNew {
		return nil
	}
	err := f.scanAll(ctx, s)
	if err == nil {
		err = f.compare(ctx, s, len(s.names))
	}
	f.begun = err == nil
	if errors.Is(err, context.DeadlineExceeded) { // the goroutine goes on with it
		return nil
	}
	return err
}

// run is the goroutine.
func (f *feed) run(ctx context.Context, first *scan, from bus.From) {
	defer f.known.close()
	defer f.stopListening()
	for !f.begin(ctx, first, from) {
		first = f.newScan()
		if !servers.Pause(ctx, retry) {
			return
		}
	}
	for ctx.Err() == nil {
		if f.notifications != nil && !f.lookDue {
			f.receive(ctx)
		} else if servers.Pause(ctx, f.keys.session.Pace.Poll) {
			f.poll(ctx)
		}
	}
}

// begin delivers what was there when the feed was opened.
func (f *feed) begin(ctx context.Context, s *scan, from bus.From) bool {
	if !f.begun {
		err := f.scanAll(ctx, s)
		if err == nil {
			err = f.compare(ctx, s, s.start(from))
		}
		if err != nil {
			f.fail(ctx, err)
			return false
		}
	}
	f.looked, f.begun, f.lookDue, f.caughtUp = time.Now(), true, false, true
	f.Queue.CaughtUp()
	return true
}

// poll looks at the names of all keys once, and reads those that are not known, and some that are. It turns to notifications as
// soon as the servers send them: one more look follows then, which reads all, for what was written before.
func (f *feed) poll(ctx context.Context) {
	if err := f.listen(ctx); err != nil {
		f.fail(ctx, err)
		return
	}
	s, first := f.newScan(), 0
	anew := f.stale || f.unread
	f.known.look++
	s.wants = func(name string) bool { return f.known.wants(name) || anew || f.lookDue }
	err := f.scanAll(ctx, s)
	if err == nil {
		if anew { // what there is now is what changes are told from
			first = len(s.names)
		}
		err = f.compare(ctx, s, first)
	}
	if err != nil {
		f.fail(ctx, err)
		return
	}
	f.known.forget()
	f.looked, f.lookDue = time.Now(), false
	if f.failing {
		f.failing = false
		f.Recovered()
	}
}

// fail tells the user why a look at the keys failed, unless it is for the link. The look is tried again.
func (f *feed) fail(ctx context.Context, err error) {
	f.failing = true
	if ctx.Err() == nil && f.keys.session.Live() {
		f.Warn("watching "+f.pattern, fault.Explain(err))
	}
}

// flush hands what was found to the reader. It waits for room, and reports false when the feed was closed.
func (f *feed) flush() bool {
	if len(f.found) == 0 {
		return true
	}
	open := f.Queue.Put(f.found...)
	clear(f.found)
	f.found = f.found[:0]
	return open
}

// scanAll takes all steps, with rests in between, so that the server has most of its time for others.
func (f *feed) scanAll(ctx context.Context, s *scan) error {
	for !s.done {
		began := time.Now()
		if err := s.step(ctx); err != nil {
			return err
		}
		if !f.caughtUp && s.looked%(100*scanKeys) == 0 {
			f.keys.session.Notify(bus.Say, f.station, "SCAN for %s has looked at about %d keys and found %d; it goes on", f.pattern, s.looked, len(s.names))
		}
		if !s.done && !servers.Pause(ctx, restFactor*time.Since(began)) {
			return ctx.Err()
		}
	}
	if s.many && !f.caughtUp {
		f.Warn("there are more than "+fmt.Sprint(maxKeys)+" keys that match "+f.pattern+"; those beyond are left out: narrow the pattern", nil)
	}
	return nil
}

package feeds

import (
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/jsapi"
)

// queuePoll is how often a stream whose messages cannot all be subscribed to is looked at, unless there are very many feeds.
const queuePoll = time.Second

// How long nothing must have been stored before all that was published earlier is taken to be.
const (
	latePause  = 50 * time.Millisecond
	lateRounds = 6
)

// After an outage JetStream may need longer to come back than the connection.
const (
	fetchTries = 10
	fetchPause = 200 * time.Millisecond
)

// run fetches what is there, opens the gate, and does so again after each outage.
func (f *queueFeed) run() {
	defer close(f.done)
	for {
		f.fetchAll()
		f.queue.CaughtUp()
		f.gate.open()
		f.fetchLate()
		f.both.forgetFetched(f.set.Core.Conn)
		gap, open := f.wait()
		if !open {
			return
		}
		f.queue.Gap(gap)
		f.both.beginRound()
		f.before = 0
	}
}

// wait returns when there was an outage; it reports false when the feed is closed.
func (f *queueFeed) wait() (outage bus.Gap, open bool) {
	var poll <-chan time.Time
	if f.polls {
		ticker := time.NewTicker(max(queuePoll, f.set.share()))
		defer ticker.Stop()
		poll = ticker.C
	}
	for {
		select {
		case <-f.life.Done():
			return bus.Gap{}, false
		case outage = <-f.restored:
			return outage, true
		case <-poll:
			_, _ = f.fetchStored(false) // what fails now is tried again soon
		case <-f.asked:
			f.conclude()
		case <-f.both.halfForgotten: // what came until now need not be fetched after an outage
			if info, err := f.set.Streams.Stream(f.life, f.stream); err == nil && !f.polls && f.set.Core.Conn.IsConnected() {
				f.next = info.State.LastSeq + 1
			}
		}
	}
}

// fetchAll delivers what is stored, and tries again when that fails for a passing reason.
func (f *queueFeed) fetchAll() {
	var err error
	for range fetchTries {
		if _, err = f.fetchStored(false); err == nil || errors.Is(err, bus.ErrRefused) || f.life.Err() != nil {
			break
		}
		select {
		case <-f.life.Done():
		case <-time.After(fetchPause):
		}
	}
	if err != nil && f.life.Err() == nil {
		f.set.Notices.Add(bus.Warn, f.station.Name, "what %s holds cannot be fetched, only what comes is shown: %v", f.station.Name, err)
	}
}

// fetchLate delivers what was published before the subscriptions but is stored only now: under load a stream stores
// some time after the server has passed a message on. It is done at the first message that came both ways, or when
// nothing was stored for a while.
func (f *queueFeed) fetchLate() {
	for quiet := 0; quiet < lateRounds; quiet++ {
		select {
		case <-f.life.Done():
			return
		case <-f.asked:
			f.conclude()
		case <-time.After(latePause):
		}
		next := f.next
		if duplicate, err := f.fetchStored(true); duplicate || err != nil {
			return
		}
		if f.next != next {
			quiet = 0
		}
	}
}

// fetchStored delivers what is stored now, from the next sequence on. If wanted it stops at a message that came by
// subscription, too, and reports that.
func (f *queueFeed) fetchStored(stopAtDuplicate bool) (duplicate bool, err error) {
	info, err := f.set.Streams.Stream(f.life, f.stream)
	if err != nil {
		return false, err
	}
	f.renewed(info)
	for f.next <= info.State.LastSeq {
		m, err := f.set.Streams.Message(f.life, info, jsapi.Get{Sequence: f.next, Next: ">"})
		if errors.Is(err, bus.ErrMissing) { // workers took the rest
			f.passOver(info.State.LastSeq + 1)
			break
		}
		if err != nil {
			return false, err
		}
		f.passOver(m.Position.Major)
		f.next++
		duplicate := f.both.fetched(&m, m.Position.Major > f.before)
		switch {
		case duplicate && stopAtDuplicate:
			return true, nil
		case duplicate, m.UnixNano < f.since.UnixNano() && !f.since.IsZero():
			continue
		}
		if !f.queue.Put(m) {
			return false, core.ErrClosed
		}
	}
	return false, nil
}

// passOver goes on with a sequence. What comes before it was taken or deleted before it was seen.
func (f *queueFeed) passOver(sequence uint64) {
	if from := max(f.next, f.found+1); f.alone && from < sequence {
		f.queue.Gap(bus.Gap{
			Since: f.earlier, Until: f.looked, From: bus.Position{Major: from}, To: bus.Position{Major: sequence - 1}, Missed: sequence - from,
			Why: "taken or deleted",
		})
	}
	f.next = max(f.next, sequence)
}

// renewed notices a stream that was deleted and made again, or has lost its messages with the server that held them in memory:
// it is fetched from its beginning. That happened after the stream was looked at before.
func (f *queueFeed) renewed(info *jetstream.StreamInfo) {
	since, now := f.looked, time.Now()
	f.earlier, f.looked = since, now
	gap := bus.Gap{Since: since, Until: now, Unknown: true, Why: "deleted"}
	switch {
	case !info.Created.Equal(f.created):
	case info.State.LastSeq+1 < f.next:
		gap.Why = "begun anew"
	default:
		return
	}
	f.queue.Gap(gap)
	f.created, f.next, f.before, f.found = info.Created, 1, 0, 0
}

package natsbus

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/jsapi"
)

// DeadLetters returns what consumers gave up, or refused, since this was first asked, and what is stuck now: delivered,
// never acknowledged, and nobody pulls any more, so that the server says nothing of it. What a consumer refused for the
// time being is among them until it is acknowledged.
func (b *Bus) DeadLetters(ctx context.Context) ([]bus.DeadLetter, error) {
	l := &b.letters
	l.asking.Lock()
	defer l.asking.Unlock()
	unheard := l.listen(ctx, b)
	readers, err := b.js.Consumers(ctx, b.feeds.Owns)
	l.settled(readers)
	b.fetchLetters(ctx)
	l.stuck = b.findStuck(ctx, readers)

	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]bus.DeadLetter, 0, len(l.order)+len(l.stuck))
	for _, x := range l.order {
		all = append(all, x.what)
	}
	for key, x := range l.stuck {
		for _, letter := range x.letters {
			key.sequence = letter.Position.Major
			if l.byKey[key] == nil {
				all = append(all, letter)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b bus.DeadLetter) int {
		switch {
		case a.UnixNano != b.UnixNano:
			return int(min(1, max(-1, a.UnixNano-b.UnixNano)))
		case a.Consumer != b.Consumer:
			return strings.Compare(a.Consumer, b.Consumer)
		}
		return int(int64(a.Position.Major) - int64(b.Position.Major))
	})
	return all, errors.Join(unheard, err)
}

// fetchLetters asks for the messages of letters that have none, the newest first; each once.
func (b *Bus) fetchLetters(ctx context.Context) {
	l := &b.letters
	l.mu.Lock()
	var wanted []*letter
	for _, x := range slices.Backward(l.order) {
		if !x.sought && len(wanted) < maxLetterGets {
			wanted = append(wanted, x)
		}
	}
	l.mu.Unlock()
	streams := map[string]*jetstream.StreamInfo{}
	for _, x := range wanted {
		m, err := b.fetchFor(ctx, streams, x.key)
		if err != nil && !errors.Is(err, bus.ErrMissing) && !errors.Is(err, bus.ErrRefused) {
			return // the connection is down: next time
		}
		l.mu.Lock()
		x.sought = true
		if err == nil && l.byKey[x.key] == x {
			x.what.Message = &m
			l.bytes += len(m.Data)
			l.trim()
		}
		l.mu.Unlock()
	}
}

func (b *Bus) fetchFor(ctx context.Context, streams map[string]*jetstream.StreamInfo, key letterKey) (bus.Message, error) {
	info := streams[key.stream]
	if info == nil {
		var err error
		if info, err = b.js.Stream(ctx, key.stream); err != nil {
			return bus.Message{}, err
		}
		streams[key.stream] = info
	}
	m, err := b.js.Message(ctx, info, jsapi.Get{Sequence: key.sequence})
	m.Subject = jsapi.ShownSubject(info, m.Subject)
	return m, err
}

// stall is a consumer that nobody serves any more, in the state in which it was looked at, and what is stuck there.
type stall struct {
	floor, delivered uint64
	unacknowledged   int
	letters          []bus.DeadLetter
}

// findStuck looks for such consumers. What has not changed since the last time is not asked for again.
func (b *Bus) findStuck(ctx context.Context, readers []jsapi.Consumer) map[letterKey]stall {
	found, count := map[letterKey]stall{}, 0
	for _, r := range readers {
		if !abandoned(r.Info) || count >= maxStuck {
			continue
		}
		c, key := r.Info, letterKey{stream: r.Info.Stream, consumer: r.Info.Name}
		now := stall{floor: c.AckFloor.Stream, delivered: c.Delivered.Stream, unacknowledged: c.NumAckPending}
		old := b.letters.stuck[key]
		if now.letters = old.letters; old.floor != now.floor || old.delivered != now.delivered || old.unacknowledged != now.unacknowledged {
			now.letters = b.stuckLetters(ctx, r)
		}
		found[key] = now
		count += len(now.letters)
	}
	return found
}

// abandoned tells whether a consumer's messages wait for an acknowledgement that is overdue, and nobody asks for more.
func abandoned(c *jetstream.ConsumerInfo) bool {
	return c.NumAckPending > 0 && c.NumWaiting == 0 && !c.PushBound && !c.Paused &&
		c.Delivered.Last != nil && time.Since(*c.Delivered.Last) > c.Config.AckWait
}

// stuckLetters fetches what a consumer did not acknowledge, where that can be known: when it is all that it reads up to
// what was delivered last. Otherwise, or when it is too much, there is nothing.
func (b *Bus) stuckLetters(ctx context.Context, r jsapi.Consumer) []bus.DeadLetter {
	c := r.Info
	if c.NumAckPending > maxUnacked {
		return nil
	}
	var all []bus.DeadLetter
	filters, next := r.Filters(), c.AckFloor.Stream+1
	for range maxLetterGets {
		m, err := b.js.Message(ctx, r.Stream, jsapi.Get{Sequence: next, Next: ">"})
		if err != nil || m.Position.Major > c.Delivered.Stream {
			break
		}
		next = m.Position.Major + 1
		m.Subject = jsapi.ShownSubject(r.Stream, m.Subject)
		if reads(filters, m.Subject) {
			all = append(all, bus.DeadLetter{
				Station: b.js.StationName(c.Stream), Consumer: c.Name, Position: m.Position, Deliveries: -1,
				Why: whyStuck, UnixNano: c.Delivered.Last.Add(c.Config.AckWait).UnixNano(), Message: &m,
			})
		}
	}
	if len(all) != c.NumAckPending {
		return nil
	}
	return all
}

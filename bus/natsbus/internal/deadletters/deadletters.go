package deadletters

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/jsapi"
	"signalbox/bus/natsbus/internal/subjects"
)

// List returns what consumers gave up, or refused, since this was first asked, and what is stuck now: delivered,
// never acknowledged, and nobody pulls any more, so that the server says nothing of it. What a consumer refused for the
// time being is among them until it is acknowledged.
func (l *Log) List(ctx context.Context) ([]bus.DeadLetter, error) {
	l.asking.Lock()
	defer l.asking.Unlock()
	refused := l.listen(ctx)
	counted, _ := l.Tallies()
	consumers, err := l.js.Consumers(ctx, l.own)
	l.forgetAnswered(consumers, err == nil, counted)
	if l.inferable == nil && err == nil {
		l.begin(consumers)
	}
	l.findLeftovers(ctx, consumers)
	l.fetchMessages(ctx)
	l.stuck = l.findStuck(ctx, consumers)

	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]bus.DeadLetter, 0, len(l.order)+len(l.stuck))
	for _, x := range l.order {
		all = append(all, x.what)
	}
	for key, x := range l.stuck {
		for _, stuck := range x.messages {
			key.Sequence = stuck.Position.Major
			if l.byKey[key] == nil {
				all = append(all, stuck)
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
	return all, errors.Join(refused, err)
}

// fetchMessages asks for the messages of entries that have none, the newest first; each once.
func (l *Log) fetchMessages(ctx context.Context) {
	l.mu.Lock()
	var wanted []*entry
	for _, x := range slices.Backward(l.order) {
		if !x.fetched && len(wanted) < maxFetches {
			wanted = append(wanted, x)
		}
	}
	l.mu.Unlock()
	streams := map[string]*jetstream.StreamInfo{}
	for _, x := range wanted {
		m, err := l.fetch(ctx, streams, x.key)
		if err != nil && !errors.Is(err, bus.ErrMissing) && !errors.Is(err, bus.ErrRefused) {
			return // the connection is down: next time
		}
		l.mu.Lock()
		x.fetched = true
		if err == nil && l.byKey[x.key] == x {
			l.bytes += size(&m) - size(x.what.Message)
			x.what.Message = &m
			l.trim()
		}
		l.mu.Unlock()
	}
}

func (l *Log) fetch(ctx context.Context, streams map[string]*jetstream.StreamInfo, key Key) (bus.Message, error) {
	info := streams[key.Stream]
	if info == nil {
		var err error
		if info, err = l.js.Stream(ctx, key.Stream); err != nil {
			return bus.Message{}, err
		}
		streams[key.Stream] = info
	}
	m, err := l.js.Message(ctx, info, jsapi.Get{Sequence: key.Sequence})
	m.Subject = jsapi.ShownSubject(info, m.Subject)
	return m, err
}

// stuckConsumer is a consumer that nobody serves any more, in the state in which it was looked at, and what is stuck there.
type stuckConsumer struct {
	floor, delivered uint64
	unacknowledged   int
	messages         []bus.DeadLetter
}

// findStuck looks for such consumers. What has not changed since the last time is not asked for again.
func (l *Log) findStuck(ctx context.Context, consumers []jsapi.Consumer) map[Key]stuckConsumer {
	found, count := map[Key]stuckConsumer{}, 0
	for _, r := range consumers {
		if !abandoned(r.Info) || count >= maxStuck {
			continue
		}
		c, key := r.Info, Key{Stream: r.Info.Stream, Consumer: r.Info.Name}
		now := stuckConsumer{floor: c.AckFloor.Stream, delivered: c.Delivered.Stream, unacknowledged: c.NumAckPending}
		old := l.stuck[key]
		if now.messages = old.messages; old.floor != now.floor || old.delivered != now.delivered || old.unacknowledged != now.unacknowledged {
			now.messages = l.stuckMessages(ctx, r)
		}
		found[key] = now
		count += len(now.messages)
	}
	return found
}

// maxStuckEach bounds how many messages of one consumer are fetched.
const maxStuckEach = 20

// abandoned tells whether a consumer's messages wait for an acknowledgement that is overdue, and nobody asks for more.
func abandoned(c *jetstream.ConsumerInfo) bool {
	return c.NumAckPending > 0 && c.NumWaiting == 0 && !c.PushBound && !c.Paused &&
		c.Delivered.Last != nil && time.Since(*c.Delivered.Last) > c.Config.AckWait
}

// stuckMessages fetches what a consumer did not acknowledge, where that can be known: when it is all that it reads up to
// what was delivered last. Otherwise, or when it is too much, there is nothing.
func (l *Log) stuckMessages(ctx context.Context, r jsapi.Consumer) []bus.DeadLetter {
	c := r.Info
	if c.NumAckPending > maxStuckEach {
		return nil
	}
	var all []bus.DeadLetter
	filters, next := r.Filters(), c.AckFloor.Stream+1
	for range maxFetches {
		m, err := l.js.Message(ctx, r.Stream, jsapi.Get{Sequence: next, Next: ">"})
		if err != nil || m.Position.Major > c.Delivered.Stream {
			break
		}
		next = m.Position.Major + 1
		m.Subject = jsapi.ShownSubject(r.Stream, m.Subject)
		if subjects.Read(filters, m.Subject) {
			all = append(all, bus.DeadLetter{
				Standing: bus.Delivered, Station: l.js.StationName(c.Stream), Consumer: c.Name, Position: m.Position, Deliveries: -1,
				Why: whyStuck, UnixNano: c.Delivered.Last.Add(c.Config.AckWait).UnixNano(), Message: &m,
			})
		}
	}
	if len(all) != c.NumAckPending {
		return nil
	}
	return all
}

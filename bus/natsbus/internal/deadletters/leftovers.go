package deadletters

import (
	"context"
	"errors"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/jsapi"
	"signalbox/bus/natsbus/internal/subjects"
)

// What is said of messages that were found rather than heard of: in a work queue surely, elsewhere by how many they are.
const (
	whyLeftover = whyExhausted + ", before this session watched"
	whyInferred = whyExhausted + ", before this session watched: inferred, for it lies between what is acknowledged and what was delivered last"
)

// leftover is how far a stream was searched for messages that its consumer gave up. A work queue keeps just what was not
// acknowledged, so what is left of all that was delivered, and is not pending, was given up. Elsewhere a consumer that waits
// for no acknowledgement, and yet has not moved its floor up to what it delivered, has given something up in between: where the
// messages there are no more than were given up, it is these. That is looked at once: what is given up later is heard.
type leftover struct {
	next  uint64           // the first sequence that was not looked at
	until uint64           // and all up to here was delivered and is not pending
	found []bus.DeadLetter // of this search
	why   string
}

// findLeftovers searches the streams, so many messages at one time.
func (l *Log) findLeftovers(ctx context.Context, consumers []jsapi.Consumer) {
	left := maxFetches
	for _, r := range consumers {
		switch key := (Key{Stream: r.Info.Stream, Consumer: r.Info.Name}); {
		case leaves(r):
			x := leftover{next: l.searched[key], until: r.Info.AckFloor.Stream, why: whyLeftover}
			if r.Info.NumAckPending == 0 {
				x.until = r.Info.Delivered.Stream
			}
			if x.next > x.until+1 { // another consumer of that name
				x.next = 0
			}
			x.next = max(x.next, r.Stream.State.FirstSeq, 1)
			left = x.search(ctx, l.js, r, left)
			l.searched[key] = x.next
			l.addAll(key, x.found)
		case l.inferable[key] != nil && left > 0:
			x := l.inferable[key]
			left = x.search(ctx, l.js, r, left)
			if x.next <= x.until && len(x.found) <= r.Info.NumRedelivered {
				continue // more to look at the next time
			}
			delete(l.inferable, key)
			if len(x.found) <= r.Info.NumRedelivered {
				l.addAll(key, x.found)
			}
		}
	}
}

// begin notes of which consumers it may be told from where they stand what they gave up, before anything was heard.
func (l *Log) begin(consumers []jsapi.Consumer) {
	l.inferable = map[Key]*leftover{}
	for _, r := range consumers {
		if infers(r) {
			l.inferable[Key{Stream: r.Info.Stream, Consumer: r.Info.Name}] = &leftover{
				next: max(r.Info.AckFloor.Stream+1, r.Stream.State.FirstSeq), until: r.Info.Delivered.Stream, why: whyInferred}
		}
	}
}

func (l *Log) addAll(key Key, found []bus.DeadLetter) {
	for _, d := range found {
		l.addFound(entry{key: Key{key.Stream, key.Consumer, d.Position.Major}, fetched: true, what: d})
	}
}

// leaves tells whether a consumer may have left messages of a work queue behind.
func leaves(r jsapi.Consumer) bool {
	return r.Stream != nil && r.Stream.Config.Retention == jetstream.WorkQueuePolicy && r.Info.Config.MaxDeliver > 0 &&
		(r.Info.NumRedelivered > 0 || Hidden(r.Info))
}

// infers tells whether a consumer waits for no acknowledgement, and has not moved its floor up to what it delivered.
func infers(r jsapi.Consumer) bool {
	c := r.Info
	return r.Stream != nil && r.Stream.Config.Retention != jetstream.WorkQueuePolicy && c.Config.MaxDeliver > 0 && c.Config.AckPolicy == jetstream.AckExplicitPolicy &&
		c.NumAckPending == 0 && c.NumRedelivered > 0 && c.AckFloor.Stream < c.Delivered.Stream
}

// search asks for what is left, and returns how many messages may still be asked for.
func (x *leftover) search(ctx context.Context, js *jsapi.Client, r jsapi.Consumer, most int) int {
	filters, next := r.Filters(), ">"
	if len(filters) == 1 {
		next = filters[0]
	}
	for ; most > 0 && x.next <= x.until; most-- {
		m, err := js.Message(ctx, r.Stream, jsapi.Get{Sequence: x.next, Next: next})
		switch {
		case errors.Is(err, bus.ErrMissing), err == nil && m.Position.Major > x.until:
			x.next = x.until + 1
			return most - 1
		case err != nil:
			return 0
		}
		x.next = m.Position.Major + 1
		m.Subject = jsapi.ShownSubject(r.Stream, m.Subject)
		if subjects.Read(filters, m.Subject) {
			x.found = append(x.found, bus.DeadLetter{
				Standing: bus.GivenUp, Station: js.StationName(r.Info.Stream), Consumer: r.Info.Name, Position: m.Position,
				Deliveries: int64(r.Info.Config.MaxDeliver), Why: x.why, Message: &m,
			})
		}
	}
	return most
}

// addFound keeps an entry that was found, unless it was heard of. It is listed, and has been counted by the server already.
func (l *Log) addFound(fresh entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.byKey[fresh.key] != nil {
		return
	}
	l.byKey[fresh.key] = &fresh
	l.order = append(l.order, &fresh)
	l.bytes += size(fresh.what.Message)
	l.tally(&fresh, 0, 1)
	l.trim()
}

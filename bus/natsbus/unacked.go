package natsbus

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/jsapi"
)

// tally is what earlier looks at a consumer have told of it.
type tally struct {
	rest  uint64 // how often it had delivered when nothing was outstanding
	given int    // how many messages it has given up, at least
	found found
}

// found is what a look into the stream has told: of the messages between two sequences, those that the consumer reads.
type found struct {
	floor, delivered uint64
	oldest           uint64 // the first of them; 0 is not found
	alone            bool   // there is no other
}

// consumers describes consumers, with what the server does not tell but follows from it. It keeps a tally of each.
func (b *Bus) consumers(ctx context.Context, found []jsapi.Consumer) []bus.Consumer {
	b.tallying.Lock()
	defer b.tallying.Unlock()
	here, givenUp, gets := make(map[letterKey]bool, len(found)), b.letters.givenUp(), maxLetterGets
	all := make([]bus.Consumer, 0, len(found))
	for _, r := range found {
		key := letterKey{stream: r.Info.Stream, consumer: r.Info.Name}
		here[key] = true
		t := b.tallies[key]
		t.count(r.Info, givenUp[key])
		if t.lacksOldest(r) && gets > 0 {
			gets--
			t.find(ctx, b, r)
		}
		b.tallies[key] = t
		all = append(all, b.consumer(r, t))
	}
	maps.DeleteFunc(b.tallies, func(key letterKey, _ tally) bool { return !here[key] })
	return all
}

// count takes in what the server tells. A message that was given up counts as redelivered for ever, and not as
// unacknowledged: so far as there are more of the former than of the latter, messages have been given up.
func (t *tally) count(info *jetstream.ConsumerInfo, seen int) {
	if info.NumAckPending == 0 {
		t.rest = info.Delivered.Consumer
	}
	if info.Config.MaxDeliver > 0 {
		t.given = min(max(t.given, seen, info.NumRedelivered-info.NumAckPending), info.NumRedelivered)
	}
}

// inOrder tells whether the first message that a consumer reads above its acknowledgements is unacknowledged: unless it
// was given up.
func inOrder(info *jetstream.ConsumerInfo) bool {
	return info.NumAckPending > 0 && (info.Config.MaxDeliver <= 0 || info.NumRedelivered == 0)
}

// lacksOldest tells whether it takes a look into the stream to know the oldest unacknowledged message. Only of one that
// is delivered again and again it is worth that.
func (t *tally) lacksOldest(r jsapi.Consumer) bool {
	c := r.Info
	if !inOrder(c) || c.NumRedelivered == 0 || contiguous(c) {
		return false
	}
	return !t.found.holds(c)
}

// holds tells whether a look still says how a consumer stands.
func (f found) holds(c *jetstream.ConsumerInfo) bool {
	return f.oldest > 0 && f.floor == c.AckFloor.Stream && f.delivered == c.Delivered.Stream
}

// contiguous tells whether all messages from the first unacknowledged to the last delivered are unacknowledged.
func contiguous(c *jetstream.ConsumerInfo) bool {
	return c.NumAckPending > 0 && c.Delivered.Stream > c.AckFloor.Stream &&
		c.Delivered.Stream-c.AckFloor.Stream == uint64(c.NumAckPending)
}

// find looks for the first message above the acknowledgements, and for another one after it.
func (t *tally) find(ctx context.Context, b *Bus, r jsapi.Consumer) {
	c := r.Info
	t.found = found{floor: c.AckFloor.Stream, delivered: c.Delivered.Stream}
	filters := slices.Clone(c.Config.FilterSubjects)
	if c.Config.FilterSubject != "" {
		filters = append(filters, c.Config.FilterSubject)
	}
	next := jsapi.Get{Sequence: t.found.floor + 1, Next: ">"}
	if len(filters) > 0 {
		next.Next = filters[0]
	}
	if len(filters) > 1 { // a server looks for one
		return
	}
	m, err := b.js.Message(ctx, r.Stream, next)
	if err != nil || m.Position.Major > t.found.delivered {
		return
	}
	t.found.oldest = m.Position.Major
	next.Sequence = m.Position.Major + 1
	m, err = b.js.Message(ctx, r.Stream, next)
	t.found.alone = errors.Is(err, bus.ErrMissing) || err == nil && m.Position.Major > t.found.delivered
}

// maxUnacked bounds how many unacknowledged messages are listed.
const maxUnacked = 20

// unacked lists the oldest unacknowledged messages as far as they are known: when it is all from the first to the last
// delivered, or the very oldest. When each was delivered a server does not tell: of the former, no later than the last.
func (b *Bus) unacked(r jsapi.Consumer, t tally) []bus.Pending {
	c := r.Info
	first, count, age := t.found.oldest, 1, time.Duration(0)
	switch {
	case contiguous(c):
		first, count = c.AckFloor.Stream+1, min(c.NumAckPending, maxUnacked)
		if c.Delivered.Last != nil {
			age = time.Since(*c.Delivered.Last)
		}
	case !inOrder(c) || !t.found.holds(c):
		return nil
	}
	all := make([]bus.Pending, 0, count)
	for seq := first; len(all) < count; seq++ {
		all = append(all, bus.Pending{Position: bus.Position{Major: seq}, Age: age, Deliveries: b.deliveries(c, t, seq)})
	}
	return all
}

// deliveries is how often an unacknowledged message was delivered, or -1. A server tells it only when the message is
// refused; otherwise it is known when all deliveries since a certain one were of this message.
func (b *Bus) deliveries(c *jetstream.ConsumerInfo, t tally, seq uint64) int64 {
	if c.NumRedelivered == 0 {
		return 1
	}
	told := b.letters.deliveries(letterKey{c.Stream, c.Name, seq})
	alone := c.NumAckPending == 1 && (c.Delivered.Stream == seq || t.found.holds(c) && t.found.alone)
	oneByOne := c.Config.MaxAckPending == 1 && c.Config.MaxDeliver <= 0
	if alone && (t.rest == c.AckFloor.Consumer || oneByOne) {
		told = max(told, int64(c.Delivered.Consumer-c.AckFloor.Consumer))
	}
	return told
}

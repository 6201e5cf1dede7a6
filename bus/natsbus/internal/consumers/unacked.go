package consumers

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/deadletters"
	"signalbox/bus/natsbus/internal/jsapi"
)

// history is what earlier lists have told of a consumer.
type history struct {
	created time.Time
	idleAt  uint64 // how often it had delivered when no message was unacknowledged
	givenUp givenUp
	lookup  lookup

	watch uint64 // that of the log since which what it gives up is heard of; 0 is never
	heard uint64 // what it had delivered then
}

// listen notes from where on it is heard of what the consumer gives up. fresh says that it was not there before the watch
// began.
func (h *history) listen(info *jetstream.ConsumerInfo, watch uint64, fresh bool) {
	switch {
	case watch == h.watch && watch != 0:
		return
	case watch != 0 && fresh:
		h.heard = 0
	default:
		h.heard = info.Delivered.Stream
	}
	h.watch = watch
}

// lookup is what the stream told of the messages between two sequences that the consumer reads.
type lookup struct {
	floor, delivered uint64
	oldest           uint64 // the first of them; 0 is not found
	alone            bool   // there is no other
}

// inOrder tells whether the first message that a consumer reads above its acknowledgements is unacknowledged: unless it
// was given up.
func inOrder(info *jetstream.ConsumerInfo) bool {
	return info.NumAckPending > 0 && (info.Config.MaxDeliver <= 0 || info.NumRedelivered == 0)
}

// needsLookup tells whether the stream must be asked for the oldest unacknowledged message. It is worth that only when one
// is delivered again and again.
func (h *history) needsLookup(r jsapi.Consumer) bool {
	c := r.Info
	if !inOrder(c) || c.NumRedelivered == 0 || contiguous(c) {
		return false
	}
	return !h.lookup.holds(c)
}

// holds tells whether a lookup still says how a consumer stands.
func (x lookup) holds(c *jetstream.ConsumerInfo) bool {
	return x.oldest > 0 && x.floor == c.AckFloor.Stream && x.delivered == c.Delivered.Stream
}

// contiguous tells whether all messages from the first unacknowledged to the last delivered are unacknowledged.
func contiguous(c *jetstream.ConsumerInfo) bool {
	return c.NumAckPending > 0 && c.Delivered.Stream > c.AckFloor.Stream &&
		c.Delivered.Stream-c.AckFloor.Stream == uint64(c.NumAckPending)
}

// find asks the stream for the first message above the acknowledgements, and for another one after it.
func (h *history) find(ctx context.Context, js *jsapi.Client, r jsapi.Consumer) {
	c := r.Info
	h.lookup = lookup{floor: c.AckFloor.Stream, delivered: c.Delivered.Stream}
	filters := slices.Clone(c.Config.FilterSubjects)
	if c.Config.FilterSubject != "" {
		filters = append(filters, c.Config.FilterSubject)
	}
	next := jsapi.Get{Sequence: h.lookup.floor + 1, Next: ">"}
	if len(filters) > 0 {
		next.Next = filters[0]
	}
	if len(filters) > 1 { // a server looks for one
		return
	}
	m, err := js.Message(ctx, r.Stream, next)
	if err != nil || m.Position.Major > h.lookup.delivered {
		return
	}
	h.lookup.oldest = m.Position.Major
	next.Sequence = m.Position.Major + 1
	m, err = js.Message(ctx, r.Stream, next)
	h.lookup.alone = errors.Is(err, bus.ErrMissing) || err == nil && m.Position.Major > h.lookup.delivered
}

// maxUnacked bounds how many unacknowledged messages are listed.
const maxUnacked = 20

// unacked lists the oldest unacknowledged messages as far as they are known: when it is all from the first to the last
// delivered, or the very oldest. When each was delivered a server does not tell: of the former, no later than the last.
func (l *Lister) unacked(r jsapi.Consumer, h history) []bus.Pending {
	c := r.Info
	first, count, age := h.lookup.oldest, 1, time.Duration(0)
	switch {
	case contiguous(c):
		first, count = c.AckFloor.Stream+1, min(c.NumAckPending, maxUnacked)
		if c.Delivered.Last != nil {
			age = time.Since(*c.Delivered.Last)
		}
	case !inOrder(c) || !h.lookup.holds(c):
		return nil
	}
	all := make([]bus.Pending, 0, count)
	for seq := first; len(all) < count; seq++ {
		all = append(all, bus.Pending{Position: bus.Position{Major: seq}, Age: age, Deliveries: l.deliveries(c, h, seq)})
	}
	return all
}

// deliveries is how often an unacknowledged message was delivered, or -1. A server tells it only when the message is
// refused; otherwise it is known when all deliveries since a certain one were of this message.
func (l *Lister) deliveries(c *jetstream.ConsumerInfo, h history, seq uint64) int64 {
	if c.NumRedelivered == 0 {
		return 1
	}
	told := l.log.Deliveries(deadletters.Key{Stream: c.Stream, Consumer: c.Name, Sequence: seq})
	alone := c.NumAckPending == 1 && (c.Delivered.Stream == seq || h.lookup.holds(c) && h.lookup.alone)
	oneByOne := c.Config.MaxAckPending == 1 && c.Config.MaxDeliver <= 0
	if alone && (h.idleAt == c.AckFloor.Consumer || oneByOne) {
		told = max(told, int64(c.Delivered.Consumer-c.AckFloor.Consumer))
	}
	return told
}

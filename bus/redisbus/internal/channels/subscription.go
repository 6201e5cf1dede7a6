package channels

import (
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/names"
)

// verbs are the commands for each kind of topic.
var verbs = map[bus.Kind]struct{ subscribe, unsubscribe string }{
	bus.Channel: {"SUBSCRIBE", "UNSUBSCRIBE"},
	bus.Pattern: {"PSUBSCRIBE", "PUNSUBSCRIBE"},
	bus.Sharded: {"SSUBSCRIBE", "SUNSUBSCRIBE"},
}

// The reasons of gaps.
const (
	Reconnected = "reconnected"
	CutOff      = "slow reader cut off"
	forbidden   = "permission"
)

// subscription is one topic on one connection, with the feeds that read it.
type subscription struct {
	feeds    []*Feed
	answered chan struct{} // closed when the server has confirmed or refused it for the first time
	refusal  error         // set before answered is closed
	lost     time.Time     // since when it is not live; zero while it is
	why      string        // it was lost
}

// live tells whether the server has confirmed the subscription on the connection that there is.
func (s *subscription) live() bool { return s.wasAnswered() && s.refusal == nil && s.lost.IsZero() }

func (s *subscription) wasAnswered() bool {
	select {
	case <-s.answered:
		return true
	default:
		return false
	}
}

// answer takes an answer, or a refusal, for that of the oldest command that waits for one.
func (c *connection) answer(refusal error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.pending) == 0 {
		return
	}
	oldest := c.pending[0]
	c.pending = c.pending[1:]
	sub := oldest.subscription
	if sub == nil || c.subscriptions[oldest.topic] != sub {
		return
	}
	first := !sub.wasAnswered()
	switch {
	case refusal != nil && first:
		sub.refusal = fault.Explain(refusal)
	case refusal != nil:
		sub.why = forbidden
		c.session.Notify(bus.Fail, names.Write(oldest.topic.Kind, oldest.topic.Name, false), "subscribing to %s again: %v",
			oldest.topic.Name, fault.Explain(refusal))
	case !sub.lost.IsZero() && !first:
		for _, f := range sub.feeds {
			f.Gap(sub.lost, time.Now(), sub.why)
		}
	}
	if refusal == nil {
		sub.lost, sub.why = time.Time{}, ""
	}
	if first {
		close(sub.answered)
	}
}

package sources

import (
	"math"
	"slices"
	"time"
)

// group is the feeds of one Attach while they read what their stations held: they are merged in order of time, so that
// an entity whose events lie in several stations is folded in the right order.
type group struct {
	feeds   []*feed
	waiting time.Time // since when the group has waited for a feed; zero when it does not
}

// stallLimit is how long a group waits for a feed that is silent.
const stallLimit = 500 * time.Millisecond

// next is the feed to take from, and up to which time; nil when the group has to wait.
func (g *group) next() (*feed, int64) {
	var first *feed
	firstTime, secondTime := int64(math.MaxInt64), int64(math.MaxInt64)
	for _, f := range g.feeds {
		if len(f.queue) == 0 {
			if !f.caughtUp && !f.stalled {
				return nil, 0
			}
			continue
		}
		switch t := f.headTime(); {
		case first == nil || t < firstTime:
			first, firstTime, secondTime = f, t, firstTime
		case t < secondTime:
			secondTime = t
		}
	}
	return first, secondTime
}

// headTime is the time of the feed's next message; a batch without messages comes at once.
func (f *feed) headTime() int64 {
	if b := f.queue[0]; f.taken < len(b.Messages) {
		return b.Messages[f.taken].UnixNano
	}
	return math.MinInt64
}

// upTo is how many of the next messages are not younger than a time, and at most so many; at least one is.
func (f *feed) upTo(unixNano int64, most int) int {
	messages := f.queue[0].Messages
	n := 1
	for n < most && f.taken+n < len(messages) && messages[f.taken+n].UnixNano <= unixNano {
		n++
	}
	return n
}

// pumpGroups takes in up to so many messages of feeds that are being merged.
func (e *Engine) pumpGroups(most int) int {
	n := 0
	for _, g := range e.groups {
		for n < most {
			f, until := g.next()
			if f == nil {
				break
			}
			n += e.consume(f, f.upTo(until, most-n))
		}
	}
	if len(e.groups) > 0 {
		e.dissolve()
	}
	return n
}

// dissolve ends the groups that have caught up, and notes which wait.
func (e *Engine) dissolve() {
	e.groups = slices.DeleteFunc(e.groups, func(g *group) bool {
		behind, empty := false, false
		for _, f := range g.feeds {
			behind = behind || !f.caughtUp
			empty = empty || !f.caughtUp && !f.stalled && len(f.queue) == 0
		}
		switch {
		case !empty:
			g.waiting = time.Time{}
		case g.waiting.IsZero():
			g.waiting = time.Now()
			e.stall.Reset(e.stallLimit)
		}
		if behind {
			return false
		}
		for _, f := range g.feeds {
			f.group = nil
			for range f.queue {
				e.ready = append(e.ready, f)
			}
		}
		return true
	})
}

// giveUpWaiting lets the groups that have waited for long go on without the feeds they wait for.
func (e *Engine) giveUpWaiting() {
	for _, g := range e.groups {
		if g.waiting.IsZero() {
			continue
		}
		if left := e.stallLimit - time.Since(g.waiting); left > 0 {
			e.stall.Reset(left)
			continue
		}
		for _, f := range g.feeds {
			f.stalled = f.stalled || !f.caughtUp && len(f.queue) == 0
		}
		g.waiting = time.Time{}
	}
}

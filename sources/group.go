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
	if b := f.queue[0]; f.next < b.End() {
		return b.Time(f.next)
	}
	return math.MinInt64
}

// pumpGroups takes in up to so many messages of feeds that are being merged.
func (x *feeds) pumpGroups(most int) int {
	n := 0
	for _, g := range x.groups {
		for n < most && (n == 0 || !x.isFull()) {
			f, until := g.next()
			if f == nil {
				break
			}
			n += x.consume(f, until, most-n)
		}
	}
	if len(x.groups) > 0 {
		x.dissolve()
	}
	return n
}

// dissolve ends the groups that have caught up, and notes which wait.
func (x *feeds) dissolve() {
	x.groups = slices.DeleteFunc(x.groups, func(g *group) bool {
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
			x.stall.Reset(x.stallLimit)
		}
		if behind {
			return false
		}
		for _, f := range g.feeds {
			f.group = nil
			for range f.queue {
				x.ready = append(x.ready, f)
			}
		}
		return true
	})
}

// endLongWaits lets the groups that have waited for long go on without the feeds they wait for.
func (x *feeds) endLongWaits() {
	for _, g := range x.groups {
		if g.waiting.IsZero() {
			continue
		}
		if left := x.stallLimit - time.Since(g.waiting); left > 0 {
			x.stall.Reset(left)
			continue
		}
		for _, f := range g.feeds {
			f.stalled = f.stalled || !f.caughtUp && len(f.queue) == 0
		}
		g.waiting = time.Time{}
	}
}

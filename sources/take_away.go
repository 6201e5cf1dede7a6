package sources

import (
	"context"
	"slices"

	"signalbox/bus"
)

// TakeAway stops reading stations of a bus that signalbox itself has made and is about to remove: nobody else knew them, and so they
// are listed no more, and nothing of them is missed. What was read of them stays. Once they are removed, gone has to be called: what
// has one of the names from then on is new. Those that are not known are left out.
func (e *Engine) TakeAway(ctx context.Context, b bus.Bus, names ...string) (gone func(), err error) {
	var left []*feed
	var away []*station
	err = e.requests.do(ctx, func() {
		for _, s := range e.attached.stations {
			for _, name := range names {
				if s.isOf(b, name) && s.detached.IsZero() && !e.moving {
					s.unlisted, s.gone, s.newest = true, false, bus.Position{}
					away = append(away, s)
					left = append(left, e.leave(s)...)
				}
			}
		}
		e.dirty = true
	})
	closeFeeds(left)
	return func() {
		e.requests.post(func() {
			for _, s := range away {
				s.gone = s.gone || s.unlisted
			}
		})
	}, err
}

// leave drops the feed of a station, and returns it to be closed.
func (e *Engine) leave(s *station) (left []*feed) {
	if f := s.feed; f != nil {
		e.feeds.drop(f)
		e.feeds.all = slices.DeleteFunc(e.feeds.all, func(other *feed) bool { return other == f })
		s.feed, left = nil, []*feed{f}
	}
	return left
}

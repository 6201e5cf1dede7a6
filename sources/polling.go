package sources

import (
	"context"
	"time"

	"signalbox/bus"
)

// poll begins to look at the stations and consumers of a bus again and again, each on a goroutine of its own, so that
// a broker that is slow to answer one question does not keep the other from being asked.
func (e *Engine) poll(a *attached) {
	e.pollDeadLetters(a)
	e.work.Go("what lists stations", func() {
		e.every(a, func(ctx context.Context) {
			e.pollStations(ctx, a)
			e.find(ctx, a)
		}, false)
	})
	if lister, ok := a.listsConsumers(); ok {
		e.work.Go("what lists consumers", func() {
			e.every(a, func(ctx context.Context) {
				list, err := lister.Consumers(ctx)
				if err == nil || len(list) > 0 {
					e.requests.post(func() { e.attached.consumed(a, list, e.now()) })
				}
			}, true)
		})
	}
}

// pollDeadLetters begins to ask again and again for what consumers gave up.
func (e *Engine) pollDeadLetters(a *attached) {
	lister, ok := bus.As[bus.DeadLetterLister](a.bus)
	if !ok {
		return
	}
	e.work.Go("what lists dead letters", func() {
		e.every(a, func(ctx context.Context) {
			list, err := lister.DeadLetters(ctx)
			if err == nil || len(list) > 0 {
				e.requests.post(func() { e.attached.listDeadLetters(a, list) })
			}
		}, true)
	})
}

// pollTimeout is how long an answer may take.
const pollTimeout = 5 * time.Second

// every calls ask at each poll until the bus is detached, or the engine stops.
func (e *Engine) every(a *attached, ask func(context.Context), atOnce bool) {
	ticker := time.NewTicker(e.options.Poll)
	defer ticker.Stop()
	for {
		if atOnce {
			ctx, cancel := context.WithTimeout(a.life, max(pollTimeout, e.options.Poll))
			ask(ctx)
			cancel()
		}
		atOnce = true
		select {
		case <-ticker.C:
		case <-a.life.Done():
			return
		}
	}
}

// pollStations takes in how the stations are now, and opens those that are new or could not be opened before.
func (e *Engine) pollStations(ctx context.Context, a *attached) {
	rows, err := a.bus.Stations(ctx, a.selection.Names...)
	if err != nil && len(rows) == 0 {
		return
	}
	var fresh, again []bus.Station
	if e.requests.do(ctx, func() { fresh, again = e.listed(a, rows, err == nil) }) != nil {
		return
	}
	opened := openAll(ctx, a.bus, fresh, bus.From{Start: bus.FromAll})
	opened = append(opened, openAll(ctx, a.bus, again, a.selection.From)...)
	if len(opened) > 0 {
		e.addOpened(e.running, a, opened) //nolint:errcheck // it fails only when the engine has stopped
	}
}

// listed takes in a list of stations and tells which are there for the first time, or again after they had gone, and
// which should be tried again.
func (e *Engine) listed(a *attached, rows []bus.Station, whole bool) (fresh, again []bus.Station) {
	now := e.now()
	if a.life.Err() != nil {
		return nil, nil
	}
	if whole {
		there := make(map[string]bool, len(rows))
		for _, row := range rows {
			there[row.Name] = true
		}
		for name, s := range a.stations {
			if s.unlisted {
				continue
			}
			s.gone = s.gone || !there[name] && s.offer == nil
		}
	}
	for _, row := range rows {
		s := a.stations[row.Name]
		if s != nil && (!s.detached.IsZero() || s.unlisted && !s.gone) {
			continue
		}
		if s == nil || s.gone && (s.feed == nil || s.feed.ended) {
			fresh = append(fresh, row)
			continue
		}
		if e.turned(s, &row) {
			fresh = append(fresh, row)
			continue
		}
		s.be(row)
		if s.feed == nil && row.Readable && !now.Before(s.retry) {
			s.retryAfter = min(max(2*s.retryAfter, 2*e.options.Poll), mostRetryAfter)
			s.retry = now.Add(s.retryAfter)
			again = append(again, row)
		}
	}
	e.dirty = true
	return fresh, again
}

// turned tells whether a name that was taken for a subject or channel is that of a stream now, which is to be read from its
// beginning. The feed that there was ends.
func (e *Engine) turned(s *station, row *bus.Station) bool {
	if !s.row.Presumed || row.Kind == s.Kind || !row.Readable || s.feed == nil || e.moving {
		return false
	}
	old := s.feed
	e.feeds.drop(old)
	e.work.Go("what closes a station", func() { _ = old.source.Close() }) // reading is over: there is nobody to tell
	return true
}

// mostRetryAfter is the longest time between two tries to open a station.
const mostRetryAfter = 5 * time.Minute

package sources

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
)

// Detach stops reading a bus or, where they are named, those stations of it. What is held of them stays, and their rows say
// since when they are detached. It returns once their feeds are closed; the bus is the caller's to close then. A bus of the same
// name that is attached later goes on with them.
func (e *Engine) Detach(ctx context.Context, b bus.Bus, stations ...string) error {
	var left []*feed
	var err error
	doErr := e.requests.do(ctx, func() { left, err = e.detach(b, stations) })
	if err = cmp.Or(doErr, err); err != nil {
		return fmt.Errorf("detaching from %s: %w", b.Info().Name, err)
	}
	closeFeeds(left)
	return nil
}

// closeFeeds closes what nobody reads any more: there is nobody to tell what went wrong.
func closeFeeds(feeds []*feed) {
	var closing goroutine.Group
	for _, f := range feeds {
		closing.Go("what closes a station", func() { _ = f.source.Close() })
	}
	closing.Wait()
}

// detach drops the feeds of a bus, or of some of its stations.
func (e *Engine) detach(b bus.Bus, names []string) (left []*feed, err error) {
	if e.moving {
		return nil, errMoving
	}
	for _, name := range names {
		if !slices.ContainsFunc(e.attached.stations, func(s *station) bool { return s.isOf(b, name) && s.detached.IsZero() }) {
			return nil, fmt.Errorf("%s is not attached", name)
		}
	}
	e.revisits.end()
	for _, s := range e.attached.stations {
		if !s.isOf(b, s.Name) || !s.detached.IsZero() || len(names) > 0 && !slices.Contains(names, s.Name) {
			continue
		}
		s.detached, s.refused, s.offer = e.now(), "", nil
		left = append(left, e.leave(s)...)
	}
	if len(names) == 0 {
		e.attached.leave(b)
	}
	e.attached.lookElsewhere(e.store)
	e.dirty = true
	return left, nil
}

var errMoving = errors.New("stations are being opened again already: wait until they are")

// isOf tells whether it is the station of a bus that has a name.
func (s *station) isOf(b bus.Bus, name string) bool { return s.bus.bus == b && s.Name == name }

// leave forgets a bus, and what it told of consumers and dead letters.
func (x *attachments) leave(b bus.Bus) {
	var name string
	x.buses = slices.DeleteFunc(x.buses, func(a *attached) bool {
		if a.bus == b {
			name = a.name
			a.leave()
		}
		return a.bus == b
	})
	x.consumers = slices.DeleteFunc(slices.Clone(x.consumers), func(r ConsumerRow) bool { return r.Bus == name })
	x.letters = slices.DeleteFunc(slices.Clone(x.letters), func(r DeadLetterRow) bool { return r.Bus == name })
	x.agreeOnGivenUp()
}

// detachedOf is the station of a bus that was attached under this name before, and is not any more; nil for none.
func (x *attachments) detachedOf(bus, name string) *station {
	for _, s := range x.stations {
		if s.Bus == bus && s.Name == name && !s.detached.IsZero() {
			return s
		}
	}
	return nil
}

// resume has stations that were attached before read from where that ended.
func (x *attachments) resume(name string, stations []opening) {
	for i := range stations {
		o := &stations[i]
		s := x.detachedOf(name, o.row.Name)
		if s == nil {
			continue
		}
		now := x.now()
		switch last := s.newest; {
		case !o.row.Replayable || o.row.Partitions > 0 || last.IsZero() || o.row.Keyed:
			o.from, o.gap = bus.From{}, &bus.Gap{Since: s.detached, Until: now, Unknown: true, Why: "detached"}
		case o.row.Last.Less(last):
			o.from, o.gap = bus.From{Start: bus.FromAll}, &bus.Gap{Since: s.detached, Until: now, Unknown: true, Why: "replaced"}
		default:
			o.from, o.resumed = bus.From{Start: bus.FromAt, Position: following(last, o.row.Positions), Form: o.row.Positions}, true
			if last.Less(o.row.First) && o.from.Position.Less(o.row.First) {
				o.gap = &bus.Gap{Since: time.Unix(0, s.last), Until: now, From: o.from.Position, Unknown: true, Why: "trimmed"}
			}
		}
	}
}

// following is the first position that a message after one may have.
func following(p bus.Position, form bus.PositionForm) bus.Position {
	if form == bus.TimedIDs {
		p.Minor++
	} else {
		p.Major++
	}
	return p
}

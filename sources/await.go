package sources

import (
	"context"
	"sync/atomic"

	"signalbox/sources/internal/store"
)

// wait is somebody who waits for an entity.
type wait struct {
	entity Entity
	until  func(*EntityDetail) bool
	seen   atomic.Pointer[EntityDetail]
	done   chan struct{}
}

// Await waits until an entity is as until says, which is asked at once and after each event of the entity, on the
// engine's goroutine. When ctx ends first, what was last seen is returned, nil if the entity is unknown, and ctx.Err().
func (e *Engine) Await(ctx context.Context, entity Entity, until func(*EntityDetail) bool) (*EntityDetail, error) {
	w := &wait{entity: entity, until: until, done: make(chan struct{})}
	err := e.requests.do(ctx, func() {
		if !e.waiters.ask(w) {
			e.waiters.entities[entity] = append(e.waiters.entities[entity], w)
		}
	})
	if err != nil {
		return w.seen.Load(), err
	}
	select {
	case <-w.done:
		return w.seen.Load(), nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-e.requests.stopped:
		err = ErrStopped
	}
	e.requests.post(func() { e.waiters.entities.remove(w) })
	return w.seen.Load(), err
}

// waiters are all who wait: for entities, and for events.
type waiters struct {
	store    *store.Store
	entities waits
	events   []*watch
	event    Event // used again for each that is held
}

// waits are those who wait for entities.
type waits map[Entity][]*wait

// remove takes somebody out who may have gone already.
func (x waits) remove(w *wait) {
	rest := x[w.entity][:0:0]
	for _, other := range x[w.entity] {
		if other != w {
			rest = append(rest, other)
		}
	}
	if x[w.entity] = rest; len(rest) == 0 {
		delete(x, w.entity)
	}
}

// ask shows an entity to somebody who waits for it, and tells whether that was all they wanted.
func (x *waiters) ask(w *wait) bool {
	slot, ok := x.store.Entities.ByName(w.entity)
	if !ok {
		return false
	}
	back := x.store.Walk(slot, 0, 0, false)
	back.Finish()
	d := back.Detail()
	w.seen.Store(d)
	if !w.until(d) {
		return false
	}
	close(w.done)
	return true
}

// watch is somebody who waits for an event.
type watch struct {
	ctx    context.Context
	filter *EventFilter
	next   uint64 // the event to be looked at next
	found  chan *Event
}

// AwaitEvent waits for the first event after a number that is wanted; held ones are looked at too. When wants is
// nil, any is.
func (e *Engine) AwaitEvent(ctx context.Context, after uint64, wants func(*Event) bool) (*Event, error) {
	w := &watch{ctx: ctx, next: after + 1, found: make(chan *Event, 1)}
	if wants != nil {
		w.filter = NewFilter(wants)
	}
	if err := e.requests.do(ctx, func() { e.waiters.events = append(e.waiters.events, w) }); err != nil {
		return nil, err
	}
	select {
	case ev := <-w.found:
		return ev, nil
	case <-ctx.Done():
		e.requests.post(func() {}) // so that the engine looks and lets the watch go
		return nil, ctx.Err()
	case <-e.requests.stopped:
		return nil, ErrStopped
	}
}

// Follow shows the events after a number, held ones too, until ctx ends or stop is called. see is called on the engine's goroutine,
// and keeps nothing of an event but a Clone.
func (e *Engine) Follow(ctx context.Context, after uint64, see func(*Event)) (stop func(), err error) {
	ctx, cancel := context.WithCancel(ctx)
	w := &watch{ctx: ctx, next: after + 1, found: make(chan *Event, 1), filter: NewFilter(func(ev *Event) bool {
		see(ev)
		return false
	})}
	if err := e.requests.do(ctx, func() { e.waiters.events = append(e.waiters.events, w) }); err != nil {
		cancel()
		return nil, err
	}
	return func() {
		cancel()
		e.requests.post(func() {}) // so that the engine looks and lets the watch go
	}, nil
}

// told tells those who wait of an event that has just been taken in.
func (x *waiters) told(ev *Event) {
	if len(x.entities) > 0 && ev.Kind != nil {
		x.askAgain(ev.Entity())
	}
	for i := 0; i < len(x.events); i++ {
		w := x.events[i]
		if w.next != ev.Number {
			continue
		}
		w.next++
		if w.filter.Wants(ev) {
			w.found <- ev.Clone()
			x.events = append(x.events[:i:i], x.events[i+1:]...)
			i--
		}
	}
}

// askAgain shows an entity to those who wait for it.
func (x *waiters) askAgain(entity Entity) {
	for _, w := range x.entities[entity] {
		if x.ask(w) {
			x.entities.remove(w)
		}
	}
}

// catchUp lets those who wait for an event look at held ones, and tells whether all have.
func (x *waiters) catchUp(most int) bool {
	done := true
	for i := 0; i < len(x.events); i++ {
		w := x.events[i]
		found := w.ctx.Err() != nil
		for n := 0; !found && n < most && w.next < x.store.Window.Next(); n++ {
			w.next = max(w.next, x.store.Window.First())
			x.store.Read(w.next, x.store.Window.Get(w.next), &x.event)
			if found = w.filter.Wants(&x.event); found {
				w.found <- x.store.CopyOf(w.next, x.store.Head)
			}
			w.next++
		}
		if found {
			x.events = append(x.events[:i:i], x.events[i+1:]...)
			i--
			continue
		}
		done = done && w.next >= x.store.Window.Next()
	}
	return done
}

package sources

import (
	"context"
	"sync/atomic"
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
		if !e.ask(w) {
			e.waits[entity] = append(e.waits[entity], w)
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
	e.requests.post(func() { e.waits.remove(w) })
	return w.seen.Load(), err
}

// waits are those who wait, by entity.
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
func (e *Engine) ask(w *wait) bool {
	slot, ok := e.store.entities.ByName(w.entity)
	if !ok {
		return false
	}
	back := e.store.walk(slot, 0, 0, false)
	back.finish()
	d := back.detail()
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
	if err := e.requests.do(ctx, func() { e.watches = append(e.watches, w) }); err != nil {
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

// tell tells those who wait about an event that has just been taken in.
func (e *Engine) tell(ev *Event) {
	if len(e.waits) > 0 && ev.Kind != nil {
		entity := ev.Entity()
		if waiting := e.waits[entity]; len(waiting) > 0 {
			for _, w := range waiting {
				if e.ask(w) {
					e.waits.remove(w)
				}
			}
		}
	}
	for i := 0; i < len(e.watches); i++ {
		w := e.watches[i]
		if w.next != ev.Number {
			continue
		}
		w.next++
		if w.filter.Wants(ev) {
			w.found <- ev.Clone()
			e.watches = append(e.watches[:i:i], e.watches[i+1:]...)
			i--
		}
	}
}

// catchUp lets those who wait for an event look at held ones, and tells whether all have.
func (e *Engine) catchUp(most int) bool {
	done := true
	for i := 0; i < len(e.watches); i++ {
		w := e.watches[i]
		found := w.ctx.Err() != nil
		for n := 0; !found && n < most && w.next < e.store.window.Next(); n++ {
			w.next = max(w.next, e.store.window.First())
			ev := e.store.copyOf(w.next, e.store.head)
			w.next++
			if found = w.filter.Wants(ev); found {
				w.found <- ev
			}
		}
		if found {
			e.watches = append(e.watches[:i:i], e.watches[i+1:]...)
			i--
			continue
		}
		done = done && w.next >= e.store.window.Next()
	}
	return done
}

package sources

import (
	"context"

	"signalbox/sources/state"
)

// do runs f on the engine's goroutine and waits for it.
func (e *Engine) do(ctx context.Context, f func()) error {
	done := make(chan struct{})
	select {
	case e.requests <- func() { f(); close(done) }:
	case <-ctx.Done():
		return ctx.Err()
	case <-e.stopped:
		return ErrStopped
	}
	select {
	case <-done:
		return nil
	case <-e.stopped:
		return ErrStopped
	}
}

// post runs f on the engine's goroutine, if it still runs.
func (e *Engine) post(f func()) {
	select {
	case e.requests <- f:
	case <-e.stopped:
	}
}

// job is a request that takes long: it is done in steps between which the engine goes on.
type job struct {
	ctx  context.Context
	step func() bool // true when it is done
	done chan struct{}
}

// undertake has a job done, and waits.
func (e *Engine) undertake(ctx context.Context, step func() bool) error {
	j := &job{ctx: ctx, step: step, done: make(chan struct{})}
	if err := e.do(ctx, func() { e.jobs = append(e.jobs, j) }); err != nil {
		return err
	}
	select {
	case <-j.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-e.stopped:
		return ErrStopped
	}
}

// labour does a step of each job and tells whether all are done.
func (e *Engine) labour() bool {
	left := e.jobs[:0]
	for _, j := range e.jobs {
		switch {
		case j.ctx.Err() != nil:
		case j.step():
			close(j.done)
		default:
			left = append(left, j)
		}
	}
	clear(e.jobs[len(left):])
	e.jobs = left
	return len(left) == 0
}

// CaughtUp waits until every feed opened so far has delivered what its station held.
func (e *Engine) CaughtUp(ctx context.Context) error {
	caughtUp := make(chan struct{})
	err := e.do(ctx, func() {
		for _, f := range e.feeds {
			if !f.caughtUp {
				e.catching = append(e.catching, caughtUp)
				return
			}
		}
		close(caughtUp)
	})
	if err != nil {
		return err
	}
	select {
	case <-caughtUp:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-e.stopped:
		return ErrStopped
	}
}

// Entity is an entity at a version, 0 for the newest, or at the nearest that can still be told; nil when it is unknown.
func (e *Engine) Entity(ctx context.Context, entity Entity, version uint64) (*EntityDetail, error) {
	var w *walk
	var d *EntityDetail
	err := e.undertake(ctx, func() bool {
		if w == nil {
			slot, ok := e.entities.ByName(entity)
			if !ok {
				return true
			}
			w = e.walk(slot, version, 0, false)
		}
		done := w.step(walkAtOnce)
		if done {
			d = w.detail()
		}
		return done
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// Entities are the entities of a kind, "" for all, that a filter wants, nil for all. Those that come or change while
// they are gathered may be missing or as they were.
func (e *Engine) Entities(ctx context.Context, kind string, filter *EntityFilter) ([]EntityRow, error) {
	var rows []EntityRow
	var next uint32
	l := listing{engine: e, view: EntitiesView{Kind: kind, Filter: filter}}
	err := e.undertake(ctx, func() bool {
		for n := 0; n < entitiesAtOnce && next < e.entities.Len(); n++ {
			if e.entities.IsUsed(next) && l.wants(next) {
				rows = append(rows, e.entities.CopyRow(next, -1))
			}
			next++
		}
		return next == e.entities.Len()
	})
	if err != nil {
		return nil, err
	}
	return rows, nil
}

// entitiesAtOnce is how many entities are looked at in one step of a job.
const entitiesAtOnce = 1000

// Preview is what an event would do to its entity.
type Preview struct {
	Entity   Entity
	Rejected string
	Failed   string
	Changes  []state.FieldChange
}

// Preview folds a copy of an event into a copy of its entity's state and tells what came of it. Of the event only what
// the broker would say needs to be there.
func (e *Engine) Preview(ctx context.Context, event *Event) (Preview, error) {
	var p Preview
	err := e.do(ctx, func() { p = e.preview(event.Clone()) })
	return p, err
}

// Ledger is the account of all stations and of each, by its key.
func (e *Engine) Ledger(ctx context.Context) (Ledger, map[string]Ledger, error) {
	var sum Ledger
	each := map[string]Ledger{}
	err := e.do(ctx, func() {
		for _, s := range e.stations {
			sum.add(&s.ledger)
			each[s.key] = s.ledger
		}
	})
	return sum, each, err
}

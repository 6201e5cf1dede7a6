package sources

import (
	"context"

	"signalbox/sources/internal/lists"
	"signalbox/sources/internal/store"
)

// requests are what others ask of the goroutine of Run, and the jobs among them.
type requests struct {
	calls   chan func()
	stopped chan struct{} // closed when Run has ended
	jobs    []*job
}

// do runs f on the engine's goroutine and waits for it.
func (q *requests) do(ctx context.Context, f func()) error {
	done := make(chan struct{})
	select {
	case q.calls <- func() { f(); close(done) }:
	case <-ctx.Done():
		return ctx.Err()
	case <-q.stopped:
		return ErrStopped
	}
	select {
	case <-done:
		return nil
	case <-q.stopped:
		return ErrStopped
	}
}

// post runs f on the engine's goroutine, if it still runs.
func (q *requests) post(f func()) {
	select {
	case q.calls <- f:
	case <-q.stopped:
	}
}

// job is a request that takes long: it is done in steps between which the engine goes on.
type job struct {
	ctx  context.Context
	step func() bool // true when it is done
	done chan struct{}
}

// inSteps calls step until it says that it is done, and waits. Between two calls the engine goes on.
func (q *requests) inSteps(ctx context.Context, step func() bool) error {
	j := &job{ctx: ctx, step: step, done: make(chan struct{})}
	if err := q.do(ctx, func() { q.jobs = append(q.jobs, j) }); err != nil {
		return err
	}
	select {
	case <-j.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-q.stopped:
		return ErrStopped
	}
}

// step does a step of each job and tells whether all are done.
func (q *requests) step() bool {
	left := q.jobs[:0]
	for _, j := range q.jobs {
		switch {
		case j.ctx.Err() != nil:
		case j.step():
			close(j.done)
		default:
			left = append(left, j)
		}
	}
	clear(q.jobs[len(left):])
	q.jobs = left
	return len(left) == 0
}

// CaughtUp waits until every feed opened so far has delivered what its station held.
func (e *Engine) CaughtUp(ctx context.Context) error {
	caughtUp := make(chan struct{})
	err := e.requests.do(ctx, func() {
		for _, f := range e.feeds.all {
			if !f.caughtUp {
				e.feeds.catching = append(e.feeds.catching, caughtUp)
				return
			}
		}
		close(caughtUp)
	})
	if err != nil {
		return err
	}
	return e.requests.await(ctx, caughtUp)
}

// Ended waits until no feed opened so far will deliver more, and all that they delivered is taken in: lines, or a recording that
// comes in its rhythm.
func (e *Engine) Ended(ctx context.Context) error {
	ended := make(chan struct{})
	err := e.requests.do(ctx, func() {
		e.feeds.ending = append(e.feeds.ending, ended)
		e.feeds.tellEnded()
	})
	if err != nil {
		return err
	}
	return e.requests.await(ctx, ended)
}

// await waits for what was asked for, until ctx or the engine ends.
func (q *requests) await(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-q.stopped:
		return ErrStopped
	}
}

// Entity is an entity at a version, 0 for the newest, or at the nearest that can still be told; nil when it is unknown.
func (e *Engine) Entity(ctx context.Context, entity Entity, version uint64) (*EntityDetail, error) {
	var w *store.Walk
	var d *EntityDetail
	err := e.requests.inSteps(ctx, func() bool {
		if w == nil {
			st := e.revisits.storeShown()
			slot, ok := st.Entities.ByName(entity)
			if !ok {
				return true
			}
			w = st.Walk(slot, version, 0, false)
		}
		done := w.Step(lists.WalkAtOnce)
		if done {
			d = w.Detail()
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
	wanted := lists.Wanted(e.store.Entities, EntitiesView{Kind: kind, Filter: filter})
	err := e.requests.inSteps(ctx, func() bool {
		for n := 0; n < entitiesAtOnce && next < e.store.Entities.Len(); n++ {
			if e.store.Entities.IsUsed(next) && wanted(next) {
				rows = append(rows, e.store.Entities.CopyRow(next, -1))
			}
			next++
		}
		return next == e.store.Entities.Len()
	})
	if err != nil {
		return nil, err
	}
	return rows, nil
}

// Partial is how many entities have a history whose beginning was not read.
func (e *Engine) Partial(ctx context.Context) (entities uint64, err error) {
	err = e.requests.do(ctx, func() { entities = uint64(e.store.Entities.Totals("").Partial) })
	return entities, err
}

// entitiesAtOnce is how many entities are looked at in one step of a job.
const entitiesAtOnce = 1000

// Preview is what an event would do to its entity.
type Preview = store.Preview

// Preview folds a copy of an event into a copy of its entity's state and tells what came of it. Of the event only what
// the broker would say needs to be there.
func (e *Engine) Preview(ctx context.Context, event *Event) (Preview, error) {
	var p Preview
	err := e.requests.do(ctx, func() { p = e.store.Preview(event.Clone(), e.now()) })
	return p, err
}

// Latest is a snapshot of this moment: what has been noticed since the newest one is in it.
func (e *Engine) Latest(ctx context.Context) (*Snapshot, error) {
	var latest *Snapshot
	err := e.requests.do(ctx, func() {
		e.publish()
		latest = e.Snapshot()
	})
	return latest, err
}

// Ledger is the account of all stations and of each, by its key.
func (e *Engine) Ledger(ctx context.Context) (Ledger, map[string]Ledger, error) {
	var sum Ledger
	each := map[string]Ledger{}
	err := e.requests.do(ctx, func() {
		e.countUnread()
		for _, s := range e.attached.stations {
			if s.offer != nil {
				continue
			}
			sum.add(&s.ledger)
			each[s.Key] = s.ledger
		}
	})
	return sum, each, err
}

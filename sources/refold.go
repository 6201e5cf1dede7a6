package sources

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/inquiry"
	"signalbox/sources/internal/seconds"
	"signalbox/sources/internal/store"
	"signalbox/sources/internal/window"
)

// Refolded is what came of folding anew what is held.
type Refolded struct {
	Events   uint64 // that were folded anew
	Left     uint64 // that made room for it, and are held no more
	Entities int    // that are known now
	Differences
	Took time.Duration
}

// Differences are the entities that came out different.
type Differences = inquiry.Differences

// Different is an entity that came out different.
type Different = inquiry.Different

// MaxDifferent bounds Differences.Found.
const MaxDifferent = inquiry.MaxDifferent

const (
	refoldAtOnce  = 4096 // events or entities in one step: the engine goes on in between
	refoldTries   = 3
	marginInHeld  = 16 // where no more can be held, one part in so many of the events may leave meanwhile
	lendInTransit = 2  // meanwhile more is held by one part in so many of what is left to what is on its way
)

// errNoRoom is why what is held cannot be folded anew.
var errNoRoom = errors.New("there is not the memory for them twice: begin again, or with more --memory")

// Refold has all that is held folded by other domains, which understand events from then on. Others tells whether the rules for a
// kind of entities are others. Meanwhile all goes on as it was; then the one takes the place of the other. Progress is called on
// the engine's goroutine, from 0 to 1. An error leaves all as it was.
func (e *Engine) Refold(ctx context.Context, domains Domains, others func(kind string) bool, progress func(float64)) (Refolded, error) {
	var r *refolding
	err := e.requests.inSteps(ctx, func() bool {
		if r == nil {
			r = &refolding{engine: e, domains: domains, others: others, began: time.Now()}
			if r.failed = r.begin(); r.failed != nil {
				return true
			}
			e.refold = r
		}
		done := r.step()
		if progress != nil {
			progress(r.part())
		}
		e.dirty = true
		return done
	})
	if err != nil {
		e.requests.post(func() { r.end() })
		return Refolded{}, fmt.Errorf("folding anew: %w", err)
	}
	if r.failed != nil {
		return Refolded{}, fmt.Errorf("folding %d entities anew: %w", r.out.Entities, r.failed)
	}
	return r.out, nil
}

// refolding is what is held being folded by other domains, beside what is shown.
type refolding struct {
	engine  *Engine
	domains Domains
	others  func(kind string) bool
	began   time.Time
	tries   uint64
	anew    *store.Anew // nil once it has taken its place
	watch   inquiry.Watch
	results []map[window.Result]int64 // by station: how many more events led to it
	line    seconds.Line
	second  []int64          // by station, as for station.second
	counts  []seconds.Counts // likewise
	compare *inquiry.Comparison
	failed  error
	out     Refolded
}

// begin begins, or begins anew where events have left that were to be folded.
func (r *refolding) begin() error {
	e := r.engine
	w, t := e.store.Window, e.store.Entities
	r.out = Refolded{Entities: t.Count()}
	if w.Nothing {
		return errors.New("no events are held")
	}
	first := w.First()
	r.tries++
	need := w.PagesFrom(first) + t.Held()
	room := e.limit() - w.Memory()
	if e.refold == nil {
		room += e.lent()
	}
	if spare := need - room; spare > 0 {
		if spare > w.Memory()/2 {
			return errNoRoom
		}
		first += uint64(float64(w.Total()) * float64(spare) / float64(w.Memory()))
	}
	if room < need || r.tries > 1 {
		first += r.tries * w.Total() / marginInHeld
	}
	r.anew = e.store.Anew(r.domains, e.newTable(), first, r.others)
	n := r.anew.Store
	r.watch = inquiry.Watch{}
	r.watch.Begin(n, func() {})
	r.watch.Always.Set(InvariantsOf(r.domains), 1)
	r.results, r.second, r.counts = nil, nil, nil
	r.line = seconds.Line{Limit: e.then.line.Limit}
	e.attached.lookElsewhere(n)
	return nil
}

// lent is by how much more than otherwise is held meanwhile.
func (e *Engine) lent() int64 { return e.options.Memory / transitShare / lendInTransit }

// step does a part, and tells whether all is done.
func (r *refolding) step() bool {
	e := r.engine
	if r.compare != nil {
		if !r.compare.Step(refoldAtOnce, &r.out.Differences) {
			return false
		}
		r.out.Took = time.Since(r.began)
		r.end()
		return true
	}
	if r.anew == nil || r.anew.Store.Window.Skipped() { // all is read anew, or events left too fast
		if r.tries == refoldTries {
			r.failed = errors.New("events leave faster than they can be folded anew: try again when fewer come")
			r.end()
			return true
		}
		if r.failed = r.begin(); r.failed != nil {
			r.end()
			return true
		}
	}
	r.anew.Step(refoldAtOnce, r.told)
	e.store.Window.Shrink()
	if !r.anew.Store.Window.Skipped() && r.anew.Told() && len(e.requests.jobs) == 1 { // others work on the store as it is
		r.take()
	}
	return false
}

// told counts an event that was folded anew.
func (r *refolding) told(ev *event.Event, is, was window.Result) {
	r.out.Events++
	r.watch.Confirm(ev)
	held := r.anew.Store.Window.Get(ev.Number)
	i := int(held.Station())
	for len(r.results) <= i {
		r.results, r.second, r.counts = append(r.results, map[window.Result]int64{}), append(r.second, 0), append(r.counts, seconds.Counts{})
	}
	if is != was {
		r.results[i][is]++
		r.results[i][was]--
	}
	if second := secondOf(ev.UnixNano); second != r.second[i] {
		r.countSecond(i)
		r.second[i] = second
	}
	c := &r.counts[i]
	c.Events++
	c.Last = ev.Number
	if is > window.Folded {
		c.Fault(is == window.Rejected)
	}
}

func (r *refolding) countSecond(i int) {
	if r.counts[i].Events > 0 {
		r.line.Add(r.second[i], i, r.counts[i])
	}
	r.counts[i] = seconds.Counts{}
}

// take has what was folded anew take the place of what was.
func (r *refolding) take() {
	e := r.engine
	r.out.Left = r.anew.First() - min(e.store.Window.First(), r.anew.First())
	was := r.anew.Take()
	was.Watch(func(uint32) {}, func(uint32) {})
	was.OnLeave(nil)
	r.anew = nil
	e.anew++
	e.options.Domains = r.domains
	e.revisits.refolded()
	e.watch.Renew(r.watch.Always)
	e.event.Past, e.waiters.event.Past = e.store.Past(), e.store.Past()
	e.flow.Begin()
	e.chart.Begin()
	e.cohorts.Forget()
	e.tellBounds()
	e.useLists()
	e.attached.lookLate()
	r.account()
	e.then.shown, e.then.line = nil, r.line
	r.compare = inquiry.NewComparison(was, e.store, r.others)
	r.out.Entities = e.store.Entities.Count()
}

// account counts what events led to as they do now.
func (r *refolding) account() {
	e := r.engine
	for i := range r.results {
		r.countSecond(i)
		l := &e.attached.stations[i].ledger
		for result, more := range r.results[i] {
			*l.of(result) += uint64(more)
			if result == window.Undecodable {
				l.Decoded -= uint64(more)
			}
		}
	}
	for _, s := range e.attached.stations {
		s.inSecond = seconds.Counts{}
	}
}

// part is how much is done, from 0 to 1.
func (r *refolding) part() float64 {
	const comparing = 0.1 // of all
	switch {
	case r.out.Took > 0:
		return 1
	case r.compare != nil:
		return 1 - comparing + comparing*r.compare.Part()
	case r.anew != nil:
		return (1 - comparing) * r.anew.Part()
	}
	return 0
}

// restart has all begin anew: what was held is held no more.
func (r *refolding) restart() {
	if r != nil && r.anew != nil {
		r.anew.Drop()
		r.anew, r.tries = nil, 0
	}
}

// end frees what was needed.
func (r *refolding) end() {
	if r == nil || r.engine.refold != r {
		return
	}
	if r.engine.refold = nil; r.anew != nil {
		r.anew.Drop()
		r.anew = nil
	}
	r.compare = nil
}

// held is the memory that it takes, beside the window.
func (r *refolding) held() int64 {
	switch {
	case r == nil:
		return 0
	case r.anew != nil:
		return r.anew.Held() + r.line.Held()
	case r.compare != nil:
		return r.compare.Held()
	}
	return 0
}

// limit is how much the window may hold now.
func (e *Engine) limit() int64 {
	held := heldShare(e.options.Memory)
	if e.refold != nil {
		held += e.lent()
	}
	return min(cmp.Or(e.options.Events, math.MaxInt64), held-e.held()-e.feeds.waiting())
}

// newTable makes a table of entities that is as large as it may be.
func (e *Engine) newTable() *entities.Table {
	share := float64(heldShare(e.options.Memory)) * entityShare
	return entities.New(int64(share*(1-nameShare-subjectShare)), int64(share*nameShare))
}

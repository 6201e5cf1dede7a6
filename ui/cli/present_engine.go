package cli

import (
	"context"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/sources"
)

// engines is an engine that another can take the place of: what a deck looks at while a presentation begins anew. It may be used from
// any goroutine; its methods are those of the engine.
type engines struct {
	mu   sync.Mutex
	now  *sources.Engine
	view sources.View // that was asked for last
}

// replace puts another in its place. The one before is asked for something once more, so that whoever waits for it to change comes to
// wait for this one.
func (e *engines) replace(by *sources.Engine) {
	e.mu.Lock()
	before, view := e.now, e.view
	e.now = by
	e.mu.Unlock()
	by.Look(view)
	view.Serial++
	before.Look(view)
}

func (e *engines) engine() *sources.Engine {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.now
}

func (e *engines) Look(v sources.View) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.view = v
	e.now.Look(v)
}

func (e *engines) Snapshot() *sources.Snapshot { return e.engine().Snapshot() }
func (e *engines) Changed() <-chan struct{}    { return e.engine().Changed() }
func (e *engines) Last() uint64                { return e.engine().Last() }

func (e *engines) Preview(ctx context.Context, of *sources.Event) (sources.Preview, error) {
	return e.engine().Preview(ctx, of)
}

func (e *engines) Reopen(ctx context.Context, station string, from bus.From) error {
	return e.engine().Reopen(ctx, station, from)
}

func (e *engines) Take(ctx context.Context, station string) error {
	return e.engine().Take(ctx, station)
}

func (e *engines) EventAt(ctx context.Context, at time.Time) (uint64, error) {
	return e.engine().EventAt(ctx, at)
}

func (e *engines) EventOn(ctx context.Context, station string, at bus.Position) (uint64, error) {
	return e.engine().EventOn(ctx, station, at)
}

func (e *engines) Entity(ctx context.Context, of sources.Entity, version uint64) (*sources.EntityDetail, error) {
	return e.engine().Entity(ctx, of, version)
}

func (e *engines) Event(ctx context.Context, number uint64) (*sources.EventDetail, error) {
	return e.engine().Event(ctx, number)
}

func (e *engines) EventsOf(ctx context.Context, of sources.Entity) ([]sources.EventRef, error) {
	return e.engine().EventsOf(ctx, of)
}

func (e *engines) WhatIf(ctx context.Context, of sources.Entity, list []sources.Imagined, until uint64) (*sources.WhatIf, error) {
	return e.engine().WhatIf(ctx, of, list, until)
}

func (e *engines) Find(ctx context.Context, busName, station string, at bus.Position) (*sources.EventDetail, error) {
	return e.engine().Find(ctx, busName, station, at)
}

func (e *engines) Entities(ctx context.Context, kind string, filter *sources.EntityFilter) ([]sources.EntityRow, error) {
	return e.engine().Entities(ctx, kind, filter)
}

func (e *engines) Complete(ctx context.Context, of sources.Entity, progress func(sources.CompleteProgress)) (sources.Completion, error) {
	return e.engine().Complete(ctx, of, progress)
}

func (e *engines) Scan(ctx context.Context, after uint64, see func(*sources.Event)) (uint64, error) {
	return e.engine().Scan(ctx, after, see)
}

func (e *engines) Handling(ctx context.Context, events []*sources.Event) ([]sources.Progress, error) {
	return e.engine().Handling(ctx, events)
}

func (e *engines) Bisect(ctx context.Context, of sources.Entity, holds *sources.EventFilter, progress func(float64)) (sources.Bisection, error) {
	return e.engine().Bisect(ctx, of, holds, progress)
}

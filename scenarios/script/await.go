package script

import (
	"context"

	"signalbox/sources"
)

// await waits until an entity is as until says. One that began before the run is completed first, where a bus still keeps what it
// is made of: what is expected of it depends on that.
func (p *Run) await(ctx context.Context, entity sources.Entity, until func(*sources.EntityDetail) bool) (*sources.EntityDetail, error) {
	detail, err := p.engine.Await(ctx, entity, func(d *sources.EntityDetail) bool {
		return d.Partial || until(d)
	})
	if err == nil && detail.Partial {
		if _, failed := p.engine.Complete(ctx, entity, nil); failed != nil && ctx.Err() != nil {
			return detail, failed
		} // else it is judged by what was seen of it, and said to be partial
		detail, err = p.engine.Await(ctx, entity, until)
	}
	return detail, err
}

// found is an entity as it was seen last: where the engine was too busy to show it in time, as it is now.
func (p *Run) found(ctx context.Context, entity sources.Entity, seen *sources.EntityDetail) (*sources.EntityDetail, error) {
	if seen != nil {
		return seen, nil
	}
	return p.engine.Entity(ctx, entity, 0)
}

package truth

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/sources"
)

// Entities is an engine.
type Entities interface {
	Entities(ctx context.Context, kind string, filter *sources.EntityFilter) ([]sources.EntityRow, error)
	Knows(ctx context.Context, kind string) (sources.Knowledge, error)
}

// Check compares the entities of a place with their copies.
type Check struct {
	Place  *Place
	Engine Entities
	Copies bus.CopyReader
	Grace  time.Duration // how long what differs may be on its way
	Rest   time.Duration // between two questions to the bus
	Filter *sources.EntityFilter
}

// Report is what a check found.
type Report struct {
	Compared uint64
	Partial  uint64  // not compared: their events were not all seen
	Drifts   []Drift // by entity
	OnTheWay uint64  // differed, and changed as long as it was looked at
	Unseen   bool    // what only copies know was not looked for: not all events of the kind were seen
	More     bool    // there are more copies that no event was seen of than MostAlone, and no more were looked at
}

// tries is how often what differs and changes is looked at again.
const tries = 5

// Run compares, waits for what differs until it had its time, and compares that again.
func (c *Check) Run(ctx context.Context) (Report, error) {
	var report Report
	knows, err := c.Engine.Knows(ctx, c.Place.Kind)
	if err != nil {
		return report, err
	}
	rows, err := c.Engine.Entities(ctx, c.Place.Kind, c.Filter)
	if err != nil {
		return report, err
	}
	seen := make(map[string]bool, len(rows))
	for i := range rows {
		seen[rows[i].ID] = true
	}
	rows = slices.DeleteFunc(rows, func(r sources.EntityRow) bool { return r.Partial })
	report.Partial = uint64(len(seen) - len(rows))
	rows = slices.DeleteFunc(rows, func(r sources.EntityRow) bool { return r.Version == 0 }) // no event of it was accepted: there is nothing to keep
	report.Compared = uint64(len(rows))
	var alone []string
	if report.Unseen = !knows.All; !report.Unseen && c.Filter == nil {
		if alone, err = c.strangers(ctx, seen); err != nil {
			return report, err
		}
		if report.More = len(alone) > MostAlone; report.More {
			alone = alone[:MostAlone]
		}
	}
	drifts, err := c.compare(ctx, rows, knows)
	if err != nil || len(drifts) == 0 && len(alone) == 0 {
		return report, err
	}
	if err = c.settle(ctx, drifts, knows, &report); err != nil {
		return report, err
	}
	if err = c.stayAlone(ctx, alone, &report); err != nil {
		return report, err
	}
	slices.SortFunc(report.Drifts, func(a, b Drift) int { return strings.Compare(a.Entity.ID, b.Entity.ID) })
	return report, nil
}

// found is a drift with the version of the entity that it was found at.
type found struct {
	Drift
	version uint64
}

// compare compares entities with their copies.
func (c *Check) compare(ctx context.Context, rows []sources.EntityRow, knows sources.Knowledge) ([]found, error) {
	var drifts []found
	for len(rows) > 0 {
		part := rows[:min(bus.CopiesAtOnce, len(rows))]
		rows = rows[len(part):]
		paths := make([]string, len(part))
		for i := range part {
			paths[i] = c.Place.Path(part[i].ID)
		}
		copies, err := c.Copies.Copies(ctx, paths)
		if err != nil {
			return nil, fmt.Errorf("read the copies of %s: %w", c.Place.Kind, err)
		}
		for i := range part {
			if d, differs := c.Place.Compare(&part[i], copies[i], knows.Has); differs {
				drifts = append(drifts, found{d, part[i].Version})
			}
		}
		if len(rows) > 0 {
			if err := wait(ctx, c.Rest); err != nil {
				return nil, err
			}
		}
	}
	return drifts, nil
}

// settle waits and looks again at what differs: it is drift once it differs and has not changed meanwhile.
func (c *Check) settle(ctx context.Context, drifts []found, knows sources.Knowledge, report *Report) error {
	for try := 0; len(drifts) > 0; try++ {
		if try == tries {
			report.OnTheWay = uint64(len(drifts))
			return nil
		}
		if err := wait(ctx, c.Grace); err != nil {
			return err
		}
		before := make(map[string]uint64, len(drifts))
		for _, d := range drifts {
			before[d.Entity.ID] = d.version
		}
		rows, err := c.Engine.Entities(ctx, c.Place.Kind, sources.NewFilter(func(r *sources.EntityRow) bool {
			_, asked := before[r.ID]
			return asked
		}))
		if err != nil {
			return err
		}
		again, err := c.compare(ctx, rows, knows)
		if err != nil {
			return err
		}
		drifts = drifts[:0]
		for _, d := range again {
			if before[d.Entity.ID] == d.version {
				report.Drifts = append(report.Drifts, d.Drift)
			} else {
				drifts = append(drifts, d)
			}
		}
	}
	return nil
}

// MostAlone bounds the copies that are listed because no event of their entity was seen.
const MostAlone = 10_000

// strangers are the IDs of entities that only copies know, one more than MostAlone at most.
func (c *Check) strangers(ctx context.Context, seen map[string]bool) ([]string, error) {
	var alone []string
	err := c.Copies.CopyPaths(ctx, c.Place.Prefix, c.Place.Suffix, func(path string) bool {
		if id := c.Place.ID(path); id != "" && !seen[id] {
			seen[id] = true // a path may come twice
			alone = append(alone, id)
		}
		return len(alone) <= MostAlone
	})
	if err != nil {
		return nil, fmt.Errorf("list the copies of %s: %w", c.Place.Kind, err)
	}
	return alone, nil
}

// stayAlone waits, and keeps those that no event has come of and whose copies are still there.
func (c *Check) stayAlone(ctx context.Context, alone []string, report *Report) error {
	if len(alone) == 0 {
		return nil
	}
	if err := wait(ctx, c.Grace); err != nil {
		return err
	}
	asked := make(map[string]bool, len(alone))
	for _, id := range alone {
		asked[id] = true
	}
	rows, err := c.Engine.Entities(ctx, c.Place.Kind, sources.NewFilter(func(r *sources.EntityRow) bool { return asked[r.ID] }))
	if err != nil {
		return err
	}
	for i := range rows {
		delete(asked, rows[i].ID)
	}
	alone = slices.DeleteFunc(alone, func(id string) bool { return !asked[id] })
	for part := range slices.Chunk(alone, bus.CopiesAtOnce) {
		paths := make([]string, len(part))
		for i, id := range part {
			paths[i] = c.Place.Path(id)
		}
		copies, err := c.Copies.Copies(ctx, paths)
		if err != nil {
			return fmt.Errorf("read the copies of %s: %w", c.Place.Kind, err)
		}
		for i, id := range part {
			if copies[i].Kept && !isEmpty(copies[i]) {
				report.Drifts = append(report.Drifts, Drift{Entity: sources.Entity{Kind: c.Place.Kind, ID: id}, Path: paths[i], Sort: Only})
			}
		}
		if err := wait(ctx, c.Rest); err != nil {
			return err
		}
	}
	return nil
}

// wait waits for a while.
func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

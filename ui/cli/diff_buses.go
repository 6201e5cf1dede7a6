package cli

import (
	"bytes"
	"context"
	"errors"
	"hash/maphash"
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/sources"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/output"
)

// mostListed bounds what is listed of each difference of two buses.
const mostListed = 20

// twoBuses tells whether the arguments name two buses that are to be compared, and nothing of them but stations.
func twoBuses(args []string) bool {
	named := 0
	for _, arg := range args {
		if isBus(arg) {
			named++
		}
	}
	return named == 2 && isBus(args[0]) && !slices.ContainsFunc(args, isSide)
}

// busesSide is what was read of one bus.
type busesSide struct {
	name   string
	rows   map[sources.Entity]*sources.EntityRow
	events uint64
	steps  map[string]output.Step
}

// buses compares what two buses hold: a recording and another, or a bus.
func (c *diff) buses(ctx context.Context, args []string) error {
	if len(c.at) > 0 {
		return errors.New("--at is about two entities: name them, or leave it out")
	}
	c.lines.whole = true
	targets, from, err := c.toRead(args, bus.FromAll)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(targets, target.Target.Pipe) {
		return errors.New("two buses are read twice where they differ, and standard input comes once")
	}
	library, err := c.library()
	if err != nil {
		return err
	}
	events := &eventCounts{seed: maphash.MakeSeed(), left: map[uint64]int32{}}
	left, err := c.read(ctx, library, targets[0], from, events.add)
	if err != nil {
		return err
	}
	right, err := c.read(ctx, library, targets[1], from, events.strike)
	if err != nil {
		return err
	}
	d := output.BusesDiff{Left: left.name, Right: right.name, Both: left.events - events.unmatched(), OnlyLeft: events.unmatched(), OnlyRight: events.only, RightEvents: events.listed}
	if d.OnlyLeft > 0 {
		events.listed = nil
		if _, err := c.read(ctx, library, targets[0], from, events.list); err != nil {
			return err
		}
		d.LeftEvents = events.listed
	}
	compareEntities(&d, left, right)
	d.CompareSteps(left.steps, right.steps)
	if c.json {
		err = output.WriteJSON(c.out, d)
	} else {
		err = d.Show(c.out)
	}
	if err == nil && d.Differs() {
		err = failf("%s and %s differ", left.name, right.name)
	}
	return err
}

// read reads all of a bus.
func (c *diff) read(ctx context.Context, library *scenarios.Library, t target.Target, from bus.From, tap func(*sources.Event)) (*busesSide, error) {
	side := &busesSide{rows: map[sources.Entity]*sources.EntityRow{}, steps: map[string]output.Step{}}
	steps := stepTimes{of: side.steps, last: map[sources.Entity]lastStep{}}
	s, err := c.openWith(ctx, library, []target.Target{t}, sources.Options{Events: sources.HoldNone, Tap: func(e *sources.Event) {
		side.events++
		steps.take(e)
		tap(e)
	}})
	if err != nil {
		return nil, err
	}
	side.name = s.names()
	inner, stop := s.within(ctx)
	defer stop()
	var rows []sources.EntityRow
	if err = s.readAll(inner, from); err == nil {
		rows, err = s.engine.Entities(inner, "", nil)
	}
	for i := range rows {
		side.rows[rows[i].Entity] = &rows[i]
	}
	return side, s.over(err)
}

// compareEntities finds what ended differently.
func compareEntities(d *output.BusesDiff, left, right *busesSide) {
	for e, a := range left.rows {
		b := right.rows[e]
		if b == nil {
			d.Entity(output.EntityDiff{Entity: e.String(), Only: left.name})
		} else {
			d.Compare(a, b)
		}
	}
	for e := range right.rows {
		if left.rows[e] == nil {
			d.Entity(output.EntityDiff{Entity: e.String(), Only: right.name})
		}
	}
	d.Sort(mostListed)
}

// eventCounts are the events of two buses: the same is what has the same station and payload.
type eventCounts struct {
	seed   maphash.Seed
	left   map[uint64]int32 // those of the left bus that the right one did not have yet
	only   uint64           // of the right bus alone
	listed []string
}

func (c *eventCounts) key(e *sources.Event) uint64 {
	var h maphash.Hash
	h.SetSeed(c.seed)
	_, _ = h.WriteString(e.Station) // it never fails, nor does what follows
	_ = h.WriteByte(0)
	_, _ = h.Write(bytes.TrimSpace(e.Data))
	return h.Sum64()
}

func (c *eventCounts) add(e *sources.Event) { c.left[c.key(e)]++ }

// strike takes an event of the right bus away from those of the left one.
func (c *eventCounts) strike(e *sources.Event) {
	key := c.key(e)
	switch n := c.left[key]; n {
	case 0:
		c.only++
		c.keep(e)
	case 1:
		delete(c.left, key)
	default:
		c.left[key] = n - 1
	}
}

// list lists the events of the left bus that the right one had not.
func (c *eventCounts) list(e *sources.Event) {
	if key := c.key(e); c.left[key] > 0 {
		c.left[key]--
		c.keep(e)
	}
}

func (c *eventCounts) keep(e *sources.Event) {
	if len(c.listed) < mostListed {
		c.listed = append(c.listed, string(bytes.TrimSpace(output.EventLine(output.Colours{})(nil, e))))
	}
}

// unmatched is how many are left of the left bus.
func (c *eventCounts) unmatched() (n uint64) {
	for _, times := range c.left {
		n += uint64(times)
	}
	return n
}

// stepTimes are how long entities took from one event to the next, by the types of both.
type stepTimes struct {
	of   map[string]output.Step
	last map[sources.Entity]lastStep
}

type lastStep struct {
	what string
	nano int64
}

func (s *stepTimes) take(e *sources.Event) {
	entity := e.Entity()
	if entity.IsZero() {
		return
	}
	before, known := s.last[entity]
	if !known {
		entity = sources.Entity{Kind: entity.Kind, ID: string([]byte(entity.ID))}
	}
	now := lastStep{before.what, e.UnixNano}
	if before.what != e.Type {
		now.what = string([]byte(e.Type))
	}
	s.last[entity] = now
	if known {
		name := entity.Kind + ": " + before.what + " > " + e.Type
		step := s.of[name]
		step.Times++
		step.Sum += time.Duration(e.UnixNano - before.nano)
		s.of[name] = step
	}
}

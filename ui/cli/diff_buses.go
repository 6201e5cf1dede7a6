package cli

import (
	"context"
	"errors"
	"slices"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/sources"
	"signalbox/ui/cli/internal/comparison"
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
	name  string
	rows  map[sources.Entity]*sources.EntityRow
	steps map[string]output.Step
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
	var sides [2]*busesSide
	var prints [2]*comparison.Prints
	prints[0], prints[1] = comparison.NewPrints()
	for i := range sides {
		if sides[i], err = c.read(ctx, library, targets[i], from, prints[i].Add); err != nil {
			return err
		}
	}
	left, right := sides[0], sides[1]
	d := output.BusesDiff{Left: left.name, Right: right.name}
	d.Both = prints[0].Strike(prints[1])
	d.OnlyLeft, d.OnlyRight = prints[0].Len(), prints[1].Len()
	for i, list := range []*[]string{&d.LeftEvents, &d.RightEvents} {
		if prints[i].Len() == 0 {
			continue
		}
		listed := comparison.List{Of: prints[i], Most: mostListed}
		if _, err := c.read(ctx, library, targets[i], from, listed.See); err != nil {
			return err
		}
		*list = listed.Lines
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
	side := &busesSide{rows: map[sources.Entity]*sources.EntityRow{}}
	steps := comparison.NewSteps()
	s, err := c.openWith(ctx, library, []target.Target{t}, sources.Options{Events: sources.HoldNone, Tap: func(e *sources.Event) {
		steps.Take(e)
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
	side.steps = steps.All()
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

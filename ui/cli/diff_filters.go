package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"signalbox/scenarios/filter"
	"signalbox/sources"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// filters compares what two filters want of the entities of a kind.
func (c *diff) filters(ctx context.Context, args []string) error {
	switch {
	case len(c.where) != 2:
		return errors.New("--where goes twice, or not at all: a filter for each side, as in diff delivery --where status:active --where 'state.budget < 0'")
	case len(c.at) > 0:
		return errors.New("--at is about one entity on each side: it does not go with --where")
	case len(args) == 0 || isBus(args[len(args)-1]) || strings.Contains(args[len(args)-1], "/"):
		return errors.New("diff what? want KIND and two filters, such as delivery --where status:active --where 'state.budget < 0'")
	}
	kind := args[len(args)-1]
	if err := brokers.Mistake(kind, false); err != nil {
		return err
	}
	var sides [2]*sources.EntityFilter
	for i, text := range c.where {
		var err error
		if sides[i], err = wanted("--where", filter.ParseEntities, text, filter.EntityNames()); err != nil {
			return err
		}
	}
	r, err := c.replay(ctx, args[:len(args)-1], nil, sources.Options{})
	if err != nil {
		return err
	}
	return r.answer(ctx, func(ctx context.Context, s *session) error { return c.selected(ctx, s, kind, sides) })
}

// selected prints what the filters want.
func (c *diff) selected(ctx context.Context, s *session, kind string, sides [2]*sources.EntityFilter) error {
	var rows [2][]sources.EntityRow
	for i := range sides {
		var err error
		if rows[i], err = s.engine.Entities(ctx, kind, sides[i]); err != nil {
			return fmt.Errorf("asking for each %s: %w", kind, err)
		}
		if times, why := sides[i].Failed(); times > 0 {
			c.warn(fmt.Sprintf("of %s it cannot be told whether %s wants them, and they are left out: %s", screen.Plural(times, "entity"), c.where[i], why))
		}
	}
	if err := c.tellMissingOf(ctx, s, kind, slices.Concat(rows[0], rows[1]), c.where...); err != nil {
		return err
	}
	if len(rows[0]) == 0 && len(rows[1]) == 0 {
		all, err := s.engine.Entities(ctx, kind, nil)
		if err != nil || len(all) == 0 {
			return cmp.Or(err, fmt.Errorf("no %s: %s", kind, whatWasRead(ctx, s, kind)))
		}
	}
	compared := output.Select(kind, c.where[0], c.where[1], rows[0], rows[1])
	var err error
	if c.json {
		err = output.WriteJSON(c.out, compared.JSON())
	} else {
		err = compared.Show(c.out)
	}
	if left, right, both := compared.Apart(); err == nil && left+right > 0 {
		err = failf("they differ: %d only in the first, %d only in the second, %d in both", left, right, both)
	}
	return err
}

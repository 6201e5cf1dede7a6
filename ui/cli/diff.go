package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"signalbox/sources"
	entity "signalbox/sources/state"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/output"
)

// diff is the command that compares the states of two entities, or of one at two versions.
type diff struct {
	*options
	at    []uint
	where []string
	json  bool
}

func newDiff(o *options) *cobra.Command {
	c := &diff{options: o}
	cmd := &cobra.Command{
		Use:   "diff [BUS] [STATION…] KIND/ID[@VERSION] KIND/ID[@VERSION]",
		Short: "Compare two entities, one at two versions, or what two filters want",
		Long: "Compare the states of two entities, or of one entity at two versions, field by field. It reads what the bus can\n" +
			"replay, answers and ends: with code 0 where the states are the same, with 1 where they differ, with 2 where one of\n" +
			"them is not there. That each entity has its own ID in a field is no difference.\n\n" +
			"The second may be a version alone: delivery/01HX7Q@2 @4. Where an ID ends in @ and a number itself, name a version, too.\n" +
			"--at says the same: the first of the left side, the second of the right one; with two of them one entity is enough.\n\n" +
			"With --where twice it compares which entities of a KIND two filters want, by their counts and one by one.\n\n" +
			"With two buses and no entity it compares what they hold, one of them a recording, or both: entities that ended\n" +
			"differently, events that only one has, and steps whose time is another, which by itself is no difference. An event is the\n" +
			"same where station and payload are.",
		Example: `signalbox diff nats://127.0.0.1:4222 delivery/01HX7Q delivery/01HX2M
signalbox diff nats://127.0.0.1:4222 delivery/01HX7Q --at 2 --at 4 --json
signalbox diff nats://127.0.0.1:4222 delivery --where status:active --where 'state.budget < 0'
signalbox diff monday.sbx tuesday.sbx`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.lines.addTo(cmd)
	cmd.Flags().UintSliceVar(&c.at, "at", nil, "the version of the left side, and given again of the right one")
	cmd.Flags().StringArrayVar(&c.where, "where", nil, "given twice: compare the entities of KIND that each filter wants")
	cmd.Flags().BoolVar(&c.json, "json", false, "print one line of JSON")
	return cmd
}

// compared is what one side of a comparison is of.
type compared struct {
	sources.Entity
	version uint64 // 0 is the newest
}

// sideOf reads KIND/ID@VERSION, or @VERSION of what is on the other side.
func sideOf(text string, other sources.Entity) (compared, error) {
	want := fmt.Errorf("diff what? want KIND/ID or KIND/ID@VERSION, such as delivery/01HX7Q@2, have %s", text)
	of, version, ok := entity.ParseAt(text, other)
	side := compared{of, version}
	switch {
	case isBus(text), !ok:
		return side, want
	case of == other:
		return side, nil
	}
	return side, cmp.Or(brokers.Mistake(of.String(), true), brokers.Mistake(of.Kind, false))
}

func (c *diff) run(ctx context.Context, args []string) error {
	if len(c.where) > 0 {
		return c.filters(ctx, args)
	}
	if twoBuses(args) {
		return c.buses(ctx, args)
	}
	args, err := c.withVersions(args)
	if err != nil {
		return err
	}
	if len(args) < 2 {
		return errors.New("diff what? want two of KIND/ID or KIND/ID@VERSION, such as delivery/01HX7Q@2 delivery/01HX7Q@4")
	}
	left, err := sideOf(args[len(args)-2], sources.Entity{})
	if err != nil {
		return err
	}
	right, err := sideOf(args[len(args)-1], left.Entity)
	if err != nil {
		return err
	}
	r, err := c.replay(ctx, args[:len(args)-2], nil, sources.Options{})
	if err != nil {
		return err
	}
	return r.answer(ctx, func(ctx context.Context, s *session) error { return c.compare(ctx, s, left, right) })
}

// withVersions writes what --at says behind the sides, as they may say it themselves.
func (c *diff) withVersions(args []string) ([]string, error) {
	n := len(args)
	switch {
	case len(c.at) == 0:
		return args, nil
	case len(c.at) > 2 || slices.Contains(c.at, 0):
		return nil, errors.New("--at wants one or two versions, from 1 on: of the left side, and of the right one")
	case n > 0 && len(c.at) == 2 && (n == 1 || !isSide(args[n-2])) && isSide(args[n-1]):
		return append(slices.Clone(args[:n-1]), fmt.Sprintf("%s@%d", args[n-1], c.at[0]), fmt.Sprintf("@%d", c.at[1])), nil
	case n < 2:
		return args, nil
	}
	args = slices.Clone(args)
	for i, version := range c.at {
		side := &args[n-2+i]
		if of, at, ok := entity.ParseAt(*side, sources.Entity{}); ok && at != 0 {
			return nil, fmt.Errorf("%s has a version, and --at says another: name one of them for %s", *side, of)
		}
		*side = fmt.Sprintf("%s@%d", *side, version)
	}
	return args, nil
}

// isSide tells whether an argument names an entity.
func isSide(text string) bool {
	_, _, ok := entity.ParseAt(text, sources.Entity{})
	return ok && !isBus(text)
}

func (c *diff) compare(ctx context.Context, s *session, left, right compared) error {
	a, err := c.side(ctx, s, left)
	if err != nil {
		return err
	}
	b, err := c.side(ctx, s, right)
	if err != nil {
		return err
	}
	differs := output.DifferingDetails(a, b)
	if c.json {
		err = output.WriteJSON(c.out, output.DiffJSON(a, b))
	} else {
		err = output.ShowDiff(c.out, a, b)
	}
	if err == nil && len(differs) > 0 {
		err = failf("they differ in %s", strings.Join(differs, ", "))
	}
	return err
}

// side is the state of one side.
func (c *diff) side(ctx context.Context, s *session, of compared) (*sources.EntityDetail, error) {
	d, err := s.engine.Entity(ctx, of.Entity, of.version)
	switch {
	case err != nil:
		return nil, fmt.Errorf("asking for %s: %w", of.Entity, err)
	case d == nil:
		return nil, fmt.Errorf("no %s: %s", of.Entity, whatWasRead(ctx, s, of.Kind))
	case of.version > d.Newest:
		return nil, fmt.Errorf("%s has no version %d: its newest is %d", of.Entity, of.version, d.Newest)
	case d.Evicted || of.version != 0 && d.Shown != of.version:
		return nil, fmt.Errorf("the state of %s at version %d is not known: the events that made it have left the window", of.Entity, of.version)
	}
	return d, nil
}

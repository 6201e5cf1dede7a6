package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
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
	json bool
}

func newDiff(o *options) *cobra.Command {
	c := &diff{options: o}
	cmd := &cobra.Command{
		Use:   "diff [BUS] [STATION…] KIND/ID[@VERSION] KIND/ID[@VERSION]",
		Short: "Compare the states of two entities, or of one at two versions",
		Long: "Compare the states of two entities, or of one entity at two versions, field by field. It reads what the bus can\n" +
			"replay, answers and ends: with code 0 where the states are the same, with 1 where they differ, with 2 where one of\n" +
			"them is not there. That each entity has its own ID in a field is no difference.\n\n" +
			"The second may be a version alone: delivery/01HX7Q@2 @4. Where an ID ends in @ and a number itself, name a version, too.",
		Example: `signalbox diff nats://127.0.0.1:4222 delivery/01HX7Q delivery/01HX2M
signalbox diff nats://127.0.0.1:4222 delivery/01HX7Q@2 delivery/01HX7Q@4 --json`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
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
	case brokers.IsURL(text), !ok:
		return side, want
	case of == other:
		return side, nil
	}
	return side, cmp.Or(brokers.Mistake(of.String(), true), brokers.Mistake(of.Kind, false))
}

func (c *diff) run(ctx context.Context, args []string) error {
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

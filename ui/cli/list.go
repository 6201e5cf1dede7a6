package cli

import (
	"context"
	"errors"
	"fmt"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// list runs a command that asks the buses for what they have, and ends.
func (o *options) list(ctx context.Context, args []string, work func(context.Context, *session) error) error {
	targets, err := o.names.All(args)
	if err != nil {
		return err
	}
	library, err := o.library()
	if err != nil {
		return err
	}
	s, err := o.openWith(ctx, library, targets, sources.Options{Poll: consumerPoll})
	if err != nil {
		return err
	}
	ctx, stop := s.within(ctx)
	defer stop()
	if err = s.startDemo(ctx); err == nil {
		err = work(ctx, s)
	}
	return s.over(err)
}

// partial makes a warning of an error that left something to show, and a bus's refusal of one that did not.
func (o *options) partial(found int, what string, err error) error {
	switch {
	case err == nil:
		return nil
	case found == 0 && !errors.Is(err, bus.ErrUnfinished):
		return busError{fmt.Errorf("%s: %w", what, err)}
	default:
		_, err = fmt.Fprintf(o.err, "signalbox: %s: %s\n", screen.Clean(what), screen.Clean(err.Error()))
		return err
	}
}

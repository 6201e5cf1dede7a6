package cli

import (
	"context"
	"fmt"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/sources"
	"signalbox/ui/cli/internal/shutdown"
	"signalbox/ui/output"
)

// replay is a session that reads what its buses can replay, answers and ends. Nothing is read yet when it is made.
type replay struct {
	*session
	from bus.From
}

// replay opens the session of a command that reads the BUS and the stations of its arguments. Without a library it reads
// the domains of the options.
func (o *options) replay(ctx context.Context, args []string, library *scenarios.Library, how sources.Options) (*replay, error) {
	o.lines.whole = true
	targets, from, err := o.toRead(args, bus.FromAll)
	if err != nil {
		return nil, err
	}
	if library == nil {
		if library, err = o.library(); err != nil {
			return nil, err
		}
	}
	s, err := o.openWith(ctx, library, targets, how)
	return &replay{session: s, from: from}, err
}

// answer reads all, has the command answer, and closes the session.
func (r *replay) answer(ctx context.Context, tell func(context.Context, *session) error) error {
	ctx, stop := r.within(ctx)
	defer stop()
	err := r.readAll(ctx, r.from)
	if err == nil {
		err = tell(ctx, r.session)
	}
	return r.over(err)
}

// readAll attaches and waits until all that the stations held is folded.
func (s *session) readAll(ctx context.Context, from bus.From) error {
	if err := s.startDemo(ctx); err != nil {
		return err
	}
	defer s.report(ctx, output.NewNotices(s.err))()
	if err := s.attach(ctx, from); err != nil {
		return err
	}
	if err := s.engine.CaughtUp(ctx); err != nil {
		return fmt.Errorf("reading what is there: %w", err)
	}
	s.conclude(shutdown.Patience / 5)
	return nil
}

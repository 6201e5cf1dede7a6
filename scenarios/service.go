package scenarios

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/chance"
	"signalbox/scenarios/script"
	"signalbox/scenarios/standin"
)

// Service is stand-ins that play by themselves, beside a system that is live.
type Service struct {
	Names  []string                                         // in full, or where only one domain has a stand-in of that name
	Make   bool                                             // stations that are missing are made, and taken back at the end
	Keep   bool                                             // the consumers that had to be made stay
	Beside bool                                             // they play also where their consumers are at work, as further members
	Begun  func(playing []*standin.StandIn, notes []string) // told once they play; may be nil
	Tell   func(standin.Handled)                            // told of each message, from any goroutine; may be nil
}

// Serve has stand-ins play on a bus until ctx ends, and returns what people should know of the end. Where none has to play, because
// all are at work already, or where a station is missing that one reads, the error is an *AbsentError.
func (l *Library) Serve(ctx context.Context, b bus.Bus, how Service) (notes []string, err error) {
	stage := &Stage{Bus: b, Library: l, Make: how.Make, service: &how}
	for _, name := range how.Names {
		s, err := l.StandIn(name)
		if err != nil {
			return nil, err
		}
		stage.StandIns = append(stage.StandIns, s.FullName())
	}
	g, err := stage.prepare(ctx, &script.Script{}, chance.Seed(time.Now()))
	if err != nil {
		return nil, err
	}
	if len(g.playing) == 0 {
		return g.end(ctx, stage), &AbsentError{"no stand-in plays: " + strings.Join(g.notes, "; ") + " (--beside has it play as a further member)"}
	}
	if how.Begun != nil {
		how.Begun(g.playing, g.notes)
	}
	<-ctx.Done()
	return g.end(ctx, stage), errors.Join(stopped(ctx), g.standIns.Problem())
}

// stopped is nil where a context was ended as it usually is.
func stopped(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// StandInNames are the full names of all stand-ins, sorted.
func (l *Library) StandInNames() []string { return slices.Sorted(slices.Values(l.standInNames())) }

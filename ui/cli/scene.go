package cli

import (
	"context"
	"slices"
	"time"

	"signalbox/bus"
)

// How long a command that answers and ends lets the demo play first, and how often it looks whether that was enough.
const (
	sceneTime = 2 * time.Second
	sceneLook = 25 * time.Millisecond
)

// playDemo has the demo systems run, where the broker is the embedded one.
func (s *session) playDemo() {
	if s.plays != nil {
		s.run("the demo", func(ctx context.Context) error { return s.library.Demo(ctx, s.plays) })
	}
}

// setScene plays the demo, where the broker is the embedded one, until each of its streams holds something to tell of.
func (s *session) setScene(ctx context.Context) error {
	if s.plays == nil {
		return nil
	}
	s.playDemo()
	ctx, cancel := context.WithTimeout(ctx, sceneTime)
	defer cancel()
	look := time.NewTicker(sceneLook)
	defer look.Stop()
	for {
		stations, err := s.plays.Stations(ctx)
		if err == nil && len(stations) > 0 && !slices.ContainsFunc(stations, isSilent) {
			return nil
		}
		select {
		case <-look.C:
		case <-ctx.Done(): // what there is will have to do
			return context.Cause(s.life)
		}
	}
}

func isSilent(s bus.Station) bool { return s.Kind == bus.Stream && s.Messages == 0 }

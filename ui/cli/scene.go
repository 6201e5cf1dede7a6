package cli

import (
	"context"
	"fmt"
	"time"

	"signalbox/bus"
)

// How long a command lets the demo play first at most, how long once something can be heard, and how often it listens.
const (
	sceneTime = 5 * time.Second
	sceneRest = 400 * time.Millisecond
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
	if _, err := s.library.Make(ctx, s.plays); err != nil {
		return fmt.Errorf("setting the scene: %w", err)
	}
	s.playDemo()
	look := time.NewTicker(sceneLook)
	defer look.Stop()
	enough := time.NewTimer(sceneTime)
	defer enough.Stop()
	for heard := false; ; {
		stations, _ := s.plays.Stations(ctx) // what cannot be listed now can be at the next look
		silent, sounding := hear(stations)
		if sounding > 0 && silent == 0 {
			return nil
		}
		if sounding > 0 && !heard {
			heard = true
			enough.Reset(sceneRest)
		}
		select {
		case <-look.C:
		case <-enough.C: // what there is will have to do
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// hear counts the stations that keep messages and hold nothing, and those that hold something.
func hear(stations []bus.Station) (silent, sounding int) {
	for _, s := range stations {
		switch {
		case !s.Readable || !s.Replayable || s.Keyed:
		case s.Messages == 0:
			silent++
		default:
			sounding++
		}
	}
	return silent, sounding
}

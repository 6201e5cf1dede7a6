package cli

import (
	"context"
	"fmt"
	"time"

	"signalbox/bus"
)

// How long a command waits for the demo's first messages at most, how long once there are some, and how often it looks.
const (
	demoWait  = 5 * time.Second
	demoRest  = 400 * time.Millisecond
	demoCheck = 25 * time.Millisecond
)

// startDemo starts the demo systems, where the broker is the embedded one, and waits until each of their stations holds
// a message.
func (s *session) startDemo(ctx context.Context) error {
	if s.demo == nil {
		return nil
	}
	if _, err := s.library.Make(ctx, s.demo); err != nil {
		return fmt.Errorf("making the stations of the demo: %w", err)
	}
	s.run("the demo", func(ctx context.Context) error { return s.library.Demo(ctx, s.demo) })
	look := time.NewTicker(demoCheck)
	defer look.Stop()
	enough := time.NewTimer(demoWait)
	defer enough.Stop()
	for some := false; ; {
		stations, _ := s.demo.Stations(ctx) // what cannot be listed now can be at the next look
		empty, filled := countFilled(stations)
		if filled > 0 && empty == 0 {
			return nil
		}
		if filled > 0 && !some {
			some = true
			enough.Reset(demoRest)
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

// countFilled counts the stations that keep messages and hold none yet, and those that hold some.
func countFilled(stations []bus.Station) (empty, filled int) {
	for _, s := range stations {
		switch {
		case !s.Readable || !s.Replayable || s.Keyed:
		case s.Messages == 0:
			empty++
		default:
			filled++
		}
	}
	return empty, filled
}

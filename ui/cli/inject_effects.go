package cli

import (
	"context"
	"fmt"
	"time"

	"signalbox/scenarios/effects"
	"signalbox/sources"
)

// tellEffects waits for what follows an event, and prints it.
func (c *inject) tellEffects(ctx context.Context, s *session, event *sources.Event) error {
	waiting, cancel := context.WithTimeout(ctx, c.effects)
	defer cancel()
	<-waiting.Done()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	search := effects.New(event, c.effects)
	if _, err := s.engine.Scan(ctx, event.Number, search.See); err != nil {
		return err
	}
	form := effectsForm{json: c.json}
	return form.show(ctx, c.out, s, search, c.effects)
}

// poll is how often brokers are asked how far consumers are, so that this is told as it is at the end; 0 is as usual.
func (c *inject) poll() time.Duration {
	if c.effects == 0 {
		return 0
	}
	const often, least = 4, time.Second / 4
	return min(max(c.effects/often, least), time.Second)
}

// checkEffects says why what follows cannot be waited for.
func (c *inject) checkEffects() error {
	const longest = time.Hour
	if c.effects < 0 || c.effects > longest {
		return fmt.Errorf("--effects %s: want how long to wait for what follows, up to 1h, as 3s", c.effects)
	}
	return nil
}

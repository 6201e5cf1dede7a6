package panes

import (
	"context"
	"fmt"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// completing reads again what buses keep of an entity that is partial, while its state is open.
type completing struct {
	of       sources.Entity // that is read; none while nothing is
	cancel   context.CancelFunc
	progress *atomic.Pointer[sources.CompleteProgress]
	left     sources.Entity            // the one that was left by esc: it is not read again before it is opened anew
	why      map[sources.Entity]string // why entities stay partial; bounded
}

// mostWhy bounds the entities of which it is remembered why they stay partial.
const mostWhy = 500

// Renew implements component.Renewed: an entity that is open and not whole is completed.
func (s *entityState) Renew(d *component.Deck) tea.Cmd {
	c := &s.completing
	if d.Panes.Focused() != component.Pane(s) {
		c.left = sources.Entity{}
		if c.cancel != nil {
			c.cancel()
		}
		return nil
	}
	e := d.Detail()
	if e == nil || !e.Partial || e.Entity == c.left || c.of != (sources.Entity{}) {
		return nil
	}
	if _, tried := c.why[e.Entity]; tried {
		return nil
	}
	return s.complete(d, e.Entity)
}

// complete completes an entity.
func (s *entityState) complete(d *component.Deck, of sources.Entity) tea.Cmd {
	c := &s.completing
	life, cancel := context.WithCancel(d.Life)
	progress := &atomic.Pointer[sources.CompleteProgress]{}
	c.of, c.cancel, c.progress = of, cancel, progress
	return func() tea.Msg {
		defer cancel()
		found, err := d.Engine.Complete(life, of, func(p sources.CompleteProgress) { progress.Store(&p) })
		return component.Result(func() tea.Cmd {
			c.of, c.cancel, c.progress = sources.Entity{}, nil, nil
			switch {
			case life.Err() != nil && err != nil: // it was left
			case err != nil:
				c.remember(of, component.OneLine(err))
				d.SayError(err)
			case found.Lack != sources.Whole:
				c.remember(of, found.Why)
				d.Say(bus.Say, screen.Clean(of.Kind+" stays partial: "+found.Why))
			default:
				delete(c.why, of)
				d.Say(bus.Say, fmt.Sprintf("completed by %s from before what is held", screen.Plural(uint64(found.Found), "event")))
			}
			return nil
		})
	}
}

func (c *completing) remember(of sources.Entity, why string) {
	if c.why == nil || len(c.why) >= mostWhy {
		c.why = map[sources.Entity]string{}
	}
	c.why[of] = why
}

// Busy implements component.Busy.
func (s *entityState) Busy(*component.Deck) bool { return s.completing.cancel != nil }

// Stop implements component.Busy.
func (s *entityState) Stop(d *component.Deck) {
	c := &s.completing
	c.left = c.of
	c.cancel()
	d.Say(bus.Say, "left: the entity stays partial until it is opened again")
}

// text says how far it is with an entity; "" when that is not being completed.
func (c *completing) text(of sources.Entity) string {
	if c.of != of || c.progress == nil {
		return ""
	}
	p := c.progress.Load()
	switch {
	case p == nil:
		return "completing, esc stops"
	case p.Of > 0:
		return fmt.Sprintf("completing: %d %% of %s, esc stops", min(100*p.Read/p.Of, 99), screen.CleanUpTo(p.Station, 24))
	}
	return fmt.Sprintf("completing: %s of %s, esc stops", screen.Plural(uint64(p.Found), "event"), screen.CleanUpTo(p.Station, 24))
}

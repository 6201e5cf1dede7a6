package scripts

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios/script"
	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// run is a script being played, or one that was.
type run struct {
	script  *script.Script
	control *script.Control
	stop    context.CancelFunc
	steps   []script.Progress
	ended   bool
	news    chan script.Progress // closed when it has ended; what follows is written before that
	result  script.Result
	err     error
}

// play plays the script to its end. A panic in it is an error of the script: the deck and the terminal live on.
func (r *run) play(ctx context.Context, play Play, b bus.Bus, supply bool) {
	defer close(r.news)
	defer r.stop()
	defer func() {
		if p := recover(); p != nil {
			r.err = fmt.Errorf("script %s: panic: %v", r.script.FullName(), p)
		}
	}()
	r.result, r.err = play(ctx, b, r.script, supply, r.control, func(p script.Progress) {
		select {
		case r.news <- p:
		case <-ctx.Done():
		}
	})
}

// hear waits for the next news of a script; the last is that it has ended.
func (r *run) hear(d *component.Deck) tea.Cmd {
	return func() tea.Msg {
		p, ok := <-r.news
		return component.Result(func() tea.Cmd {
			if !ok {
				r.end(d)
				return nil
			}
			r.note(p)
			return r.hear(d)
		})
	}
}

// note takes the news of one step.
func (r *run) note(p script.Progress) {
	for len(r.steps) <= p.Index {
		r.steps = append(r.steps, script.Progress{Index: len(r.steps)})
	}
	r.steps[p.Index] = p
}

// end says what came of it, on its view or as a notice when that is closed.
func (r *run) end(d *component.Deck) {
	r.ended = true
	for _, p := range r.result.Steps {
		r.note(p)
	}
	if v, ok := d.Overlays.Top().(*view); ok && v.run == r {
		return
	}
	level, text := r.verdict()
	d.Say(level, screen.Clean(r.script.FullName())+": "+text)
}

// verdict is how it stands, in words.
func (r *run) verdict() (bus.Level, string) {
	switch {
	case !r.ended && r.control.Paused():
		return bus.Say, "paused"
	case !r.ended:
		return bus.Say, "playing at speed " + strconv.FormatFloat(r.control.Speed(), 'g', 3, 64)
	case errors.Is(r.err, context.Canceled):
		return bus.Warn, "stopped"
	case r.err != nil:
		return bus.Fail, component.OneLine(r.err)
	case r.result.Failed != nil:
		return bus.Fail, "failed at " + r.result.Failed.Path
	}
	return bus.Say, "✓ passed, " + screen.Plural(uint64(len(r.steps)), "step")
}

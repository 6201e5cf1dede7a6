package scripts

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/scenarios/script"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// Run is a script being played, or one that was. Its goroutine writes news, result and err; the rest is the deck's.
type Run struct {
	script  *script.Script
	control *script.Control
	stop    context.CancelFunc
	news    *news // its end is told last

	steps   []script.Progress
	line    string             // that was said last
	read    context.CancelFunc // ends the reading of the line; nil while nobody waits for that
	sent    []Sending          // the newest last
	dropped int                // that were sent before those
	asking  bool               // what came of what was sent
	asked   int                // so often since the end
	heard   []string           // those that were said, the oldest first
	before  int                // how many of sent were sent before the line was said
	was     sources.EntityRow  // the entity of the last of them, then
	told    string             // by a note inside a step, last
	ended   bool
	result  script.Result
	err     error

	then  func() tea.Cmd // after each piece of news; may be nil
	byKey bool           // lines wait for a key before they are said
	begun atomic.Bool    // something was said or sent: the next line waits
}

// mostLines bounds the lines that are remembered.
const mostLines = 200

// play plays the script to its end. A panic in it is an error of the script: the deck and the terminal live on.
func (r *Run) play(ctx context.Context, perform Perform) {
	defer r.news.tell(func(t *told) { t.ended = true })
	defer r.stop()
	defer func() {
		switch p := recover().(type) {
		case nil:
		case goroutine.Panic:
			r.err = fmt.Errorf("script %s: %v", r.script.FullName(), p)
		default:
			r.err = fmt.Errorf("script %s: panic: %v", r.script.FullName(), p)
		}
	}()
	r.result, r.err = perform(ctx, r.control, r, r.news.progress)
}

// hear waits for the next news of a script; the last is that it has ended.
func (r *Run) hear(d *component.Deck) tea.Cmd {
	return func() tea.Msg {
		t := r.news.next()
		return component.Result(func() tea.Cmd {
			r.take(t)
			cmds := []tea.Cmd{r.follow(d)}
			if t.ended {
				r.end(d)
			} else {
				cmds = append(cmds, r.hear(d))
			}
			if r.then != nil {
				cmds = append(cmds, r.then())
			}
			return tea.Batch(cmds...)
		})
	}
}

// take takes news.
func (r *Run) take(t told) {
	for _, p := range t.steps {
		r.note(p)
	}
	if t.said {
		r.line, r.before, r.was = t.line, len(r.sent), sources.EntityRow{}
		for i := range r.sent {
			if r.sent[i].Step != nil {
				r.was = r.sent[i].Is
			}
		}
		r.heard = append(r.heard, t.line)
		r.heard = r.heard[max(len(r.heard)-mostLines, 0):]
	}
	if t.note != "" {
		r.told = t.note
	}
	r.read = t.read
	for _, sent := range t.sent {
		r.sent = append(r.sent, Sending{Sent: sent})
	}
	over := max(len(r.sent)-mostSent, 0)
	r.sent, r.before = r.sent[over:], max(r.before-over, 0)
	r.dropped += t.dropped + over
}

// note takes the news of one step.
func (r *Run) note(p script.Progress) {
	for len(r.steps) <= p.Index {
		r.steps = append(r.steps, script.Progress{Index: len(r.steps)})
	}
	r.steps[p.Index] = p
}

// end takes what came of it. An entity that is not as it was expected to be is shown, unless somebody is at something else.
func (r *Run) end(d *component.Deck) {
	r.ended, r.read = true, nil
	for _, p := range r.result.Steps {
		r.note(p)
	}
	for i := range r.sent {
		r.sent[i].readBy(r.result.Sent)
	}
	failed := r.result.Failed
	if failed == nil || r.byKey {
		return
	}
	about := failed.Entity
	if about.IsZero() && len(r.sent) > 0 {
		about = r.sent[len(r.sent)-1].Entity
	}
	top := d.Overlays.Top()
	if _, ours := top.(*strip); about.IsZero() || top != nil && !ours {
		return
	}
	if top != nil {
		d.Close()
	}
	d.Selection.Choose(about)
	component.GoTo[component.StateHolder](d)
}

// now is the step under way; nil when there is none.
func (r *Run) now() *script.Progress {
	for i := len(r.steps) - 1; i >= 0; i-- {
		if r.steps[i].State == script.Running {
			return &r.steps[i]
		}
	}
	return nil
}

// spoken is the line to show: what a pause says while it waits, else what was said last.
func (r *Run) spoken() string {
	if p := r.now(); p != nil && p.Kind == pauseKind && p.Note != "" {
		return p.Note
	} else if p != nil && p.Inner != nil && p.Inner.Kind == pauseKind && p.Inner.State == script.Running && p.Inner.Note != "" {
		return p.Inner.Note
	}
	return r.line
}

// reached is how many steps have begun.
func (r *Run) reached() int {
	n := 0
	for i := range r.steps {
		if s := r.steps[i].State; s != "" && s != script.Skipped {
			n = i + 1
		}
	}
	return n
}

// subject is the entity that the story is about: that of what was sent last; zero for none.
func (r *Run) subject() sources.Entity {
	if len(r.sent) == 0 {
		return sources.Entity{}
	}
	return r.sent[len(r.sent)-1].Entity
}

// verdict is how it stands, in words.
func (r *Run) verdict() (bus.Level, string) {
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
		return bus.Fail, "✗ failed at " + r.result.Failed.Path
	}
	return bus.Say, "✓ passed, " + screen.Plural(uint64(len(r.steps)), "step")
}

package scripts

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios/script"
	"signalbox/sources"
	"signalbox/ui/deck/component"
)

// Perform plays one script to its end, on a goroutine of its own.
type Perform func(ctx context.Context, control *script.Control, audience script.Audience, report func(script.Progress)) (script.Result, error)

// Begin plays a script to people who go on by a key: each line that is said, but the first, waits until GoOn. A script that says
// nothing waits before each step. After each piece of news then is called, on the deck's goroutine.
func Begin(d *component.Deck, s *script.Script, perform Perform, then func() tea.Cmd) (*Run, tea.Cmd) {
	r := &Run{script: s, news: newNews(), control: script.NewControl(1), byKey: true, then: then}
	r.steps = make([]script.Progress, 0, len(s.Steps))
	r.control.Attend()
	if !Says(s) {
		r.control.Step()
	}
	return r, r.begin(d, perform)
}

// Says tells whether a script says anything in a step of its own.
func Says(s *script.Script) bool {
	for i := range s.Steps {
		if s.Steps[i].Kind == sayKind {
			return true
		}
	}
	return false
}

// begin plays it on a goroutine of its own. Its news come as messages.
func (r *Run) begin(d *component.Deck, perform Perform) tea.Cmd {
	ctx, stop := context.WithCancel(d.Life)
	r.stop = stop
	d.Work.Go("a script", func() { r.play(ctx, perform) })
	return r.hear(d)
}

// GoOn goes on where the script waits for somebody; it tells whether it does.
func (r *Run) GoOn() bool {
	switch {
	case r.ended:
		return false
	case r.read != nil:
		r.readOn()
	case r.control.Paused() && !Says(r.script):
		r.control.Step()
	case r.control.Paused():
		r.control.Resume()
	default:
		return false
	}
	return true
}

// Waits tells whether it waits for somebody.
func (r *Run) Waits() bool { return !r.ended && (r.read != nil || r.control.Paused() && r.granted()) }

// granted tells whether the step that was asked for has been taken.
func (r *Run) granted() bool { return r.now() == nil || r.now().Kind == pauseKind }

// Stop ends it.
func (r *Run) Stop() { r.stop() }

// Renew asks what came of what was sent, with each newer snapshot.
func (r *Run) Renew(d *component.Deck) tea.Cmd { return r.follow(d) }

// Ended tells whether it has ended.
func (r *Run) Ended() bool { return r.ended }

// Lines are those that were said, the oldest first.
func (r *Run) Lines() []string { return r.heard }

// Spoken is the line to show.
func (r *Run) Spoken() string { return r.spoken() }

// Now is the step under way; nil when there is none.
func (r *Run) Now() *script.Progress { return r.now() }

// Reached is how many of its steps have begun.
func (r *Run) Reached() int { return r.reached() }

// Step is how far a step has come, by its index.
func (r *Run) Step(i int) script.Progress {
	if i < len(r.steps) {
		return r.steps[i]
	}
	return script.Progress{Index: i}
}

// Sent is what was sent since the line was said, the newest last.
func (r *Run) Sent() []Sending { return r.sent[min(r.before, len(r.sent)):] }

// Before is the version of the story's entity when the line was said; 0 for an entity that began since.
func (r *Run) Before() uint64 {
	if r.was.Entity != r.subject() {
		return 0
	}
	return r.was.Version
}

// Subject is the entity that the story is about; zero for none.
func (r *Run) Subject() sources.Entity { return r.subject() }

// Told is what a note inside a step has told last.
func (r *Run) Told() string { return r.told }

// Verdict is how it stands, in words.
func (r *Run) Verdict() (bus.Level, string) { return r.verdict() }

// Result is what it came to, once it has ended.
func (r *Run) Result() (script.Result, error) { return r.result, r.err }

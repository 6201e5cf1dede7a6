package deck

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// player plays a script: a scenarios.Stage, or what a test puts in its place.
type player func(ctx context.Context, b bus.Bus, script *scenarios.Script, control *scenarios.Control,
	report func(scenarios.Progress)) (scenarios.Result, error)

// stagePlayer plays scripts on the deck's own engine.
func stagePlayer(opt Options) player {
	engine, ok := opt.Engine.(*sources.Engine)
	if !ok {
		return nil
	}
	return func(ctx context.Context, b bus.Bus, script *scenarios.Script, control *scenarios.Control,
		report func(scenarios.Progress)) (scenarios.Result, error) {
		stage := scenarios.Stage{Engine: engine, Bus: b, Library: opt.Library, Control: control}
		return stage.Run(ctx, script, report)
	}
}

// performance is a script being played, or one that was. One is played at a time; it ends with the deck.
type performance struct {
	script  *scenarios.Script
	control *scenarios.Control
	stop    context.CancelFunc
	steps   []scenarios.Progress
	ended   bool
	news    chan scenarios.Progress // closed when it has ended; what follows is written before that
	result  scenarios.Result
	err     error
}

// openScripts shows the script that plays, or lists all.
func (d *deck) openScripts() tea.Cmd {
	if d.playing != nil && !d.playing.ended {
		d.open(&scriptView{run: d.playing})
		return nil
	}
	if d.disarmed() {
		return nil
	}
	choices := d.scriptChoices("")
	if len(choices) == 0 {
		d.say(bus.Say, "no domain has scripts")
		return nil
	}
	return d.openPicker("scripts", "play", choices)
}

func (d *deck) scriptChoices(prefix string) []choice {
	if d.opt.Library == nil || d.opt.ReadOnly || d.play == nil {
		return nil
	}
	var choices []choice
	for _, s := range d.opt.Library.Scripts() {
		choices = append(choices, choice{name: prefix + screen.Clean(s.FullName()), about: screen.Clean(s.About),
			note: screen.Plural(uint64(len(s.Steps)), "step"), pick: func(d *deck) tea.Cmd { return d.start(s) }})
	}
	return choices
}

// start plays a script, after a question where the bus is somebody else's.
func (d *deck) start(s *scenarios.Script) tea.Cmd {
	if d.disarmed() {
		return nil
	}
	b := d.armed()[0]
	foreign := d.foreign(b)
	if foreign == "" {
		return d.perform(b, s)
	}
	d.ask("Play "+screen.Clean(s.FullName())+" on "+screen.Clean(b.Info().Name)+", which "+foreign+"? It sends real messages.",
		func(d *deck) tea.Cmd { return d.perform(b, s) })
	return nil
}

// perform plays a script on a goroutine that Run waits for. Its news comes as messages of their own.
func (d *deck) perform(b bus.Bus, s *scenarios.Script) tea.Cmd {
	if d.playing != nil && !d.playing.ended {
		d.say(bus.Warn, "a script is playing already: s shows it")
		return nil
	}
	ctx, stop := context.WithCancel(d.ctx)
	run := &performance{script: s, control: scenarios.NewControl(1), stop: stop, news: make(chan scenarios.Progress, 64)}
	d.playing = run
	d.open(&scriptView{run: run})
	d.work.Go(func() { run.play(ctx, d.play, b) })
	return run.hear()
}

// play plays the script to its end. A panic in it is an error of the script: the deck and the terminal live on.
func (run *performance) play(ctx context.Context, play player, b bus.Bus) {
	defer close(run.news)
	defer run.stop()
	defer func() {
		if p := recover(); p != nil {
			run.err = fmt.Errorf("script %s: panic: %v", run.script.FullName(), p)
		}
	}()
	run.result, run.err = play(ctx, b, run.script, run.control, func(p scenarios.Progress) {
		select {
		case run.news <- p:
		case <-ctx.Done():
		}
	})
}

// hear waits for the next news of a script; the last is that it has ended.
func (run *performance) hear() tea.Cmd {
	return func() tea.Msg {
		p, ok := <-run.news
		return resultMsg(func(d *deck) tea.Cmd {
			if !ok {
				run.end(d)
				return nil
			}
			run.note(p)
			return run.hear()
		})
	}
}

// note takes the news of one step.
func (run *performance) note(p scenarios.Progress) {
	for len(run.steps) <= p.Index {
		run.steps = append(run.steps, scenarios.Progress{Index: len(run.steps)})
	}
	run.steps[p.Index] = p
}

// end says what came of it, on its view or as a notice when that is closed.
func (run *performance) end(d *deck) {
	run.ended = true
	for _, p := range run.result.Steps {
		run.note(p)
	}
	if v, ok := d.top().(*scriptView); ok && v.run == run {
		return
	}
	level, text := run.verdict()
	d.say(level, screen.Clean(run.script.FullName())+": "+text)
}

// verdict is how it stands, in words.
func (run *performance) verdict() (bus.Level, string) {
	switch {
	case !run.ended && run.control.Paused():
		return bus.Say, "paused"
	case !run.ended:
		return bus.Say, "playing at speed " + strconv.FormatFloat(run.control.Speed(), 'g', 3, 64)
	case errors.Is(run.err, context.Canceled):
		return bus.Warn, "stopped"
	case run.err != nil:
		return bus.Fail, oneLine(run.err)
	case run.result.Failed != nil:
		return bus.Fail, "failed at step " + strconv.Itoa(run.result.Failed.Step+1)
	}
	return bus.Say, "✓ passed, " + screen.Plural(uint64(len(run.steps)), "step")
}

package deck

import (
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/ui/screen"
)

// scriptView is a script as it plays: its steps, and what came of each.
type scriptView struct {
	run     *performance
	reader  screen.Text
	latest  int  // the line of the newest news
	browsed bool // somebody has scrolled: the view no longer follows the news
}

// scriptKeys work while a script's view is open.
func scriptKeys() []binding {
	playing := func(d *deck) bool {
		o, ok := d.top().(*scriptView)
		return ok && !o.run.ended
	}
	control := func(do func(*scenarios.Control)) func(*deck) tea.Cmd {
		return on(func(o *scriptView, _ *deck) tea.Cmd { do(o.run.control); return nil })
	}
	faster := func(by float64) func(*scenarios.Control) {
		return func(c *scenarios.Control) { c.SetSpeed(c.Speed() * by) }
	}
	pause := func(c *scenarios.Control) {
		if c.Paused() {
			c.Resume()
		} else {
			c.Pause()
		}
	}
	key := func(keys []string, label, short, help string, do func(*scenarios.Control)) binding {
		return binding{keys: keys, label: label, short: short, help: help, group: groupAct, quiet: true, where: playing,
			do: control(do)}
	}
	return []binding{
		key([]string{"space", "p"}, "space", "pause", "pause the script, or go on", pause),
		key([]string{"n"}, "n", "step", "one step of the script, then pause", (*scenarios.Control).Step),
		key([]string{"+", "="}, "+", "faster", "play faster", faster(2)),
		key([]string{"-"}, "-", "slower", "play slower", faster(0.5)),
		{keys: []string{"S", "shift+s"}, label: "S", short: "stop", help: "stop the script", group: groupAct, quiet: true,
			where: playing, do: on((*scriptView).stop)},
		{keys: []string{"r"}, label: "r", short: "again", help: "play the script again", group: groupAct, quiet: true,
			where: func(d *deck) bool { o, ok := d.top().(*scriptView); return ok && o.run.ended },
			do:    on((*scriptView).again)},
	}
}

func (o *scriptView) typing() bool                  { return false }
func (o *scriptView) moves() bool                   { return true }
func (o *scriptView) update(*deck, tea.Msg) tea.Cmd { return nil }

func (o *scriptView) move(d *deck, by int) {
	o.browsed = by != screen.ToEnd
	o.reader.Move(by, o.place(d).h-4)
}

func (o *scriptView) stop(d *deck) tea.Cmd {
	d.ask("Stop "+screen.Clean(o.run.script.FullName())+"? What it has sent stays sent.", func(*deck) tea.Cmd {
		o.run.stop()
		return nil
	})
	return nil
}

func (o *scriptView) again(d *deck) tea.Cmd {
	d.shut()
	return d.start(o.run.script)
}

func (o *scriptView) place(d *deck) box {
	return d.centred(min(d.layout.width, 100), min(2*len(o.run.script.Steps)+8, d.layout.height-4))
}

func (o *scriptView) draw(d *deck) (screen.Panel, box) {
	b, t := o.place(d), d.theme
	width, height := b.w-2, b.h-2
	top := o.reader.Top
	o.reader = o.steps(width)
	if !o.browsed {
		top = screen.ScrollTo(top, o.latest, len(o.reader.Lines), height-2)
	}
	o.reader.Top = top
	level, verdict := o.run.verdict()
	p := o.reader.Panel(t, width, height-2)
	p.Title, p.Info = "script "+screen.Clean(o.run.script.FullName()), []string{strconv.Itoa(o.passed()) + " of " +
		strconv.Itoa(len(o.run.script.Steps)) + " passed"}
	for len(p.Lines) < height-1 {
		p.Lines = append(p.Lines, screen.NewLine(width, "").String())
	}
	l := screen.NewLine(width, "")
	l.Gap(1)
	l.Put(map[bus.Level]screen.Style{bus.Say: t.Accent, bus.Warn: t.Warn, bus.Fail: t.Bad}[level].With(t.Bright),
		screen.CleanUpTo(verdict, l.Free()))
	p.Lines = append(p.Lines, l.String())
	return p, b
}

func (o *scriptView) passed() int {
	n := 0
	for _, p := range o.run.steps {
		if p.State == scenarios.Passed {
			n++
		}
	}
	return n
}

// steps are the lines of the view. A step that has not begun is dim; one that failed says what was expected and what
// was there.
func (o *scriptView) steps(width int) screen.Text {
	var r screen.Text
	for _, line := range screen.Wrap(screen.Clean(o.run.script.About), width-2) {
		r.Add(screen.DimLine, "", line)
	}
	r.Add(screen.PlainLine, "", "")
	for i, s := range o.run.script.Steps {
		p := scenarios.Progress{Text: s.Text}
		if i < len(o.run.steps) && o.run.steps[i].State != "" {
			p = o.run.steps[i]
			o.latest = len(r.Lines) + 1
		}
		kind, mark := stepMark(p.State)
		text := mark + strings.ReplaceAll(p.Text, "\n", " ")
		if p.Took >= 10*time.Millisecond {
			text += "  " + screen.Duration(p.Took)
		}
		r.Add(kind, "", text)
		if p.Note != "" {
			r.Add(screen.DimLine, "", "    "+p.Note)
		}
		if p.Failure != nil {
			for _, line := range screen.Wrap("expected "+screen.Clean(p.Failure.Expected), width-6) {
				r.Add(screen.BadLine, "", "    "+line)
			}
			for _, line := range screen.Wrap("found "+screen.Clean(p.Failure.Found), width-6) {
				r.Add(screen.BadLine, "", "    "+line)
			}
		}
	}
	return r
}

func stepMark(s scenarios.State) (screen.LineKind, string) {
	switch s {
	case scenarios.Running:
		return screen.PlainLine, "▸ "
	case scenarios.Passed:
		return screen.GoodLine, "✓ "
	case scenarios.Failed:
		return screen.BadLine, "✗ "
	case scenarios.Skipped:
		return screen.DimLine, "- "
	}
	return screen.DimLine, "· "
}

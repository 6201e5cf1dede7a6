package scripts

import (
	"strconv"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/script"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// view is all steps of a script as it plays, and what came of each.
type view struct {
	component.ReadOnly
	playing
	text    screen.Text
	latest  int  // the last line of the newest news
	browsed bool // somebody has scrolled: the view no longer follows the news
}

// Name implements component.Overlay.
func (o *view) Name() string { return "the steps of a script" }

// Copy implements component.Copying.
func (o *view) Copy(*component.Deck) (text, what string) { return o.text.String(), "the steps" }

func (o *view) Move(d *component.Deck, by int) {
	o.browsed = by != screen.ToEnd
	o.text.Move(by, o.place(d).H-4)
}

func (o *view) place(d *component.Deck) layout.Box {
	return d.Layout().Centred(min(d.Layout().Width, 100), min(2*len(o.run.script.Steps)+8, d.Layout().Height-4))
}

func (o *view) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	b, t := o.place(d), d.Theme
	width, height := b.W-2, b.H-2
	top := o.text.Top
	o.text = o.steps(width)
	if !o.browsed {
		top = screen.ScrollTo(top, o.latest, len(o.text.Lines), height-2)
	}
	o.text.Top = top
	level, verdict := o.run.verdict()
	p := o.text.Panel(t, width, height-2)
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

func (o *view) passed() int {
	n := 0
	for _, p := range o.run.steps {
		if p.State == script.Passed {
			n++
		}
	}
	return n
}

// steps are the lines of the view. A step that has not begun is dim; one that failed says what was expected and what
// was there.
func (o *view) steps(width int) screen.Text {
	var r screen.Text
	width -= 3 // what stands before a line that has no label
	for _, line := range screen.Wrap(screen.Clean(o.run.script.About), width) {
		r.Add(screen.DimLine, "", line)
	}
	r.Add(screen.PlainLine, "", "")
	for i, s := range o.run.script.Steps {
		p := script.Progress{Text: s.Text}
		if i < len(o.run.steps) && o.run.steps[i].State != "" {
			p = o.run.steps[i]
		}
		kind, mark := stepMark(p.State)
		if says := p.Kind == sayKind || p.Kind == noteKind || p.Kind == pauseKind; says && p.Note != "" {
			p.Text, p.Note = p.Kind+" "+p.Note, ""
		}
		text := mark + strings.ReplaceAll(p.Text, "\n", " ")
		if p.Took >= 10*time.Millisecond {
			text += "  " + screen.Duration(p.Took)
		}
		for n, line := range screen.Wrap(screen.Clean(text), width-2) {
			r.Add(kind, "", []string{"", "  "}[min(n, 1)]+line)
		}
		if in := p.Inner; in != nil && p.State == script.Running {
			for _, line := range screen.Wrap(screen.Clean(in.Path+": "+in.Text), width-4) {
				r.Add(screen.FactLine, "", "    "+line)
			}
		}
		for _, line := range screen.Wrap(screen.Clean(p.Note), width-4) {
			r.Add(screen.DimLine, "", "    "+line)
		}
		if p.Failure != nil {
			for _, line := range screen.Wrap("expected "+screen.Clean(p.Failure.Expected), width-4) {
				r.Add(screen.BadLine, "", "    "+line)
			}
			for _, line := range screen.Wrap("found "+screen.Clean(p.Failure.Found), width-4) {
				r.Add(screen.BadLine, "", "    "+line)
			}
		}
		if p.State != "" && p.State != script.Skipped {
			o.latest = len(r.Lines) - 1
		}
	}
	return r
}

func stepMark(s script.State) (screen.LineKind, string) {
	switch s {
	case script.Running:
		return screen.FactLine, "▸ "
	case script.Passed:
		return screen.GoodLine, "✓ "
	case script.Failed:
		return screen.BadLine, "✗ "
	case script.Skipped:
		return screen.DimLine, "- "
	}
	return screen.DimLine, "· "
}

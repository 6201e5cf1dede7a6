package overlays

import (
	"context"
	"fmt"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"

	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// bisection lists for which entities of a kind something ever held, since when.
type bisection struct {
	component.ReadOnly
	text     string
	holds    *sources.EventFilter
	progress atomic.Uint64 // in parts of a million, while it is looked for
	cancel   context.CancelFunc
	done     bool
	found    sources.Bisection
	list     screen.List
}

// Name implements component.Overlay.
func (v *bisection) Name() string { return "what bisect found" }

// bisectAll looks for all entities of a kind for which something ever held, and lists them.
func bisectAll(d *component.Deck, kind, text string, holds *sources.EventFilter) tea.Cmd {
	v := &bisection{text: text, holds: holds}
	life, cancel := context.WithCancel(d.Life)
	v.cancel = cancel
	d.Open(v)
	return func() tea.Msg {
		defer cancel()
		found, err := d.Engine.Bisect(life, sources.Entity{Kind: kind}, holds, func(part float64) { v.progress.Store(uint64(part * 1e6)) })
		return component.Result(func() tea.Cmd {
			switch {
			case life.Err() != nil && err != nil: // it was left
			case err != nil:
				d.SayError(err)
			default:
				v.found, v.done = found, true
			}
			return nil
		})
	}
}

// Leave implements component.Leaving: what is still looked for is not.
func (v *bisection) Leave(*component.Deck) { v.cancel() }

func (v *bisection) key(i int) string { return v.found.Found[i].Event.ID }

func (v *bisection) Move(_ *component.Deck, by int) { v.list.Move(by, len(v.found.Found), v.key) }

// enter shows everything as it was after the chosen event.
func (v *bisection) enter(d *component.Deck) tea.Cmd {
	if v.list.At < len(v.found.Found) {
		d.Close()
		goToMoment(d, v.found.Found[v.list.At])
	}
	return nil
}

// Click implements component.Clickable: it chooses a row, and the second click goes there.
func (v *bisection) Click(d *component.Deck, row int, again bool) tea.Cmd {
	at := v.list.Top + row - 2
	if row < 2 || at >= len(v.found.Found) {
		return nil
	}
	v.list.Move(at-v.list.At, len(v.found.Found), v.key)
	if again {
		return v.enter(d)
	}
	return nil
}

func (v *bisection) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	n, b := len(v.found.Found), d.Layout().Large()
	b = d.Layout().Centred(b.W, min(b.H, max(n+3, 8)))
	width, height := b.W-2, b.H-2
	p := screen.Panel{Title: "bisect " + screen.CleanUpTo(v.text, max(width-30, 10)), Info: []string{v.counts()}}
	switch {
	case !v.done:
		p.Lines = screen.Note(d.Theme, width, fmt.Sprintf("looking: %d %%", v.progress.Load()/1e4))
		return p, b
	case n == 0:
		lines := []string{"it never held: " + screen.Plural(v.found.Looked, "event") + " that are held were looked at"}
		if times, why := v.holds.Failed(); times > 0 {
			lines = append(lines, "of "+screen.Plural(times, "event")+" it cannot be told: "+why)
		}
		p.Lines = screen.Note(d.Theme, width, lines...)
		return p, b
	}
	from, to := v.list.Scroll(n, height-1)
	p.Total, p.Top, p.Visible = n, from, height-1
	l := screen.NewLine(width, "")
	l.Gap(1)
	l.Left(d.Theme.Dim, "entity", 28)
	l.Left(d.Theme.Dim, "since", 14)
	l.Left(d.Theme.Dim, "event", 26)
	l.Put(d.Theme.Dim, "changed")
	p.Lines = append(p.Lines, l.String())
	for i := from; i < to; i++ {
		m := v.found.Found[i]
		l := screen.NewRow(d.Theme, width, i == v.list.At, true)
		l.Left(d.Theme.Text, screen.CutID(screen.CleanID(m.Event.ID), 27), 28)
		l.Left(d.Theme.Faint, d.Clock(m.Event.Time(), true), 14)
		l.Left(d.Theme.Bright, screen.CutMiddle(screen.CleanUpTo(m.Event.Type, 100), 25), 26)
		l.Put(d.Theme.Dim, screen.CleanUpTo(output.MomentText(m), l.Free()))
		p.Lines = append(p.Lines, l.String())
	}
	return p, b
}

// counts says for how many it held.
func (v *bisection) counts() string {
	if !v.done {
		return ""
	}
	text := screen.Plural(uint64(v.found.Count), "entity")
	if n := len(v.found.Found); n < v.found.Count {
		text += fmt.Sprintf(", the first %d", n)
	}
	return text
}

func bisectionKeys() []component.Key {
	return []component.Key{
		component.InOverlay(component.Key{Names: []string{"enter"}, Short: "go there", Help: "show everything as it was after that event, as a double click does"}, (*bisection).enter),
	}
}

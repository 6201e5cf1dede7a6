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
	rowList
	text     string
	holds    *sources.EventFilter
	progress atomic.Uint64 // in parts of a million, while it is looked for
	cancel   context.CancelFunc
	done     bool
	found    sources.Bisection
}

// Name implements component.Overlay.
func (v *bisection) Name() string { return "what bisect found" }

// bisectAll looks for all entities of a kind for which something ever held, and lists them.
func bisectAll(d *component.Deck, kind, text string, holds *sources.EventFilter) tea.Cmd {
	v := &bisection{text: text, holds: holds}
	life, cancel := context.WithCancel(d.Life)
	v.cancel, v.of = cancel, v.rows
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

// rows are the first events that were found.
func (v *bisection) rows(d *component.Deck) rows {
	t := d.Theme
	return rows{
		n:   len(v.found.Found),
		key: func(i int) string { return v.found.Found[i].Event.ID },
		head: func(l *screen.Line) {
			l.Left(t.Dim, "entity", 28)
			l.Left(t.Dim, "since", 14)
			l.Left(t.Dim, "event", 26)
			l.Put(t.Dim, "changed")
		},
		row: func(i int, l *screen.Line) {
			m := v.found.Found[i]
			l.Left(t.Text, screen.CutID(screen.CleanID(m.Event.ID), 27), 28)
			l.Left(t.Faint, d.Clock(m.Event.Time(), true), 14)
			l.Left(t.Bright, screen.CutMiddle(screen.CleanUpTo(m.Event.Type, 100), 25), 26)
			l.Put(t.Dim, screen.CleanUpTo(output.MomentText(m), l.Free()))
		},
		enter: func(i int) tea.Cmd {
			d.Close()
			goToMoment(d, v.found.Found[i])
			return nil
		},
	}
}

// Draw implements component.Overlay.
func (v *bisection) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	p := screen.Panel{Title: "bisect " + screen.CleanUpTo(v.text, max(d.Layout().Large().W-32, 10)), Info: v.counts()}
	if !v.done {
		return v.panel(d, p, fmt.Sprintf("looking: %d %%", v.progress.Load()/1e4))
	}
	none := []string{"it never held: " + screen.Plural(v.found.Looked, "event") + " that are held were looked at"}
	if times, why := v.holds.Failed(); times > 0 {
		none = append(none, "of "+screen.Plural(times, "event")+" it cannot be told: "+why)
	}
	return v.panel(d, p, none...)
}

// counts says for how many it held, and of how many events that cannot be told.
func (v *bisection) counts() []string {
	if !v.done || v.found.Count == 0 {
		return nil
	}
	text := screen.Plural(uint64(v.found.Count), "entity")
	if n := len(v.found.Found); n < v.found.Count {
		text += fmt.Sprintf(", the first %d", n)
	}
	if times, _ := v.holds.Failed(); times > 0 {
		return []string{"of " + screen.Plural(times, "event") + " it cannot be told", text}
	}
	return []string{text}
}

func bisectionKeys() []component.Key {
	return []component.Key{
		component.InOverlay(component.Key{Names: []string{"enter"}, Short: "go there", Help: "show everything as it was after that event, as a double click does"}, func(v *bisection, d *component.Deck) tea.Cmd { return v.enter(d) }),
	}
}

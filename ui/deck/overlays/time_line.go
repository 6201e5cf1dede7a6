package overlays

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// timeLine is a band above the keys with the rate of all that is held by time, and what happened then: refusals, gaps, marks,
// what was sent from here. The time cursor is moved in it, by keys and by the mouse, and the panes above go along.
type timeLine struct {
	from, to int64 // seconds that are shown; both 0: all that is held
}

// Name implements component.Overlay.
func (v *timeLine) Name() string { return "the time line" }

// Typing implements component.Overlay.
func (v *timeLine) Typing() bool { return false }

// Moves implements component.Overlay.
func (v *timeLine) Moves() bool { return true }

// Update implements component.Overlay.
func (v *timeLine) Update(*component.Deck, tea.Msg) tea.Cmd { return nil }

// Want implements component.Wanting.
func (v *timeLine) Want(d *component.Deck, view *sources.View) {
	view.Line = sources.LineView{From: v.from, To: v.to, Columns: v.columns(d)}
}

func (v *timeLine) columns(d *component.Deck) int { return max(v.place(d).W-2, 1) }

// Heights of the band.
const (
	lineHeight    = 8
	lowLineHeight = 6
	tallDeck      = 30
)

func (v *timeLine) place(d *component.Deck) layout.Box {
	l, h := d.Layout(), lowLineHeight
	if l.Height >= tallDeck {
		h = lineHeight
	}
	return layout.Box{X: 0, Y: max(l.Height-1-h, 1), W: l.Width, H: h}
}

// shown is the line that is drawn; nil while it is not here.
func (v *timeLine) shown(d *component.Deck) *sources.TimeLine {
	if t := d.Snapshot().Line; t != nil && len(t.Columns) > 0 {
		return t
	}
	return nil
}

// timeOf is when a column begins.
func timeOf(t *sources.TimeLine, column int) time.Time {
	return t.From.Add(time.Duration(float64(t.To.Sub(t.From)) / float64(len(t.Columns)) * float64(column)))
}

// columnOf is the column in which a time lies; it may be one that there is not.
func columnOf(t *sources.TimeLine, at time.Time) int {
	if at.Before(t.From) {
		return -1
	}
	return int(float64(at.Sub(t.From)) / float64(t.To.Sub(t.From)) * float64(len(t.Columns)))
}

// cursor is the column of the time cursor; the last one when it stands at now.
func (v *timeLine) cursor(d *component.Deck, t *sources.TimeLine) int {
	if d.Time.At() == 0 {
		return len(t.Columns) - 1
	}
	return min(max(columnOf(t, shownMoment(d)), 0), len(t.Columns)-1)
}

// goTo moves the time cursor to a column; beyond the last of all it is now.
func (v *timeLine) goTo(d *component.Deck, t *sources.TimeLine, column int) {
	n := len(t.Columns)
	switch {
	case column >= n && !t.To.Before(t.End):
		d.Time.ToNow()
		return
	case column < 0 || column >= n:
		v.scroll(t, column)
		column = min(max(column, 0), n-1)
	}
	if t.Columns[column].Last == 0 {
		d.Say(bus.Say, "no event before this moment is held")
		return
	}
	at := timeOf(t, column+1).Add(-time.Millisecond)
	if now := d.Now(); at.After(now) {
		at = now
	}
	d.Time.GoToMoment(t.Columns[column].Last, at)
}

// scroll shows a part of the time earlier, or later, by half of it.
func (v *timeLine) scroll(t *sources.TimeLine, column int) {
	if v.from == 0 && v.to == 0 {
		return
	}
	by := (v.to - v.from) / 2
	if column < 0 {
		by = -by
	}
	v.show(t, v.from+by, v.to+by)
}

// show shows a part of the time, as far as that is held.
func (v *timeLine) show(t *sources.TimeLine, from, to int64) {
	first, end, n := min(t.First.Unix(), t.End.Unix()-int64(len(t.Columns))), t.End.Unix(), to-from
	if n >= end-first {
		v.from, v.to = 0, 0
		return
	}
	from = max(min(from, end-n), first)
	v.from, v.to = from, from+n
}

// Move implements component.Overlay: it moves the time cursor by columns.
func (v *timeLine) Move(d *component.Deck, by int) {
	t := v.shown(d)
	switch {
	case t == nil:
	case by == screen.ToEnd:
		v.from, v.to = 0, 0
		d.Time.ToNow()
	case by == screen.ToHome && d.Snapshot().Everything:
		v.from, v.to = 0, 0
		d.Time.GoTo(1)
	case by == screen.ToHome:
		v.from, v.to = 0, 0
		v.goTo(d, t, max(slices.IndexFunc(t.Columns, func(c sources.LineColumn) bool { return c.Last > 0 }), 0))
	default:
		v.goTo(d, t, v.cursor(d, t)+by)
	}
}

// Drag implements component.Dragging.
func (v *timeLine) Drag(d *component.Deck, x, _ int) {
	if t := v.shown(d); t != nil {
		v.goTo(d, t, min(max(x-1, 0), len(t.Columns)-1))
	}
}

// zoomLine shows a part of the time around the cursor, longer or shorter by a factor.
func zoomLine(factor float64) func(*timeLine, *component.Deck) tea.Cmd {
	return func(v *timeLine, d *component.Deck) tea.Cmd {
		t := v.shown(d)
		if t == nil {
			return nil
		}
		span := max(int64(float64(t.To.Unix()-t.From.Unix())*factor), int64(len(t.Columns)))
		at := timeOf(t, v.cursor(d, t)).Unix()
		v.show(t, at-span/2, at-span/2+span)
		return nil
	}
}

// mark marks the moment of the cursor, or takes the marks in its column away.
func (v *timeLine) mark(d *component.Deck) tea.Cmd {
	t := v.shown(d)
	if t == nil {
		return nil
	}
	at := shownMoment(d)
	if c := columnOf(t, at); !d.Marks.Clear(timeOf(t, c), timeOf(t, c+1)) {
		setMark(d, at, "")
	}
	return nil
}

// nextSign moves the cursor to the next column in which something happened, so many on.
func nextSign(by int) func(*timeLine, *component.Deck) tea.Cmd {
	return func(v *timeLine, d *component.Deck) tea.Cmd {
		t := v.shown(d)
		if t == nil {
			return nil
		}
		signs := v.signs(d, t)
		for c := v.cursor(d, t) + by; c >= 0 && c < len(signs); c += by {
			if signs[c] != nothing {
				v.goTo(d, t, c)
				return nil
			}
		}
		d.Say(bus.Say, "nothing is marked further on in this part of the time")
		return nil
	}
}

func timeLineKeys() []component.Key {
	in := func(short, help string, do func(*timeLine, *component.Deck) tea.Cmd, names ...string) component.Key {
		return component.InOverlay(component.Key{Names: names, Short: short, Help: help}, do)
	}
	by := func(n int) func(*timeLine, *component.Deck) tea.Cmd {
		return func(v *timeLine, d *component.Deck) tea.Cmd {
			v.Move(d, n)
			return nil
		}
	}
	now := func(_ *timeLine, d *component.Deck) tea.Cmd {
		d.Time.ToNow()
		return nil
	}
	left := in("move", "to an earlier moment; drag with the mouse", by(-1), "left", "h")
	left.Label = "← →"
	zoom := in("zoom", "a shorter part of the time, around the cursor", zoomLine(1/zoomFactor), "+", "=")
	zoom.Label = "+ -"
	next := in("next sign", "to the next refusal, gap, mark, hit or message sent from here", nextSign(+1), "tab")
	return []component.Key{
		left, in("", "to a later moment; beyond the last it is now", by(+1), "right", "l"),
		zoom, in("", "a longer part of the time", zoomLine(zoomFactor), "-"),
		next, in("", "to the one before", nextSign(-1), "shift+tab"),
		in("mark", "mark this moment, or take its mark away", (*timeLine).mark, "m"),
		in("now", "back to now", now, "n"),
		{Names: []string{"T", "shift+t"}, Help: "the time line: rates, gaps and marks", Rank: component.RankReport,
			For: component.AnyPane, Do: component.Plain(func(d *component.Deck) { d.Open(&timeLine{}) })},
	}
}

// zoomFactor is how much shorter the time is that is shown after each step.
const zoomFactor = 2.0

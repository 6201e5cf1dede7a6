package panes

import (
	"strconv"
	"strings"

	"signalbox/scenarios/truth"
	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// stateColumns are the widths of the columns of the state pane.
type stateColumns struct {
	width, name, value, from int

	copied map[string]state.Value // what the application's copy has; nil where it is not shown
	drift  *truth.Drift           // and how that differs
}

func newStateColumns(e *sources.EntityDetail, width int) stateColumns {
	c := stateColumns{width: width, name: 8}
	for i := range e.State {
		f := &e.State[i]
		c.name = max(c.name, len(f.Name))
		c.from = max(c.from, screen.Cells(screen.Clean(setBy(f))))
		value := screen.Cells(screen.CleanUpTo(wording.Value(f.Value), width))
		if f.Was.Kind() != state.Absent {
			value += len("  was ") + screen.Cells(screen.CleanUpTo(wording.Value(f.Was), width))
		}
		c.value = max(c.value, value+1)
	}
	for _, name := range e.Unknown {
		c.name = max(c.name, len(name))
	}
	c.name = min(c.name, max(width/3, 8)) + 2
	room := width - 1 - c.name - 1 // of it, values have three fifths if they need them, and what sets them the rest
	c.value = min(c.value, max(room-c.from, room*3/5))
	c.from = min(c.from, room-c.value)
	c.value = room - c.from
	return c
}

// field is a field with its value, the value before, and the event that set it.
func (c stateColumns) field(t *screen.Theme, f *sources.StateField, chosen bool) string {
	l := screen.NewRow(t, c.width, chosen, true)
	l.Left(t.Dim, screen.CutMiddle(screen.CleanUpTo(f.Name, 4*c.name), c.name-1), c.name)
	k := wording.ValueStyle(t, f.Value)
	if f.Name == state.StatusField {
		k = wording.StatusStyle(t, f.Value.Text())
	}
	if f.Changed {
		k = k.With(t.Bright)
	}
	room := c.value
	if c.copied != nil {
		room = c.value / 2
	}
	value := screen.Cut(screen.CleanUpTo(wording.Value(f.Value), room), room-1)
	l.Put(k, value)
	room -= screen.Cells(value)
	if f.Was.Kind() != state.Absent && room > 8 {
		was := screen.Cut("  was "+screen.CleanUpTo(wording.Value(f.Was), room), room-1)
		l.Put(t.Dim, was)
		room -= screen.Cells(was)
	}
	l.Gap(room)
	if c.copied != nil {
		c.putCopy(t, l, f.Name)
	}
	l.Put(t.Faint, screen.CutMiddle(screen.Clean(setBy(f)), c.from))
	return l.String()
}

// unknown is a field that no event that was seen has set.
func (c stateColumns) unknown(t *screen.Theme, name string, chosen bool) string {
	l := screen.NewRow(t, c.width, chosen, true)
	l.Left(t.Dim, screen.CutMiddle(screen.CleanUpTo(name, 4*c.name), c.name-1), c.name)
	l.Put(t.Warn, "?")
	l.Put(t.Faint, " unknown: no event that was seen has set it")
	return l.String()
}

// putCopy writes what the application's copy has of a field, behind a bar.
func (c stateColumns) putCopy(t *screen.Theme, l *screen.Line, name string) {
	room := c.value - c.value/2
	k := t.Dim
	if c.differs(name) {
		k = t.Bad
	}
	text := "│ nothing"
	if v, there := c.copied[name]; there && v.Kind() != state.Absent {
		text = "│ " + screen.CleanUpTo(wording.Value(v), room)
	}
	l.Left(k, screen.Cut(text, room-1), room)
}

func (c stateColumns) differs(name string) bool {
	if c.drift == nil {
		return false
	}
	for i := range c.drift.Fields {
		if c.drift.Fields[i].Name == name {
			return true
		}
	}
	return false
}

// setBy is "← PICKUP_PRODUCTS v4".
func setBy(f *sources.StateField) string {
	if f.SetBy == "" {
		return ""
	}
	return "← " + f.SetBy + " " + wording.Version(f.SetAt)
}

// step is one event of the history: what it changed, or why it was refused.
func (c stateColumns) step(d *component.Deck, e *sources.EntityDetail, h *sources.HistoryStep, chosen bool) string {
	t := d.Theme
	l := screen.NewRow(t, c.width, chosen, true)
	mark, k := wording.VersionMark(t, e, h)
	l.Left(k, mark, wording.MarkWidth(e.Newest))
	l.Put(t.Faint, d.Clock(h.Time, c.width > 60)+" ")
	name := t.Text
	if mark == "" {
		name = t.Dim
	}
	l.Put(name, screen.CutMiddle(screen.CleanUpTo(h.Type, c.width), max(c.width/3, 12))+"  ")
	if h.Unjudged {
		l.Put(t.Warn, "not judged  ")
	}
	if fault, why := h.Fault(); fault != "" {
		l.Put(wording.FaultStyle(t, fault), screen.CleanUpTo(wording.FaultText(fault, why), l.Free()))
	} else {
		for _, change := range h.Changes {
			if l.Free() <= 0 {
				break
			}
			l.Put(t.Dim, screen.CleanUpTo(wording.PathName(change.Name), l.Free())+" ")
			l.Put(t.Text, wording.Change(change, l.Free())+"  ")
		}
	}
	return l.String()
}

// versions is the line to step along: v1 ── v2 ── ●v4.
func versions(t *screen.Theme, e *sources.EntityDetail, width int) string {
	l := screen.NewLine(width, "")
	l.Gap(1)
	const help = "[ ] step"
	room := width - 2 - len(help) - 3
	first, last := uint64(1), e.Newest
	each := screen.Cells("v ── ") + len(strconv.FormatUint(e.Newest, 10))
	most := uint64(max((room-4)/each, 1))
	if last > most {
		if e.Shown > most/2 {
			first = e.Shown - most/2
		}
		first = min(first, e.Newest-most+1)
		last = first + most - 1
	}
	if first > 1 {
		l.Put(t.Faint, "… ")
	}
	for v := first; v <= last && last > 0; v++ {
		if v > first {
			l.Put(t.Faint, strings.Repeat("─", 2)+" ")
		}
		name := wording.Version(v)
		if v == e.Shown {
			l.Put(t.Accent.With(t.Bright), "●"+name+" ")
			continue
		}
		l.Put(t.Dim, name+" ")
	}
	if last < e.Newest {
		l.Put(t.Faint, "…")
	}
	if l.Free() > len(help)+1 {
		l.Gap(l.Free() - len(help) - 1)
		l.Put(t.Faint, help)
	}
	return l.String()
}

// handled is the row of the state pane that sums it up: "courier done · billing waiting v3".
func (c stateColumns) handled(t *screen.Theme, e *sources.EntityDetail, consumers []sources.Progress, chosen bool) string {
	l := screen.NewRow(t, c.width, chosen, true)
	l.Left(t.Dim, "handled", c.name)
	for i := range consumers {
		h := &consumers[i]
		if i > 0 {
			l.Put(t.Faint, " · ")
		}
		standing, text := wording.Progress(h, e.History)
		_, k := wording.StandingSign(t, standing)
		l.Put(t.Text, screen.CleanUpTo(h.Consumer, l.Free())+" ")
		l.Put(k, screen.CleanUpTo(text, l.Free()))
	}
	return l.String()
}

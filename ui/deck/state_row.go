package deck

import (
	"strconv"
	"strings"

	"signalbox/sources"
)

// stateColumns are the widths of the columns of the state pane.
type stateColumns struct{ width, name, value, from int }

func newStateColumns(e *sources.EntityDetail, width int) stateColumns {
	c := stateColumns{width: width, name: 8}
	for i := range e.State {
		f := &e.State[i]
		c.name = max(c.name, len(f.Name))
		c.from = max(c.from, cells(clean(setBy(f))))
		value := cells(cleanUpTo(valueText(f.Value), width))
		if f.Was.Kind() != sources.Absent {
			value += len("  was ") + cells(cleanUpTo(valueText(f.Was), width))
		}
		c.value = max(c.value, value+1)
	}
	c.name = min(c.name, max(width/3, 8)) + 2
	room := width - 1 - c.name - 1 // of it, values have three fifths if they need them, and what sets them the rest
	c.value = min(c.value, max(room-c.from, room*3/5))
	c.from = min(c.from, room-c.value)
	c.value = room - c.from
	return c
}

// field is a field with its value, the value before, and the event that set it.
func (c stateColumns) field(t *theme, f *sources.StateField, chosen bool) string {
	l := newRow(t, c.width, chosen, true)
	l.cell(t.dim, cutMiddle(cleanUpTo(f.Name, 4*c.name), c.name-1), c.name)
	k := valueStyle(t, f.Value)
	if f.Name == sources.StatusField {
		k = statusStyle(t, f.Value.Text())
	}
	if f.Changed {
		k = k.with(t.bright)
	}
	room := c.value
	value := cut(cleanUpTo(valueText(f.Value), room), room)
	l.put(k, value)
	room -= cells(value)
	if f.Was.Kind() != sources.Absent && room > 8 {
		was := cut("  was "+cleanUpTo(valueText(f.Was), room), room-1)
		l.put(t.dim, was)
		room -= cells(was)
	}
	l.gap(room)
	l.put(t.faint, cutMiddle(clean(setBy(f)), c.from))
	return l.String()
}

// setBy is "← PICKUP_PRODUCTS v4".
func setBy(f *sources.StateField) string {
	if f.SetBy == "" {
		return ""
	}
	return "← " + f.SetBy + " " + versionName(f.SetAt)
}

// step is one event of the history: what it changed, or why it was refused.
func (c stateColumns) step(d *deck, e *sources.EntityDetail, h *sources.HistoryStep, chosen bool) string {
	t := d.theme
	l := newRow(t, c.width, chosen, true)
	mark, k := versionMark(t, e, h)
	l.cell(k, mark, 5)
	l.put(t.faint, d.clock(h.Time, c.width > 60)+" ")
	name := t.text
	if mark == "" {
		name = t.dim
	}
	l.put(name, cutMiddle(cleanUpTo(h.Type, c.width), max(c.width/3, 12))+"  ")
	switch {
	case h.Rejected != "":
		l.put(t.bad, cleanUpTo(h.Rejected, l.free()))
	case h.Failed != "":
		l.put(t.warn, "cannot fold: "+cleanUpTo(h.Failed, l.free()))
	default:
		for _, change := range h.Changes {
			if l.free() <= 0 {
				break
			}
			l.put(t.dim, cleanUpTo(pathName(change.Name), l.free())+" ")
			l.put(t.text, changed(change, l.free())+"  ")
		}
	}
	return l.String()
}

// versionMark is the version that a step made, ● at the one shown, ✗ for a refusal; "" when it changed nothing, such as a
// write to the application's own copy.
func versionMark(t *theme, e *sources.EntityDetail, h *sources.HistoryStep) (string, style) {
	switch {
	case h.Rejected != "" || h.Failed != "":
		return "✗", t.bad
	case !h.Folded:
		return "", t.faint
	case h.Version == e.Shown:
		return "●" + versionName(h.Version), t.accent
	}
	return versionName(h.Version), t.dim
}

// pathName is the name of a field, or of a part of a tree with the identifiers in it shortened.
func pathName(name string) string {
	if len(name) < 24 || !strings.Contains(name, ".") {
		return name
	}
	parts := strings.Split(name, ".")
	for i, part := range parts {
		if len(part) > 16 {
			parts[i] = cutID(cleanID(part), 10)
		}
	}
	return strings.Join(parts, ".")
}

// changed is "50 → 30", or the value alone when there was none before.
func changed(c sources.FieldChange, room int) string {
	is := cleanUpTo(valueText(c.Is), room)
	if c.Is.Kind() == sources.Absent {
		is = "gone"
	}
	if c.Was.Kind() == sources.Absent {
		return is
	}
	return cleanUpTo(valueText(c.Was), room) + " → " + is
}

// versions is the line to step along: v1 ── v2 ── ●v4.
func versions(t *theme, e *sources.EntityDetail, width int) string {
	l := newLine(width, "")
	l.gap(1)
	const help = "[ ] step"
	room := width - 2 - len(help) - 3
	first, last := uint64(1), e.Newest
	each := cells("v ── ") + len(strconv.FormatUint(e.Newest, 10))
	most := uint64(max((room-4)/each, 1))
	if last > most {
		if e.Shown > most/2 {
			first = e.Shown - most/2
		}
		first = min(first, e.Newest-most+1)
		last = first + most - 1
	}
	if first > 1 {
		l.put(t.faint, "… ")
	}
	for v := first; v <= last && last > 0; v++ {
		if v > first {
			l.put(t.faint, strings.Repeat("─", 2)+" ")
		}
		name := versionName(v)
		if v == e.Shown {
			l.put(t.accent.with(t.bright), "●"+name+" ")
			continue
		}
		l.put(t.dim, name+" ")
	}
	if last < e.Newest {
		l.put(t.faint, "…")
	}
	if l.free() > len(help)+1 {
		l.gap(l.free() - len(help) - 1)
		l.put(t.faint, help)
	}
	return l.String()
}

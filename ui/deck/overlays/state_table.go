package overlays

import (
	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/wording"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// stateSide is one of two states that stand side by side.
type stateSide struct {
	label string // over the names of the fields
	title string
	state []state.Field
}

// stateTable is two states side by side, below a heading: first the fields that differ, marked, then the others. A nil differs
// is all that are not the same.
func stateTable(d *component.Deck, left, right stateSide, differs []string, width int) []string {
	t := d.Theme
	if differs == nil {
		differs = output.Differing(left.state, right.state)
	}
	other := map[string]bool{}
	names := append([]string{}, differs...)
	for _, name := range differs {
		other[name] = true
	}
	room := 8
	for _, name := range fieldNames(left.state, right.state) {
		if !other[name] {
			names = append(names, name)
		}
		room = max(room, screen.Cells(screen.CleanUpTo(name, width)))
	}
	room = min(room, width/4) + 2
	each := max((width-room-4)/2, 8)
	head := screen.NewLine(width, "")
	head.Gap(3)
	head.Left(t.Accent, left.label, room)
	head.Left(t.Accent, screen.Cut(screen.CleanUpTo(left.title, each), each-1), each)
	head.Put(t.Accent, screen.CleanUpTo(right.title, head.Free()))
	lines := []string{head.String()}
	for _, name := range names {
		l := screen.NewLine(width, "")
		style, mark := t.Dim, ""
		if other[name] {
			style, mark = t.Warn, "≠"
		}
		l.Gap(1)
		l.Left(t.Warn, mark, 2)
		l.Left(t.Dim, screen.CutMiddle(screen.CleanUpTo(name, 4*room), room-1), room)
		for _, side := range []stateSide{left, right} {
			l.Left(style, screen.Cut(screen.CleanUpTo(absentOr(valueOf(side.state, name)), each), each-1), min(each, l.Free()))
		}
		lines = append(lines, l.String())
	}
	return lines
}

// absentOr is a value in a line, or that there is none.
func absentOr(v state.Value) string {
	if v.Kind() == state.Absent {
		return "–"
	}
	return shownValue(v)
}

func versionText(n uint64) string { return wording.Version(n) }

func changeText(c state.FieldChange, room int) string { return wording.Change(c, room) }

func partingText(w *sources.WhatIf) string { return output.PartingText(w) }

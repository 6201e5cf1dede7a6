package wording

import (
	"strconv"
	"strings"

	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/screen"
)

// mostTree is how many entries of a tree or a list a row shows; of a larger one it shows the size.
const mostTree = 8

// Value is a value in a row. What would take long to write is told the size of.
func Value(v state.Value) string {
	switch v.Kind() {
	case state.Tree:
		if n := len(v.Tree()); n > mostTree {
			return entries(n)
		}
		return shallow(v)
	case state.List:
		if n := len(v.List()); n > mostTree {
			return "[" + screen.Plural(uint64(n), "entry") + "]"
		}
		return v.String()
	case state.Absent:
		return "none"
	}
	return v.String()
}

// shallow writes a small tree without what is deep in it.
func shallow(v state.Value) string {
	for _, part := range v.Tree() {
		if part.Kind() == state.Tree {
			return entries(len(v.Tree()))
		}
	}
	return v.String()
}

func entries(n int) string { return "{" + screen.Plural(uint64(n), "entry") + "}" }

// ValueStyle tells numbers, texts and the rest apart.
func ValueStyle(t *screen.Theme, v state.Value) screen.Style {
	switch v.Kind() {
	case state.Int, state.Float, state.Number, state.Bool:
		return t.Number
	case state.Text:
		return t.Word
	}
	return t.Text
}

// PathName is the name of a field, or of a part of a tree with the identifiers in it shortened.
func PathName(name string) string {
	if len(name) < 24 || !strings.Contains(name, ".") {
		return name
	}
	parts := strings.Split(name, ".")
	for i, part := range parts {
		if len(part) > 16 {
			parts[i] = screen.CutID(screen.CleanID(part), 10)
		}
	}
	return strings.Join(parts, ".")
}

// Change is "50 → 30", or the value alone when there was none before.
func Change(c state.FieldChange, room int) string {
	is := screen.CleanUpTo(Value(c.Is), room)
	if c.Is.Kind() == state.Absent {
		is = "gone"
	}
	if c.Was.Kind() == state.Absent {
		return is
	}
	return screen.CleanUpTo(Value(c.Was), room) + " → " + is
}

// VersionMark is the version that a step made, ● at the one shown; the sign of what went wrong; "" when it changed nothing, such as a
// write to the application's own copy.
func VersionMark(t *screen.Theme, e *sources.EntityDetail, h *sources.HistoryStep) (string, screen.Style) {
	fault, _ := h.Fault()
	switch {
	case fault != "":
		return fault.Sign(), FaultStyle(t, fault)
	case !h.Folded:
		return "", t.Faint
	case h.Version == e.Shown:
		return "●" + Version(h.Version), t.Accent
	}
	return Version(h.Version), t.Dim
}

// MarkWidth is how many cells the marks of versions up to one take, with a blank behind the longest.
func MarkWidth(newest uint64) int { return max(screen.Cells("●"+Version(newest))+1, 5) }

// Version is the name of a version, "v4".
func Version(n uint64) string { return "v" + strconv.FormatUint(n, 10) }

// StatusStyle gives a status its colour, always the same one.
func StatusStyle(t *screen.Theme, status string) screen.Style {
	return t.Hue("status " + status)
}

// FaultStyle is the style of what went wrong with an event.
func FaultStyle(t *screen.Theme, f sources.Fault) screen.Style {
	if f == sources.Refused {
		return t.Bad
	}
	return t.Warn
}

// FaultText is what went wrong with an event, in words.
func FaultText(f sources.Fault, why string) string {
	if f == sources.NotFolded {
		return "cannot fold: " + why
	}
	return why
}

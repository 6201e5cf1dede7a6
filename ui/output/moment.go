package output

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/screen"
)

// MomentLine is an event with the states before and after it, as JSON. A state that is not known is null.
type MomentLine struct {
	Kind    string                 `json:"kind"`
	ID      string                 `json:"id"`
	Version uint64                 `json:"version"`
	Event   json.RawMessage        `json:"event"`
	Before  map[string]state.Value `json:"before"`
	After   map[string]state.Value `json:"after"`
	Changed []string               `json:"changed"`
}

// ViolationLine is a moment that violated an invariant, as JSON.
type ViolationLine struct {
	Invariant string `json:"invariant"`
	MomentLine
}

// ViolationJSON is a moment that violated an invariant.
func ViolationJSON(invariant string, m *sources.Moment) ViolationLine {
	return ViolationLine{invariant, MomentJSON(m)}
}

// MomentJSON is a moment as JSON.
func MomentJSON(m *sources.Moment) MomentLine {
	e := m.Event.Entity()
	line := MomentLine{Kind: e.Kind, ID: e.ID, Version: m.Event.Version, Event: m.Event.AppendJSON(nil), Changed: m.Changed}
	if line.Changed == nil {
		line.Changed = []string{}
	}
	if !m.NoBefore {
		line.Before = members(m.Before)
	}
	if !m.NoAfter {
		line.After = members(m.After)
	}
	return line
}

func members(fields []state.Field) map[string]state.Value {
	out := make(map[string]state.Value, len(fields))
	for _, f := range fields {
		out[f.Name] = f.Value
	}
	return out
}

// ShowMoment prints a moment for people: the event, and each field before and after it.
func ShowMoment(out io.Writer, m *sources.Moment) error {
	p := ColoursFor(out)
	e := m.Event.Entity()
	title := fmt.Sprintf("%s %s · v%d · %s · event %d of what was read", e.Kind, e.ID, m.Event.Version, m.Event.Type, m.Event.Number)
	if _, err := fmt.Fprintln(out, p.Paint(Bold, screen.Clean(title))); err != nil {
		return err
	}
	if _, err := out.Write(EventLine(p)(nil, m.Event)); err != nil {
		return err
	}
	t := NewTable(out, "FIELD", "BEFORE", "AFTER", "")
	before, after := members(m.Before), members(m.After)
	for _, name := range fieldNames(m.Before, m.After) {
		was, is := fieldText(before, name, m.NoBefore), fieldText(after, name, m.NoAfter)
		mark := ""
		if slices.Contains(m.Changed, name) {
			mark = "changed"
		}
		t.Row(name, was, is, mark)
	}
	return t.Flush()
}

// fieldNames are those of both states, in order.
func fieldNames(before, after []state.Field) []string {
	var names []string
	for _, f := range slices.Concat(after, before) {
		if !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}

func fieldText(fields map[string]state.Value, name string, unknown bool) string {
	if unknown {
		return "not known"
	}
	return shorten(strings.TrimSpace(fields[name].String()))
}

// MomentText says which fields the event of a moment changed, in one line.
func MomentText(m *sources.Moment) string {
	if m.NoBefore || m.NoAfter {
		return "what it changed is not known"
	}
	before, after := members(m.Before), members(m.After)
	parts := make([]string, len(m.Changed))
	for i, name := range m.Changed {
		if parts[i] = name + "=" + shorten(after[name].String()); before[name].Kind() != state.Absent {
			parts[i] = name + " " + shorten(before[name].String()) + "→" + shorten(after[name].String())
		}
	}
	return shorten(strings.Join(parts, " "))
}

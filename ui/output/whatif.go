package output

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/screen"
)

// WhatIfLine is a history as it might have been beside the real one, as JSON.
type WhatIfLine struct {
	Kind        string                 `json:"kind"`
	ID          string                 `json:"id"`
	Version     uint64                 `json:"version"` // that it comes to
	RealVersion uint64                 `json:"real_version"`
	State       map[string]state.Value `json:"state"`
	Real        map[string]state.Value `json:"real"`
	Differs     []string               `json:"differs"`  // fields
	Parted      *PartingLine           `json:"parted"`   // null: the states are the same everywhere
	Together    bool                   `json:"together"` // they are the same in the end
	Skipped     int                    `json:"skipped,omitempty"`
	History     []ImaginedLine         `json:"history,omitempty"`
}

// PartingLine is the first place at which the states are not the same.
type PartingLine struct {
	Version uint64                 `json:"version"` // really
	Type    string                 `json:"type"`
	Gone    bool                   `json:"gone,omitempty"` // the event is not there, or not yet
	State   map[string]state.Value `json:"state"`
	Real    map[string]state.Value `json:"real"`
}

// ImaginedLine is one event of a history as it might have been.
type ImaginedLine struct {
	StepLine
	Imagined bool   `json:"imagined,omitempty"` // it never came, or not so
	Really   string `json:"really,omitempty"`   // what really became of it, where that is something else
	Apart    bool   `json:"apart,omitempty"`    // the state after it is not the real one there
}

// WhatIfJSON is a history as it might have been, with each event where that is wanted.
func WhatIfJSON(w *sources.WhatIf, history bool) WhatIfLine {
	line := WhatIfLine{Kind: w.Entity.Kind, ID: w.Entity.ID, Version: w.Version, RealVersion: w.Real, State: members(w.State), Real: members(w.Was),
		Differs: Differing(w.Was, w.State), Together: w.Together}
	if p := w.Parted; p != nil {
		line.Parted = &PartingLine{Version: p.Version, Type: p.Type, Gone: p.Gone, State: members(p.State), Real: members(p.Was)}
	}
	if !history {
		return line
	}
	line.Skipped = w.Skipped
	for i := range w.Steps {
		s := &w.Steps[i]
		step := ImaginedLine{StepLine: stepJSON(&s.HistoryStep), Imagined: s.Of.Event != nil || s.Of.Again, Apart: s.Apart}
		if s.Other {
			step.Really = cmp.Or(s.Was, "accepted")
		}
		line.History = append(line.History, step)
	}
	return line
}

// Differing are the names of the fields that are not the same in two states, in order.
func Differing(a, b []state.Field) []string {
	x, y := members(a), members(b)
	out := []string{}
	for _, name := range fieldNames(a, b) {
		if !x[name].Equal(y[name]) {
			out = append(out, name)
		}
	}
	return out
}

// PartingText says where the states part.
func PartingText(w *sources.WhatIf) string {
	p := w.Parted
	switch {
	case p == nil:
		return "the states are the same everywhere"
	case p.Gone:
		return fmt.Sprintf("they part at %s v%d, which is not there", p.Type, p.Version)
	case w.Together:
		return fmt.Sprintf("they part after %s, at v%d, and are the same in the end", p.Type, p.Version)
	}
	return fmt.Sprintf("they part after %s, at v%d", p.Type, p.Version)
}

// ShowWhatIf prints a history as it might have been for people.
func ShowWhatIf(out io.Writer, w *sources.WhatIf, history bool) error {
	p := ColoursFor(out)
	title := fmt.Sprintf("%s %s · imagined v%d · really v%d", w.Entity.Kind, w.Entity.ID, w.Version, w.Real)
	if _, err := fmt.Fprintf(out, "%s\n%s\n", p.Paint(Bold, screen.Clean(title)), screen.Clean(PartingText(w))); err != nil {
		return err
	}
	if err := sideBySide(out, "REALLY", "IMAGINED", w.Was, w.State, Differing(w.Was, w.State)); err != nil || !history {
		return err
	}
	if w.Skipped > 0 {
		fmt.Fprintf(out, "%d earlier events are not listed\n", w.Skipped)
	}
	for i := range w.Steps {
		if _, err := fmt.Fprintln(out, StepText(p, &w.Steps[i].HistoryStep)+imaginedNote(&w.Steps[i])); err != nil {
			return err
		}
	}
	return nil
}

// imaginedNote says what is imagined of a step.
func imaginedNote(s *sources.ImaginedStep) string {
	note := ""
	switch {
	case s.Of.Again || s.Of.Event != nil && s.Of.Number == 0:
		note = "  (added)"
	case s.Of.Event != nil:
		note = "  (edited)"
	}
	if s.Other {
		note += "  really: " + screen.Clean(cmp.Or(s.Was, "accepted"))
	}
	return note
}

// sideBySide prints the fields of two states, and marks those that differ.
func sideBySide(out io.Writer, left, right string, a, b []state.Field, differs []string) error {
	t := NewTable(out, "FIELD", left, right, "")
	x, y := members(a), members(b)
	for _, name := range fieldNames(a, b) {
		mark := ""
		if slices.Contains(differs, name) {
			mark = "differs"
		}
		t.Row(name, fieldText(x, name, false), fieldText(y, name, false), mark)
	}
	return t.Flush()
}

package output

import (
	"cmp"
	"time"

	"signalbox/sources"
	"signalbox/sources/state"
)

// EntityLine is an entity as JSON.
type EntityLine struct {
	Kind     string                 `json:"kind"`
	ID       string                 `json:"id"`
	Version  uint64                 `json:"version"`
	Newest   uint64                 `json:"newest,omitempty"` // when an older version was asked for
	Status   string                 `json:"status,omitempty"`
	State    map[string]state.Value `json:"state"`
	Partial  bool                   `json:"partial"`
	Lacks    string                 `json:"lacks,omitempty"`   // why it is partial
	Unknown  []string               `json:"unknown,omitempty"` // fields that no event that was seen has set
	Evicted  bool                   `json:"evicted,omitempty"`
	Rejected uint64                 `json:"rejected"`
	First    time.Time              `json:"first"`
	Touched  time.Time              `json:"touched"`
	Missing  uint64                 `json:"missing,omitempty"` // versions that history lacks at its beginning
	History  []StepLine             `json:"history,omitempty"`
}

// StepLine is one event of an entity's history as JSON.
type StepLine struct {
	Version  uint64       `json:"version"`
	Time     time.Time    `json:"time"`
	Station  string       `json:"station"`
	Type     string       `json:"type"`
	Changes  []ChangeLine `json:"changes,omitempty"`
	Unjudged bool         `json:"unjudged,omitempty"` // whether it is refused depends on what was not seen
	Rejected string       `json:"rejected,omitempty"`
	Problem  string       `json:"problem,omitempty"`
}

// ChangeLine is what an event did to one field.
type ChangeLine struct {
	Name string      `json:"name"`
	Was  state.Value `json:"was"`
	Is   state.Value `json:"is"`
}

// EntityJSON is an entity as it is now.
func EntityJSON(row sources.EntityRow) EntityLine {
	line := EntityLine{
		Kind: row.Kind, ID: row.ID, Version: row.Version, Status: row.Status, Partial: row.Partial, Lacks: row.Lack.String(),
		Evicted: row.Evicted, Rejected: row.Rejected, First: row.First.UTC(), Touched: row.Touched.UTC(),
		State: make(map[string]state.Value, len(row.Fields)+1),
	}
	if row.Status != "" {
		line.State[state.StatusField] = state.TextValue(row.Status)
	}
	for _, f := range row.Fields {
		line.State[f.Name] = f.Value
	}
	return line
}

// EntityDetailJSON is one entity at the version shown, with its history when that is wanted.
func EntityDetailJSON(d *sources.EntityDetail, history bool) EntityLine {
	line := EntityJSON(d.EntityRow)
	line.Version, line.Unknown = d.Shown, d.Unknown
	if d.Shown != d.Newest {
		line.Newest = d.Newest
	}
	clear(line.State)
	for _, f := range d.State {
		line.State[f.Name] = f.Value
	}
	if !history {
		return line
	}
	line.Missing = d.Missing
	for i := range d.History {
		line.History = append(line.History, stepJSON(&d.History[i]))
	}
	return line
}

func stepJSON(h *sources.HistoryStep) StepLine {
	step := StepLine{
		Version: h.Version, Time: h.Time.UTC(), Station: h.Station, Type: h.Type,
		Unjudged: h.Unjudged, Rejected: h.Rejected, Problem: cmp.Or(h.Failed, h.Unread),
	}
	for _, change := range h.Changes {
		step.Changes = append(step.Changes, ChangeLine(change))
	}
	return step
}

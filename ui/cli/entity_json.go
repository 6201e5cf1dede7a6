package cli

import (
	"time"

	"signalbox/sources"
)

// entityLine is an entity as JSON.
type entityLine struct {
	Kind     string                   `json:"kind"`
	ID       string                   `json:"id"`
	Version  uint64                   `json:"version"`
	Newest   uint64                   `json:"newest,omitempty"` // when an older version was asked for
	Status   string                   `json:"status,omitempty"`
	State    map[string]sources.Value `json:"state"`
	Partial  bool                     `json:"partial"`
	Evicted  bool                     `json:"evicted,omitempty"`
	Rejected uint64                   `json:"rejected"`
	First    time.Time                `json:"first"`
	Touched  time.Time                `json:"touched"`
	Missing  uint64                   `json:"missing,omitempty"` // versions that history lacks at its beginning
	History  []stepLine               `json:"history,omitempty"`
}

// stepLine is one event of an entity's history as JSON.
type stepLine struct {
	Version  uint64       `json:"version"`
	Time     time.Time    `json:"time"`
	Station  string       `json:"station"`
	Type     string       `json:"type"`
	Changes  []changeLine `json:"changes,omitempty"`
	Rejected string       `json:"rejected,omitempty"`
	Problem  string       `json:"problem,omitempty"`
}

// changeLine is what an event did to one field.
type changeLine struct {
	Name string        `json:"name"`
	Was  sources.Value `json:"was"`
	Is   sources.Value `json:"is"`
}

// rowJSON is an entity as it is now.
func rowJSON(row sources.EntityRow) entityLine {
	line := entityLine{
		Kind: row.Kind, ID: row.ID, Version: row.Version, Status: row.Status, Partial: row.Partial,
		Evicted: row.Evicted, Rejected: row.Rejected, First: row.First.UTC(), Touched: row.Touched.UTC(),
		State: make(map[string]sources.Value, len(row.Fields)+1),
	}
	if row.Status != "" {
		line.State[sources.StatusField] = sources.TextValue(row.Status)
	}
	for _, f := range row.Fields {
		line.State[f.Name] = f.Value
	}
	return line
}

// detailJSON is one entity at the version shown, with its history when that is wanted.
func detailJSON(d *sources.EntityDetail, history bool) entityLine {
	line := rowJSON(d.EntityRow)
	line.Version = d.Shown
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
	for _, h := range d.History {
		step := stepLine{
			Version: h.Version, Time: h.Time.UTC(), Station: h.Station, Type: h.Type,
			Rejected: h.Rejected, Problem: h.Failed,
		}
		for _, change := range h.Changes {
			step.Changes = append(step.Changes, changeLine(change))
		}
		line.History = append(line.History, step)
	}
	return line
}

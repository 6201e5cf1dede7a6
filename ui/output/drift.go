package output

import (
	"cmp"
	"fmt"
	"strings"

	"signalbox/scenarios/truth"
	"signalbox/sources/state"
)

// DriftLine is an entity whose copy is another than what is folded of it, as JSON.
type DriftLine struct {
	Kind   string       `json:"kind"`
	ID     string       `json:"id"`
	Copy   string       `json:"copy"` // its key
	Drift  truth.Sort   `json:"drift"`
	Why    string       `json:"why,omitempty"`
	Fields []DriftField `json:"fields,omitempty"`
	Others int          `json:"more_fields,omitempty"` // that differ besides
}

// DriftField is a field as it is folded and as it is in the copy.
type DriftField struct {
	Name string      `json:"name"`
	Fold state.Value `json:"fold"`
	Copy state.Value `json:"copy"`
}

// DriftJSON is a drift as JSON.
func DriftJSON(d *truth.Drift) DriftLine {
	line := DriftLine{Kind: d.Entity.Kind, ID: d.Entity.ID, Copy: d.Path, Drift: d.Sort, Why: d.Why, Others: d.Others}
	for _, f := range d.Fields {
		line.Fields = append(line.Fields, DriftField(f))
	}
	return line
}

// DriftText is what differs, in a line.
func DriftText(d *truth.Drift) string {
	if d.Why != "" {
		return d.Why
	}
	fields := make([]string, len(d.Fields))
	for i, f := range d.Fields {
		fields[i] = f.Name + ": " + cmp.Or(shorten(f.Fold.String()), "nothing") + " | " + cmp.Or(shorten(f.Copy.String()), "nothing")
	}
	if d.Others > 0 {
		fields = append(fields, fmt.Sprintf("and %d more", d.Others))
	}
	return strings.Join(fields, "  ")
}

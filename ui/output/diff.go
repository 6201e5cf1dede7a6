package output

import (
	"fmt"
	"io"
	"slices"

	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/screen"
)

// DiffLine is the comparison of two states, as JSON.
type DiffLine struct {
	Left    EntityLine   `json:"left"`
	Right   EntityLine   `json:"right"`
	Differs []DifferLine `json:"differs"`
}

// DifferLine is a field that is not the same in two states; null where it is not there.
type DifferLine struct {
	Name  string      `json:"name"`
	Left  state.Value `json:"left"`
	Right state.Value `json:"right"`
}

// DifferingDetails are the fields that are not the same in the states of two entities, in order. That each has its own ID in one
// of them is no difference.
func DifferingDetails(a, b *sources.EntityDetail) []string {
	x, y := Fields(a), Fields(b)
	left, right := members(x), members(y)
	own := func(v state.Value, id string) bool { return v.Kind() == state.Text && v.Text() == id }
	return slices.DeleteFunc(Differing(x, y), func(name string) bool { return own(left[name], a.ID) && own(right[name], b.ID) })
}

// Fields are the fields of an entity's state.
func Fields(d *sources.EntityDetail) []state.Field {
	out := make([]state.Field, len(d.State))
	for i := range d.State {
		out[i] = d.State[i].Field
	}
	return out
}

// DiffJSON is the comparison of two states.
func DiffJSON(a, b *sources.EntityDetail) DiffLine {
	line := DiffLine{Left: EntityDetailJSON(a, false), Right: EntityDetailJSON(b, false), Differs: []DifferLine{}}
	left, right := members(Fields(a)), members(Fields(b))
	for _, name := range DifferingDetails(a, b) {
		line.Differs = append(line.Differs, DifferLine{name, left[name], right[name]})
	}
	return line
}

// ShowDiff prints two states side by side for people.
func ShowDiff(out io.Writer, a, b *sources.EntityDetail) error {
	left, right := fmt.Sprintf("%s v%d", a.Entity, a.Shown), fmt.Sprintf("%s v%d", b.Entity, b.Shown)
	for _, d := range []*sources.EntityDetail{a, b} {
		if note := notes(d.EntityRow); note != "" {
			if _, err := fmt.Fprintln(out, screen.Clean(d.Entity.String()+" "+note)); err != nil {
				return err
			}
		}
	}
	return sideBySide(out, left, right, Fields(a), Fields(b), DifferingDetails(a, b))
}

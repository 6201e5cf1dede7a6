package sources

import (
	"slices"
	"strings"
	"time"

	"signalbox/sources/internal/window"
)

// detail is what a walk that is over has found.
func (w *walk) detail() *EntityDetail {
	d := &EntityDetail{EntityRow: w.rowThen(), Shown: w.shown, Newest: w.newest, Missing: w.missing}
	for slot, v := range w.values {
		if v.kind == Absent {
			continue
		}
		o := w.origins[slot]
		d.State = append(d.State, StateField{
			Field: Field{Name: w.kind.names[slot], Value: v},
			Was:   o.was, SetBy: o.by, SetAt: o.at, Changed: o.known && o.at == w.shown,
		})
	}
	d.History = w.steps
	slices.Reverse(d.History)
	return d
}

// rowThen is the entity's row as of the version shown.
func (w *walk) rowThen() EntityRow {
	r := w.row
	r.Version, r.Touched, r.Rejected = w.shown, time.Unix(0, w.touched), r.Rejected-w.refused
	if w.shown == w.newest {
		return r
	}
	r.Evicted, r.Status, r.Fields = !w.known, "", nil
	for slot, v := range w.values {
		switch {
		case v.kind == Absent:
		case slot == 0:
			r.Status = v.String()
		default:
			r.Fields = append(r.Fields, Field{Name: w.kind.names[slot], Value: v})
		}
	}
	return r
}

// describe names changes for people; several of one field are one.
func (k *Kind) describe(changes []Change) []FieldChange {
	var out []FieldChange
	for _, c := range changes {
		name := k.names[c.Slot]
		if len(c.Path) > 0 {
			name += "." + strings.Join(c.Path, ".")
		}
		if i := slices.IndexFunc(out, func(f FieldChange) bool { return f.Name == name }); i >= 0 {
			out[i].Is = c.Is.own()
			continue
		}
		out = append(out, FieldChange{Name: name, Was: c.Was.own(), Is: c.Is.own()})
	}
	return slices.DeleteFunc(out, func(f FieldChange) bool { return f.Was.Equal(f.Is) })
}

// typeOf is an event's type.
func (e *Engine) typeOf(held window.Held) string {
	var ev Event
	e.read(0, held, &ev)
	return clone(ev.Type)
}

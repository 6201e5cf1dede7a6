package sources

import (
	"slices"
	"time"

	"signalbox/sources/internal/packed"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// detail is what a walk that is over has found.
func (w *walk) detail() *EntityDetail {
	d := &EntityDetail{EntityRow: w.rowThen(), Shown: w.shown, Newest: w.newest, Missing: w.missing}
	for slot, v := range w.values {
		if v.Kind() == state.Absent {
			continue
		}
		o := w.origins[slot]
		d.State = append(d.State, StateField{
			Field: state.Field{Name: w.kind.Field(slot), Value: v},
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
		case v.Kind() == state.Absent:
		case slot == 0:
			r.Status = v.String()
		default:
			r.Fields = append(r.Fields, state.Field{Name: w.kind.Field(slot), Value: v})
		}
	}
	return r
}

// typeOf is an event's type.
func (st *store) typeOf(held window.Held) string {
	var ev Event
	st.read(0, held, &ev)
	return packed.Clone(ev.Type)
}

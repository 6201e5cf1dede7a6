package fields

import (
	"slices"

	"signalbox/sources"
	"signalbox/sources/state"
)

// OfEntities says of each field of a state that filters of entities name that none of some entities has it, with the nearest
// name that is there.
func OfEntities(rows []sources.EntityRow, filters ...string) []string {
	var named Fields
	named.OfFilters(filters...)
	named.wanted = slices.DeleteFunc(named.wanted, func(w *field) bool { return w.path[0] != "state" || w.inStates(rows) })
	return named.Missing()
}

// inStates tells whether any entity has the field. A value below it that is no object's cannot be told of.
func (w *field) inStates(rows []sources.EntityRow) bool {
	for i := range rows {
		w.asked = true
		if w.path[1] == state.StatusField {
			return true
		}
		w.note(state.StatusField, 1)
		for _, f := range rows[i].Fields {
			if f.Name == w.path[1] {
				return true
			}
			w.note(f.Name, 1)
		}
	}
	return false
}

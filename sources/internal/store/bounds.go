package store

import (
	"fmt"

	"signalbox/sources/internal/entities"
	"signalbox/sources/state"
)

// tellTypes says that there are more types than are kept.
func (st *Store) tellTypes() {
	st.Tell(fmt.Sprintf("there are more than %d types of events; events of other types are held without their type: "+
		"name the stations that matter, or narrow them with a pattern", MostTypes))
}

// tellFields says that a kind has more fields than are kept.
func (st *Store) tellFields(k *state.Kind) {
	st.Tell(fmt.Sprintf("entities of kind %s have more than %d fields; the others are left out", k.Name(), state.MaxFields))
}

// tellStatuses says that a kind has more statuses than are counted.
func (st *Store) tellStatuses(k *state.Kind) {
	st.Tell(fmt.Sprintf("entities of kind %s have more than %d statuses; those with others stand in lists without a status, their fields are as they came",
		k.Name(), entities.MostStatuses))
}

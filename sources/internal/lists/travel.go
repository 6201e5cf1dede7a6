package lists

import (
	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/store"
)

// travel is what rows of the entities pane were at the time cursor. What was once found stays true while the cursor
// stays.
type travel struct {
	at    uint64
	rows  map[life]entities.Row
	walks map[life]*store.Walk
}

// life is an entity as long as it is held.
type life struct {
	slot uint32
	born uint64
}

// mostTravelled bounds the rows remembered.
const mostTravelled = 10_000

// to moves the cursor.
func (t *travel) to(at uint64) {
	if t.at != at || len(t.rows) > mostTravelled {
		*t = travel{at: at, rows: map[life]entities.Row{}, walks: map[life]*store.Walk{}}
	}
}

// row is what an entity was at the cursor; until that is found, its name alone.
func (t *travel) row(st *store.Store, slot uint32) entities.Row {
	r := st.Entities.At(slot)
	who := life{slot, r.Born}
	if row, ok := t.rows[who]; ok {
		return row
	}
	if t.walks[who] == nil {
		t.walks[who] = st.Walk(slot, 0, t.at, true)
	}
	if t.step(who, 200) {
		return t.rows[who]
	}
	return entities.Row{Entity: t.walks[who].Entity()}
}

// step goes on with finding one row and tells whether it is found.
func (t *travel) step(who life, most int) bool {
	w := t.walks[who]
	if !w.Step(most) {
		return false
	}
	t.rows[who] = w.Row()
	delete(t.walks, who)
	return true
}

// advance goes on with finding rows and tells whether all are found.
func (t *travel) advance(most int) bool {
	for who := range t.walks {
		t.step(who, most)
		break
	}
	return len(t.walks) == 0
}

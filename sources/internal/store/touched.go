package store

// touched is when an entity was touched last before the first event of it that is held: its number and time.
type touched struct {
	number   uint64
	unixNano int64
}

// touchedCost is about what one takes; of more than mostTouched entities it is taken for the time of the first event.
const (
	touchedCost = 48
	mostTouched = 1 << 17
)

// RememberTouched has it be known from now on, of each entity, when it was touched before its first event that is held.
func (st *Store) RememberTouched() { st.touched = map[uint32]touched{} }

// HeldTouched is the memory that this takes.
func (st *Store) HeldTouched() int64 { return touchedCost * int64(len(st.touched)) }

// noteTouched notes, before an entity is touched, when it was last, where that event is not held.
func (st *Store) noteTouched(slot uint32) {
	if st.touched == nil {
		return
	}
	r := st.Entities.At(slot)
	if _, there := st.touched[slot]; r.Last != 0 && !st.Window.Has(r.Last) && (there || len(st.touched) < mostTouched) {
		st.touched[slot] = touched{r.Last, r.Touched}
	}
}

// touchedUpTo is when an entity was touched last up to an event, where nothing of it up to that one is held.
func (st *Store) touchedUpTo(slot uint32, number uint64) (touched, bool) {
	t, ok := st.touched[slot]
	return t, ok && t.number <= number && t.number >= st.Entities.At(slot).Born
}

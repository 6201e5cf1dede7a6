package store

// unseen is that events of a station before a time were not seen, or may not have been, as that became known.
type unseen struct {
	number uint64 // of the event that came next
	place  uint16
	before int64
}

// mostUnseen bounds what is remembered of when something was not seen. Of more, the older half is known from the beginning, which
// says of some entities too early that something may be missing.
const mostUnseen = 1024

// noteUnseen remembers when it became known that something was not seen.
func (st *Store) noteUnseen(p *Place, before int64) {
	if len(st.unseen) == mostUnseen {
		st.gather()
	}
	st.unseen = append(st.unseen, unseen{st.Window.Next(), p.Index, before})
}

// gather makes one of the older half of what is remembered for each station.
func (st *Store) gather() {
	half := st.unseen[:mostUnseen/2]
	at := map[uint16]int{}
	kept := st.unseen[:0:0]
	for _, u := range half {
		if i, ok := at[u.place]; ok {
			kept[i].before = max(kept[i].before, u.before)
			continue
		}
		at[u.place] = len(kept)
		kept = append(kept, u)
	}
	if len(kept) == len(half) { // of as many stations
		kept = kept[1:]
	}
	st.unseen = append(kept, st.unseen[mostUnseen/2:]...)
}

package store

// Learned tells a store, event by event, what another came to know of what was not seen, when it did.
type Learned struct {
	of, to *Store
	next   int // in of.unseen
}

// Learn begins to tell a store what another knows.
func (st *Store) Learn(of *Store) *Learned { return &Learned{of: of, to: st} }

// UpTo tells what was known before an event was taken in, and adds the stations that came since.
func (l *Learned) UpTo(number uint64) {
	for _, p := range l.of.Places[len(l.to.Places):] {
		own := *p
		own.Since = 0
		l.to.Places = append(l.to.Places, &own)
	}
	if l.next > len(l.of.unseen) { // some were gathered
		l.next = 0
	}
	for ; l.next < len(l.of.unseen) && l.of.unseen[l.next].number <= number; l.next++ {
		u := l.of.unseen[l.next]
		l.to.Unseen(l.to.Places[u.place], u.before)
	}
}

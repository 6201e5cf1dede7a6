package sources

// countUnread counts, for the account of each station, what has come and was not taken in yet. A batch on its way between a
// feed and the engine is in neither at that moment, and is not counted.
func (e *Engine) countUnread() {
	for _, s := range e.attached.stations {
		s.ledger.Unread = 0
	}
	for _, f := range e.feeds.all {
		f.station.ledger.Unread += f.unread()
	}
}

// unreader is a feed of a bus that tells how many messages have come and wait in it for Next; any goroutine may ask.
type unreader interface{ Unread() uint64 }

// unread is how many messages of a feed have come and were not taken in yet.
func (f *feed) unread() uint64 {
	n := uint64(0)
	if u, ok := f.source.(unreader); ok {
		n = u.Unread()
	}
	for i, batch := range f.queue {
		n += uint64(batch.Len())
		if i == 0 {
			n -= uint64(f.taken)
		}
	}
	return n
}

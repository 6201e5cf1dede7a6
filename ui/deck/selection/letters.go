package selection

import "signalbox/sources"

// Letters says which dead letters somebody has seen.
type Letters struct {
	seen    map[sources.DeadKey]bool
	counted *sources.DeadLetterRow // the first of those that unseen was counted of
	unseen  int64
	total   int64
	least   bool
}

// Unseen is how many dead letters nobody has seen.
func (l *Letters) Unseen() int64 { return l.unseen }

// Total is how many dead letters there are, or at least are.
func (l *Letters) Total() (n int64, atLeast bool) { return l.total, l.least }

// Seen tells whether somebody has seen a dead letter.
func (l *Letters) Seen(key sources.DeadKey) bool { return l.seen[key] }

// Count counts the unseen ones again when the letters are others.
func (l *Letters) Count(rows []sources.DeadLetterRow) {
	if len(rows) == 0 {
		*l = Letters{}
		return
	}
	if l.counted == &rows[0] {
		return
	}
	seen := make(map[sources.DeadKey]bool, len(l.seen))
	l.counted, l.unseen, l.total, l.least = &rows[0], 0, 0, false
	for i := range rows {
		r, n := &rows[i], int64(0)
		if r.Dead() { // others are in trouble, and not dead
			n = r.Messages()
		}
		l.total, l.least = l.total+n, l.least || r.AtLeast
		if key := r.Key(); l.seen[key] {
			seen[key] = true // those that are no longer listed are forgotten
		} else {
			l.unseen += n
		}
	}
	l.seen = seen
}

// Mark marks some of the letters as seen, or not.
func (l *Letters) Mark(rows []sources.DeadLetterRow, seen bool, keys ...sources.DeadKey) {
	if l.seen == nil {
		l.seen = map[sources.DeadKey]bool{}
	}
	for _, key := range keys {
		if l.seen[key] = seen; !seen {
			delete(l.seen, key)
		}
	}
	l.counted = nil
	l.Count(rows)
}

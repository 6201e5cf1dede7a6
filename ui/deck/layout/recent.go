package layout

import "time"

// Recent is the largest of the values of the last seconds: what is laid out by it follows what is shown, and does not
// jump with each frame. The zero value has seen nothing.
type Recent struct {
	now, before int
	since       time.Time
}

// settling is how long a value stays at least; it is gone after twice as long.
const settling = 10 * time.Second

// Most takes a value in, and returns the largest.
func (r *Recent) Most(at time.Time, n int) int {
	if at.Sub(r.since) >= settling || at.Before(r.since) {
		r.before, r.now, r.since = r.now, 0, at
	}
	r.now = max(r.now, n)
	return max(r.now, r.before)
}

package deck

import "math"

// Moves to the ends of a list, as distances.
const (
	toHome = -math.MaxInt32
	toEnd  = math.MaxInt32
)

// list is where a person stands in rows that are all at hand: which one is chosen, known by its key so that it stays
// chosen when rows come and go, and which one is drawn first.
type list struct {
	key     string
	at, top int
}

// settle finds the chosen row again among n rows. It walks them only when the row has moved.
func (l *list) settle(n int, key func(int) string) {
	if n == 0 {
		l.at, l.top = 0, 0
		return
	}
	l.at = min(max(l.at, 0), n-1)
	if l.key == "" || key(l.at) == l.key {
		l.key = key(l.at)
		return
	}
	for i := range n {
		if key(i) == l.key {
			l.at = i
			return
		}
	}
	l.key = key(l.at)
}

// move chooses another row, so many further down.
func (l *list) move(by, n int, key func(int) string) {
	if n == 0 {
		return
	}
	l.at = min(max(l.at+by, 0), n-1)
	l.key = key(l.at)
}

// window scrolls just so far that the chosen row is seen, and tells which rows are: from (inclusive) to (exclusive).
func (l *list) window(n, height int) (from, to int) {
	l.top = scrolledTo(l.top, l.at, n, height)
	return l.top, min(l.top+height, n)
}

// scrolledTo moves the first row drawn no further than needed to see row at.
func scrolledTo(top, at, n, height int) int {
	if at < top {
		top = at
	}
	if at >= top+height {
		top = at - height + 1
	}
	return min(max(top, 0), max(n-height, 0))
}

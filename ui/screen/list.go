package screen

import "math"

// Moves to the ends of a list, as distances.
const (
	ToHome = -math.MaxInt32
	ToEnd  = math.MaxInt32
)

// List is a place in a list of rows: which row is chosen, known by its key so that it stays chosen when rows come and go,
// and which row is drawn first.
type List struct {
	Key     string
	At, Top int
}

// Restore finds the chosen row again among n rows. It walks them only when the row has moved.
func (l *List) Restore(n int, key func(int) string) {
	if n == 0 {
		l.At, l.Top = 0, 0
		return
	}
	l.At = min(max(l.At, 0), n-1)
	if l.Key == "" || key(l.At) == l.Key {
		l.Key = key(l.At)
		return
	}
	for i := range n {
		if key(i) == l.Key {
			l.At = i
			return
		}
	}
	l.Key = key(l.At)
}

// Move chooses another row, so many further down.
func (l *List) Move(by, n int, key func(int) string) {
	if n == 0 {
		return
	}
	l.At = min(max(l.At+by, 0), n-1)
	l.Key = key(l.At)
}

// Scroll scrolls just so far that the chosen row is seen, and tells which rows are: from (inclusive) to (exclusive).
func (l *List) Scroll(n, height int) (from, to int) {
	l.Top = ScrollTo(l.Top, l.At, n, height)
	return l.Top, min(l.Top+height, n)
}

// ScrollTo moves the first row drawn no further than needed to see row at.
func ScrollTo(top, at, n, height int) int {
	if at < top {
		top = at
	}
	if at >= top+height {
		top = at - height + 1
	}
	return min(max(top, 0), max(n-height, 0))
}

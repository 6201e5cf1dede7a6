package layout

// Border is a border between panes that can be moved: what it is the size of.
type Border struct {
	Place    Place // of the pane at its left, or above it
	Upright  bool  // it stands between panes side by side
	At, Size int   // where it is drawn, and how large the pane is
}

// border is where a border can be taken hold of: from (inclusive) to (exclusive).
type border struct {
	Border
	x, y, width, height int
}

// drawBorders finds the borders between the panes that are placed.
func (l *Layout) drawBorders() {
	for n, band := range l.Bands {
		for i, a := range band {
			if i+1 < len(band) { // the last column of one pane, and the first of the next
				x := a.X + a.W - 1
				l.borders = append(l.borders, border{Border{l.rightOf(a.Pane), true, x, a.W}, x, a.Y + 1, 2, a.H - 2})
			}
		}
		if n+1 < len(l.Bands) && (n+2 < len(l.Bands) || !l.showsAcross(n+1)) {
			y := band[0].Y + band[0].H - 1
			place := l.window.Places[band[0].Pane]
			l.borders = append(l.borders, border{Border{place, false, y, band[0].H}, 0, y, l.Width, 1})
		}
	}
}

// rightOf is the place whose width the right border of a pane changes: two panes that stand under each other at the left
// have one width.
func (l *Layout) rightOf(pane int) Place {
	place := l.window.Places[pane]
	if place == LowerSide && l.kind == Wide {
		return Side
	}
	return place
}

// showsAcross tells whether a band is the low one under the others, whose height is not set by hand.
func (l *Layout) showsAcross(band int) bool {
	return l.kind != Narrow && l.window.Places[l.Bands[band][0].Pane] == Across
}

// BorderAt finds the border that a cell is on; ok is false when it is on none that can be moved.
func (l *Layout) BorderAt(x, y int) (b Border, ok bool) {
	for _, b := range l.borders {
		if x >= b.x && x < b.x+b.width && y >= b.y && y < b.y+b.height {
			return b.Border, true
		}
	}
	return Border{}, false
}

// Moved is a window in which a border was moved so many cells to the right, or down, from where it was. The others keep
// some room whatever is asked for.
func (l *Layout) Moved(b Border, by int) Window {
	w := l.window
	size := &w.Set[l.kind][b.Place]
	if b.Upright {
		size.Width = max(b.Size+by, 1)
	} else {
		size.Height = max(b.Size+by, 1)
	}
	return w
}

// Reset is a window in which a border is again where the content puts it.
func (l *Layout) Reset(b Border) Window {
	w := l.window
	size := &w.Set[l.kind][b.Place]
	if b.Upright {
		size.Width = 0
	} else {
		size.Height = 0
	}
	return w
}

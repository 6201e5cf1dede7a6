package layout

// Box is where an overlay is, its border included.
type Box struct{ X, Y, W, H int }

// Holds tells whether a cell lies in the box.
func (b Box) Holds(x, y int) bool { return x >= b.X && x < b.X+b.W && y >= b.Y && y < b.Y+b.H }

// Centred is a box in the middle of the deck, no larger than it.
func (l *Layout) Centred(w, h int) Box {
	height := l.Height - l.Strip.H
	w, h = min(w, l.Width), min(h, height-2)
	return Box{(l.Width - w) / 2, max((height-h)/2, 1), w, h}
}

// Large is the box of overlays to read in.
func (l *Layout) Large() Box {
	w, h := l.Width, l.Height-l.Strip.H-2
	if w >= WideWidth {
		w -= 12
	}
	if h >= 30 {
		h -= 4
	}
	return l.Centred(w, h)
}

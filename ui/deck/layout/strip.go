package layout

// Heights of the deck from which on the strip has so many rows inside its border; below the last it is one row without a border.
const (
	wholeStrip, mostOfStrip, leastOfStrip = 36, 28, 20
)

// placeStrip puts the strip above the last row, and returns how high the deck is for all others. A strip with a border has its upper
// one where theirs ends.
func (l *Layout) placeStrip() (rest int) {
	rows := 0
	switch {
	case l.Height >= wholeStrip:
		rows = 5
	case l.Height >= mostOfStrip:
		rows = 4
	case l.Height >= leastOfStrip:
		rows = 3
	}
	if rows == 0 {
		l.Strip = Box{0, l.Height - 2, l.Width, 1}
		return l.Height - 1
	}
	l.Strip = Box{0, l.Height - 1 - rows - 2, l.Width, rows + 2}
	return l.Height - rows - 1
}

// Bordered tells whether the strip has a border.
func (l *Layout) Bordered() bool { return l.Strip.H > 1 }

// StripWithKeys is where the strip lies while it has the keys: with a border at any size.
func (l *Layout) StripWithKeys() Box {
	if l.Bordered() {
		return l.Strip
	}
	return Box{0, l.Height - 1 - 5, l.Width, 5}
}

// Package layout says where panes and overlays are drawn. It is pure: the same size, panes and focus always give the
// same layout. It knows panes by their numbers and their places only.
package layout

// Place is where a pane stands among the others when there is room for all. Where several panes have one place, it shows
// the one that has the focus, else the first.
type Place int

// The places.
const (
	Side      Place = iota // upper left
	Main                   // upper right, the widest
	LowerSide              // lower left
	List                   // lower middle: a list of what Detail shows
	Detail                 // lower right
	Across                 // a low band under the others, only there when a pane wants it
)

// Sizes at which the layout changes.
const (
	leastWidth, leastHeight = 60, 15  // under these: a polite note
	WideWidth, wideHeight   = 110, 20 // from these on: all panes
	tallWidth, tallHeight   = 80, 36  // from these on, when not wide: all panes, stacked
	stackHeight             = 20      // from this on a narrow deck shows two panes
)

// Area is where a pane is drawn, its border included.
type Area struct {
	Pane       int
	X, Y, W, H int
}

// holds tells whether a cell lies in the area.
func (a Area) holds(x, y int) bool { return x >= a.X && x < a.X+a.W && y >= a.Y && y < a.Y+a.H }

// Layout says where everything is; Arrange makes one.
type Layout struct {
	Width, Height int
	TooSmall      bool
	Tabs          bool     // a strip of tabs in row 1
	Bands         [][]Area // from top to bottom; the areas of a band have one height

	places []Place
	focus  int
}

// Arrange lays panes out by their places: a header in the first row, the keys in the last, panes between.
func Arrange(width, height int, places []Place, focus int, zoomed bool) Layout {
	l := Layout{Width: width, Height: height, places: places, focus: focus}
	body := height - 2
	switch {
	case width < leastWidth || height < leastHeight:
		l.TooSmall = true
	case zoomed:
		l.Tabs = true
		l.stack(2, body-1, band{body - 1, []share{{focus, width}}})
	case width >= WideWidth && height >= wideHeight:
		l.wide(body)
	case width >= tallWidth && height >= tallHeight:
		l.tall(body)
	default:
		l.Tabs = true
		l.narrow(body - 1)
	}
	return l
}

// share is a pane with its width; band is a row of them with its height.
type (
	share struct{ pane, width int }
	band  struct {
		height int
		shares []share
	}
)

// none is the pane of a place that no pane wants.
const none = -1

// at is the pane that a place shows.
func (l *Layout) at(place Place) int {
	found := none
	for pane, p := range l.places {
		if p == place && (found == none || pane == l.focus) {
			found = pane
		}
	}
	return found
}

// wide has a narrow column at the left.
func (l *Layout) wide(body int) {
	across := l.across(body)
	rest := body - across
	left := min(max(l.Width*3/10, 34), 48)
	middle := (l.Width - left) * 43 / 100
	top := rest * 55 / 100
	l.stack(1, body,
		band{top, []share{{l.at(Side), left}, {l.at(Main), l.Width - left}}},
		band{rest - top, []share{{l.at(LowerSide), left}, {l.at(List), middle}, {l.at(Detail), l.Width - left - middle}}},
		band{across, []share{{l.at(Across), l.Width}}})
}

// tall has the main pane across the middle.
func (l *Layout) tall(body int) {
	across := l.across(body)
	rest := body - across
	left, top, bottom := l.Width/2, rest*25/100, rest*38/100
	list := l.Width * 45 / 100
	l.stack(1, body,
		band{top, []share{{l.at(Side), left}, {l.at(LowerSide), l.Width - left}}},
		band{rest - top - bottom, []share{{l.at(Main), l.Width}}},
		band{bottom, []share{{l.at(List), list}, {l.at(Detail), l.Width - list}}},
		band{across, []share{{l.at(Across), l.Width}}})
}

// across is how high the band under the others is; 0 when no pane wants it.
func (l *Layout) across(body int) int {
	if l.at(Across) == none {
		return 0
	}
	return min(max(body/5, 4), 8)
}

// Partner is the pane that a narrow deck shows with this one.
func (l *Layout) Partner(pane int) int {
	switch l.places[pane] {
	case Main:
		return l.at(Side)
	case List:
		return l.at(Detail)
	case Detail:
		return l.at(List)
	}
	return l.at(Main)
}

// narrow shows the focused pane with its partner, or alone when the deck is low as well.
func (l *Layout) narrow(body int) {
	first, second := l.focus, l.Partner(l.focus)
	if place := l.places[l.focus]; place == Main || place == Detail {
		first, second = second, first
	}
	half := l.Width * 2 / 5
	top := body * 2 / 5
	switch {
	case l.Height >= stackHeight:
		l.stack(2, body, band{top, []share{{first, l.Width}}}, band{body - top, []share{{second, l.Width}}})
	case l.Width >= WideWidth:
		l.stack(2, body, band{body, []share{{first, half}, {second, l.Width - half}}})
	default:
		l.stack(2, body, band{body, []share{{l.focus, l.Width}}})
	}
}

// stack places bands under each other. What nobody wants goes to the last pane of the band, and to the last band.
func (l *Layout) stack(y, body int, bands ...band) {
	end := y + body
	for _, b := range bands {
		x := 0
		var row []Area
		for _, s := range b.shares {
			if s.pane != none {
				row = append(row, Area{s.pane, x, y, s.width, b.height})
				x += s.width
			}
		}
		if len(row) == 0 {
			continue
		}
		row[len(row)-1].W += l.Width - x
		l.Bands = append(l.Bands, row)
		y += b.height
	}
	if len(l.Bands) > 0 {
		last := l.Bands[len(l.Bands)-1]
		for i := range last {
			last[i].H += end - y
		}
	}
}

// Area finds where a pane is; ok is false when it is not on the screen.
func (l *Layout) Area(pane int) (a Area, ok bool) {
	for _, row := range l.Bands {
		for _, a := range row {
			if a.Pane == pane {
				return a, true
			}
		}
	}
	return Area{}, false
}

// At finds the area that holds a cell.
func (l *Layout) At(x, y int) (a Area, ok bool) {
	for _, row := range l.Bands {
		for _, a := range row {
			if a.holds(x, y) {
				return a, true
			}
		}
	}
	return Area{}, false
}

// Rows tells how many rows a pane shows inside its border; 0 when it is not on the screen.
func (l *Layout) Rows(pane int) int {
	a, ok := l.Area(pane)
	if !ok {
		return 0
	}
	return max(a.H-2, 0)
}

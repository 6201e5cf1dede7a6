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

// places is how many places there are.
const places = Across + 1

// Sizes at which the layout changes.
const (
	leastWidth, leastHeight = 60, 15  // under these: a polite note
	tallWidth, tallHeight   = 80, 32  // from these on: all panes, in three bands
	WideWidth, bandsHeight  = 110, 28 // from these on, too
	wideHeight              = 20      // and from this on as wide: all panes, in two bands
	stackHeight             = 20      // from this on a narrow deck shows two panes
)

// Bounds of what a pane is given, its border included.
const leastPaneWidth, leastPaneHeight = 20, 4

// Area is where a pane is drawn, its border included.
type Area struct {
	Pane       int
	X, Y, W, H int
}

// holds tells whether a cell lies in the area.
func (a Area) holds(x, y int) bool { return x >= a.X && x < a.X+a.W && y >= a.Y && y < a.Y+a.H }

// Size is how much room a pane has use for, or has been given by hand: columns and rows. 0 says nothing.
type Size struct{ Width, Height int }

// Window is what there is to lay out, and how large.
type Window struct {
	Width, Height int
	Places        []Place // of the panes, by their numbers
	Wishes        []Size  // that would show all of a pane, inside its border; may be shorter than Places
	Focus         int
	Zoomed        bool
	Strip         bool // there is a strip under the panes

	// Set is what somebody has made the pane of a place by hand, its border included, in each arrangement. It counts for
	// borders at the right of a pane and under it, as far as the others keep some room.
	Set [arrangements][places]Size
}

// Arrangement is a way to place panes.
type Arrangement int

// The arrangements.
const (
	Tall   Arrangement = iota // three bands
	Wide                      // two bands
	Narrow                    // a pane with its partner, one above the other
	Low                       // likewise, side by side
)

// arrangements is how many there are.
const arrangements = Low + 1

// Layout says where everything is; Arrange makes one.
type Layout struct {
	Width, Height int
	TooSmall      bool
	Tabs          bool     // a strip of tabs in row 1
	Bands         [][]Area // from top to bottom; the areas of a band have one height, and its last row is the next one's first
	Strip         Box      // under them; empty where there is none

	window  Window
	hand    [places]Size // what was set by hand for this arrangement
	kind    Arrangement
	borders []border
}

// Arrange lays panes out by their places: a header in the first row, the keys in the last, panes between. Heights and
// widths follow what the panes wish for, within bounds.
func Arrange(w Window) Layout {
	l := Layout{Width: w.Width, Height: w.Height, window: w}
	height := w.Height
	if w.Width < leastWidth || w.Height < leastHeight {
		l.TooSmall = true
		return l
	}
	if w.Strip {
		height = l.placeStrip()
	}
	body := height - 2
	switch {
	case w.Zoomed:
		l.Tabs = true
		l.stack(2, body-1, band{body - 1, []share{{w.Focus, w.Width}}})
	case w.Width >= tallWidth && height >= tallHeight, w.Width >= WideWidth && height >= bandsHeight:
		l.as(Tall)
		l.tall(body)
	case w.Width >= WideWidth && height >= wideHeight:
		l.as(Wide)
		l.wide(body)
	default:
		l.Tabs = true
		l.narrow(body - 1)
	}
	return l
}

// as takes what was set by hand for an arrangement.
func (l *Layout) as(kind Arrangement) { l.kind, l.hand = kind, l.window.Set[kind] }

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
	for pane, p := range l.window.Places {
		if p == place && (found == none || pane == l.window.Focus) {
			found = pane
		}
	}
	return found
}

// wish is what the pane of a place wishes for with its border; a side that it says nothing about is 0.
func (l *Layout) wish(place Place) (s Size) {
	if pane := l.at(place); pane != none && pane < len(l.window.Wishes) {
		s = l.window.Wishes[pane]
	}
	if s.Width > 0 {
		s.Width += 2
	}
	if s.Height > 0 {
		s.Height += 2
	}
	return s
}

// within is a wish, or the most where there is none, between two bounds.
func within(wish, least, most int) int {
	if wish == 0 {
		wish = most
	}
	return max(min(wish, most), least)
}

// byHand is what somebody has set, or else what the content makes it; as far as that leaves so much to the others.
func byHand(set, content, least, most int) int {
	if set == 0 {
		set = content
	}
	return max(min(set, most), least)
}

// tall has three bands: who is there, what flows, what is true. The first is as high as its lists are long.
func (l *Layout) tall(body int) {
	across := l.across(body)
	rest := body - across + min(across, 1)
	wish := max(l.wish(Side).Height, l.wish(LowerSide).Height)
	top := byHand(l.hand[Side].Height, within(wish, 5, rest*30/100), leastPaneHeight, rest-2*leastPaneHeight+2)
	rest -= top - 1
	wish = max(l.wish(List).Height, l.wish(Detail).Height)
	main := byHand(l.hand[Main].Height, rest+1-within(wish, rest/3, rest*47/100), leastPaneHeight, rest-leastPaneHeight+1)
	left, list := l.sides(), l.list(l.Width)
	l.stack(1, body,
		band{top, []share{{l.at(Side), left}, {l.at(LowerSide), l.Width - left}}},
		band{main, []share{{l.at(Main), l.Width}}},
		band{rest - main + 1, []share{{l.at(List), list}, {l.at(Detail), l.Width - list}}},
		band{across, []share{{l.at(Across), l.Width}}})
}

// sides is how wide the first of two lists is that stand side by side. What both have no use for goes to the second.
func (l *Layout) sides() int {
	first, second := l.wish(Side).Width, l.wish(LowerSide).Width
	content := l.Width / 2
	switch {
	case first == 0 || second == 0:
	case first+second <= l.Width:
		content = first
	default:
		content = l.Width * first / (first + second)
	}
	return byHand(l.hand[Side].Width, within(content, l.Width*2/5, l.Width*3/5), leastPaneWidth, l.Width-leastPaneWidth)
}

// list is how wide the list is beside what it shows, of so many columns.
func (l *Layout) list(width int) int {
	content := within(l.wish(List).Width, width*38/100, width*52/100)
	return byHand(l.hand[List].Width, content, leastPaneWidth, width-leastPaneWidth)
}

// wide has a narrow column at the left.
func (l *Layout) wide(body int) {
	across := l.across(body)
	rest := body - across + min(across, 1)
	wish := max(l.wish(Side).Width, l.wish(LowerSide).Width)
	left := byHand(l.hand[Side].Width, within(wish, 34, max(l.Width*32/100, 34)), leastPaneWidth, l.Width-2*leastPaneWidth)
	top := byHand(l.hand[Side].Height, rest*55/100, leastPaneHeight, rest-leastPaneHeight+1)
	list := l.list(l.Width - left)
	l.stack(1, body,
		band{top, []share{{l.at(Side), left}, {l.at(Main), l.Width - left}}},
		band{rest - top + 1, []share{{l.at(LowerSide), left}, {l.at(List), list}, {l.at(Detail), l.Width - left - list}}},
		band{across, []share{{l.at(Across), l.Width}}})
}

// across is how high the band under the others is; 0 when no pane wants it.
func (l *Layout) across(body int) int {
	if l.at(Across) == none {
		return 0
	}
	return min(max(body/5, leastPaneHeight), 8)
}

// Partner is the pane that a narrow deck shows with this one.
func (l *Layout) Partner(pane int) int {
	switch l.window.Places[pane] {
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
	first, second := l.window.Focus, l.Partner(l.window.Focus)
	if place := l.window.Places[first]; place == Main || place == Detail {
		first, second = second, first
	}
	switch {
	case body+3 >= stackHeight:
		l.as(Narrow)
		top := l.above(body, first)
		l.stack(2, body, band{top, []share{{first, l.Width}}}, band{body - top + 1, []share{{second, l.Width}}})
	case l.Width >= WideWidth:
		l.as(Low)
		half := l.Width * 2 / 5
		if first != none {
			half = byHand(l.hand[l.window.Places[first]].Width, half, leastPaneWidth, l.Width-leastPaneWidth)
		}
		l.stack(2, body, band{body, []share{{first, half}, {second, l.Width - half}}})
	default:
		l.stack(2, body, band{body, []share{{l.window.Focus, l.Width}}})
	}
}

// above is how high the upper of two panes is.
func (l *Layout) above(body, pane int) int {
	if pane == none {
		return 0
	}
	place := l.window.Places[pane]
	most := body * 2 / 5
	if place == List {
		most = body * 11 / 20
	}
	return byHand(l.hand[place].Height, within(l.wish(place).Height, 5, most), leastPaneHeight, body-leastPaneHeight+1)
}

// stack places bands under each other; where two meet they share a row. What nobody wants goes to the last pane of the
// band, and to the last band.
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
		y += b.height - 1
	}
	if len(l.Bands) > 0 {
		last := l.Bands[len(l.Bands)-1]
		for i := range last {
			last[i].H = end - last[i].Y
		}
	}
	l.drawBorders()
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

// At finds the area that holds a cell. The row that two bands share is the lower one's, whose titles stand in it.
func (l *Layout) At(x, y int) (a Area, ok bool) {
	for i := len(l.Bands) - 1; i >= 0; i-- {
		for _, a := range l.Bands[i] {
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

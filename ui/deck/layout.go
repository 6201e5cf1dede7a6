package deck

// paneID numbers the panes in the order of their keys.
type paneID int

// The panes.
const (
	stationsPane paneID = iota
	eventsPane
	consumersPane
	entitiesPane
	statePane
	paneCount
)

// Sizes at which the layout changes.
const (
	leastWidth, leastHeight = 60, 15  // under these: a polite note
	wideWidth, wideHeight   = 110, 20 // from these on: all five panes
	tallWidth, tallHeight   = 80, 36  // from these on, when not wide: all five panes, stacked
	stackHeight             = 20      // from this on a narrow deck shows two panes
)

// area is where a pane is drawn, its border included.
type area struct {
	pane       paneID
	x, y, w, h int
}

// layout says where everything is. It is a pure function of the size, the focus and the zoom; see arrange.
type layout struct {
	width, height int
	tooSmall      bool
	tabs          bool     // a strip of tabs in row 1
	bands         [][]area // from top to bottom; the areas of a band have one height
}

// arrange lays the deck out: a header in the first row, the keys in the last, panes between.
func arrange(width, height int, focus paneID, zoomed bool) layout {
	l := layout{width: width, height: height}
	body := height - 2
	switch {
	case width < leastWidth || height < leastHeight:
		l.tooSmall = true
	case zoomed:
		l.tabs = true
		l.stack(2, band{body - 1, []share{{focus, width}}})
	case width >= wideWidth && height >= wideHeight:
		l.wide(body)
	case width >= tallWidth && height >= tallHeight:
		l.tall(body)
	default:
		l.tabs = true
		l.narrow(body-1, focus)
	}
	return l
}

// share is a pane with its width; band is a row of them with its height.
type (
	share struct {
		pane  paneID
		width int
	}
	band struct {
		height int
		shares []share
	}
)

// wide has stations and consumers at the left, under each other.
func (l *layout) wide(body int) {
	left := min(max(l.width*3/10, 34), 48)
	middle := (l.width - left) * 43 / 100
	top := body * 55 / 100
	l.stack(1,
		band{top, []share{{stationsPane, left}, {eventsPane, l.width - left}}},
		band{body - top, []share{{consumersPane, left}, {entitiesPane, middle}, {statePane, l.width - left - middle}}})
}

// tall has the events across the middle.
func (l *layout) tall(body int) {
	left, top, bottom := l.width/2, body*25/100, body*38/100
	entities := l.width * 45 / 100
	l.stack(1,
		band{top, []share{{stationsPane, left}, {consumersPane, l.width - left}}},
		band{body - top - bottom, []share{{eventsPane, l.width}}},
		band{bottom, []share{{entitiesPane, entities}, {statePane, l.width - entities}}})
}

// narrow shows the focused pane with the one that goes with it, or alone when the deck is low as well.
func (l *layout) narrow(body int, focus paneID) {
	first, second := focus, eventsPane
	switch focus {
	case eventsPane:
		first = stationsPane
	case entitiesPane, statePane:
		first, second = entitiesPane, statePane
	}
	half := l.width * 2 / 5
	top := body * 2 / 5
	switch {
	case l.height >= stackHeight:
		l.stack(2, band{top, []share{{first, l.width}}}, band{body - top, []share{{second, l.width}}})
	case l.width >= wideWidth:
		l.stack(2, band{body, []share{{first, half}, {second, l.width - half}}})
	default:
		l.stack(2, band{body, []share{{focus, l.width}}})
	}
}

// stack places bands under each other.
func (l *layout) stack(y int, bands ...band) {
	for _, b := range bands {
		x := 0
		var row []area
		for _, s := range b.shares {
			row = append(row, area{s.pane, x, y, s.width, b.height})
			x += s.width
		}
		l.bands = append(l.bands, row)
		y += b.height
	}
}

// area finds where a pane is; ok is false when it is not on the screen.
func (l *layout) area(pane paneID) (a area, ok bool) {
	for _, row := range l.bands {
		for _, a := range row {
			if a.pane == pane {
				return a, true
			}
		}
	}
	return area{}, false
}

// at finds the area that holds a cell.
func (l *layout) at(x, y int) (a area, ok bool) {
	for _, row := range l.bands {
		for _, a := range row {
			if x >= a.x && x < a.x+a.w && y >= a.y && y < a.y+a.h {
				return a, true
			}
		}
	}
	return area{}, false
}

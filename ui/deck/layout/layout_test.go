package layout

import (
	"strings"
	"testing"
)

// picture draws a layout a tenth as wide and half as high as it is: a letter where each pane is.
func picture(l Layout) string {
	if l.TooSmall {
		return "too small\n"
	}
	var out strings.Builder
	for y := 0; y < l.Height; y += 2 {
		for x := 0; x < l.Width; x += 10 {
			c := byte('.')
			if a, ok := l.At(x, y); ok {
				c = "SECNTL"[a.Pane]
			}
			out.WriteByte(c)
		}
		out.WriteByte('\n')
	}
	return out.String()
}

// five are the places of the deck's panes; six has one more.
var (
	five = []Place{Side, Main, LowerSide, List, Detail}
	six  = append(five[:5:5], Across)
)

// The panes of the pictures by their numbers.
const (
	stationsPane = iota
	eventsPane
	consumersPane
	entitiesPane
	statePane
	timelinePane
)

// byHandSet is what somebody has made of the stations, the events and the entities.
var byHandSet = [places]Size{Side: {80, 10}, Main: {0, 9}, List: {30, 0}}

// S stations, E events, C consumers, N entities, T state, L a sixth pane that lies across; the first row is the header.
func TestArrangePictures(t *testing.T) {
	var none [places]Size
	tests := []struct {
		name          string
		width, height int
		focus         int
		zoomed        bool
		wishes        []Size
		set           [places]Size
		want          string
	}{
		{"wide: five panes", 120, 24, eventsPane, false, nil, none, `
............
SSSSEEEEEEEE
SSSSEEEEEEEE
SSSSEEEEEEEE
SSSSEEEEEEEE
SSSSEEEEEEEE
CCCCNNNNTTTT
CCCCNNNNTTTT
CCCCNNNNTTTT
CCCCNNNNTTTT
CCCCNNNNTTTT
CCCCNNNNTTTT
`},
		{"tall: five panes, stacked", 90, 36, eventsPane, false, nil, none, `
.........
SSSSSCCCC
SSSSSCCCC
SSSSSCCCC
SSSSSCCCC
EEEEEEEEE
EEEEEEEEE
EEEEEEEEE
EEEEEEEEE
EEEEEEEEE
EEEEEEEEE
EEEEEEEEE
NNNNNTTTT
NNNNNTTTT
NNNNNTTTT
NNNNNTTTT
NNNNNTTTT
NNNNNTTTT
`},
		{"tall: the lists are short", 120, 36, eventsPane, false, []Size{{30, 3}, {}, {70, 4}, {50, 20}, {60, 5}}, none, `
............
SSSSSCCCCCCC
SSSSSCCCCCCC
EEEEEEEEEEEE
EEEEEEEEEEEE
EEEEEEEEEEEE
EEEEEEEEEEEE
EEEEEEEEEEEE
EEEEEEEEEEEE
EEEEEEEEEEEE
EEEEEEEEEEEE
NNNNNNTTTTTT
NNNNNNTTTTTT
NNNNNNTTTTTT
NNNNNNTTTTTT
NNNNNNTTTTTT
NNNNNNTTTTTT
NNNNNNTTTTTT
`},
		{"tall: borders set by hand", 120, 36, eventsPane, false, []Size{{30, 3}, {}, {70, 4}, {50, 20}, {60, 5}}, byHandSet, `
............
SSSSSSSSCCCC
SSSSSSSSCCCC
SSSSSSSSCCCC
SSSSSSSSCCCC
EEEEEEEEEEEE
EEEEEEEEEEEE
EEEEEEEEEEEE
EEEEEEEEEEEE
NNNTTTTTTTTT
NNNTTTTTTTTT
NNNTTTTTTTTT
NNNTTTTTTTTT
NNNTTTTTTTTT
NNNTTTTTTTTT
NNNTTTTTTTTT
NNNTTTTTTTTT
NNNTTTTTTTTT
`},
		{"narrow: stations with events", 80, 24, eventsPane, false, nil, none, `
........
SSSSSSSS
SSSSSSSS
SSSSSSSS
SSSSSSSS
EEEEEEEE
EEEEEEEE
EEEEEEEE
EEEEEEEE
EEEEEEEE
EEEEEEEE
EEEEEEEE
`},
		{"narrow: entities with the state", 80, 24, statePane, false, nil, none, `
........
NNNNNNNN
NNNNNNNN
NNNNNNNN
NNNNNNNN
NNNNNNNN
TTTTTTTT
TTTTTTTT
TTTTTTTT
TTTTTTTT
TTTTTTTT
TTTTTTTT
`},
		{"low: the focused pane alone", 80, 16, consumersPane, false, nil, none, `
........
CCCCCCCC
CCCCCCCC
CCCCCCCC
CCCCCCCC
CCCCCCCC
CCCCCCCC
CCCCCCCC
`},
		{"low and wide: two side by side", 140, 16, entitiesPane, false, nil, none, `
..............
NNNNNNTTTTTTTT
NNNNNNTTTTTTTT
NNNNNNTTTTTTTT
NNNNNNTTTTTTTT
NNNNNNTTTTTTTT
NNNNNNTTTTTTTT
NNNNNNTTTTTTTT
`},
		{"zoomed", 120, 16, stationsPane, true, nil, none, `
............
SSSSSSSSSSSS
SSSSSSSSSSSS
SSSSSSSSSSSS
SSSSSSSSSSSS
SSSSSSSSSSSS
SSSSSSSSSSSS
SSSSSSSSSSSS
`},
		{"wide: six panes", 120, 24, timelinePane, false, nil, none, `
............
SSSSEEEEEEEE
SSSSEEEEEEEE
SSSSEEEEEEEE
SSSSEEEEEEEE
CCCCNNNNTTTT
CCCCNNNNTTTT
CCCCNNNNTTTT
CCCCNNNNTTTT
CCCCNNNNTTTT
LLLLLLLLLLLL
LLLLLLLLLLLL
`},
		{"narrow: the sixth with events", 80, 24, timelinePane, false, nil, none, `
........
LLLLLLLL
LLLLLLLL
LLLLLLLL
LLLLLLLL
EEEEEEEE
EEEEEEEE
EEEEEEEE
EEEEEEEE
EEEEEEEE
EEEEEEEE
EEEEEEEE
`},
		{"too narrow", 59, 40, eventsPane, false, nil, none, "\ntoo small\n"},
		{"too low", 200, 14, eventsPane, false, nil, none, "\ntoo small\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := picture(Arrange(Window{Width: test.width, Height: test.height, Places: placesFor(test.focus), Wishes: test.wishes,
				Focus: test.focus, Zoomed: test.zoomed, Set: [arrangements][places]Size{test.set, test.set, test.set, test.set}}))
			if want := strings.TrimPrefix(test.want, "\n"); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// placesFor are those of six panes when the sixth has the focus, else of five.
func placesFor(focus int) []Place {
	if focus == timelinePane {
		return six
	}
	return five
}

// Every size, and every choice of places, gives panes that lie side by side without a gap, and fill what header, tabs
// and footer leave.
func TestArrangeFillsTheWindow(t *testing.T) {
	for _, all := range [][]Place{five, six, {Main}, {Side, Main, Detail}, {Main, Main, List, Across}} {
		for width := leastWidth; width <= 240; width += 3 {
			for height := leastHeight; height <= 80; height++ {
				for focus := range all {
					l := Arrange(window(width, height, all, focus))
					fills(t, l, focus)
				}
			}
		}
	}
}

// window has wishes and sizes set by hand of all kinds, far too large ones among them.
func window(width, height int, all []Place, focus int) Window {
	w := Window{Width: width, Height: height, Places: all, Focus: focus, Zoomed: (width+height)%5 == 0}
	for i := range all {
		w.Wishes = append(w.Wishes, Size{(width*7 + i*31) % 90, (height*5 + i*17) % 70})
		if height%3 == 0 {
			for kind := range w.Set {
				w.Set[kind][all[i]] = Size{(width*13 + i*41) % 300, (height*11 + i*23) % 100}
			}
		}
	}
	return w
}

func fills(t *testing.T, l Layout, focus int) {
	t.Helper()
	y := 1
	if l.Tabs {
		y = 2
	}
	for _, band := range l.Bands {
		x := 0
		for _, a := range band {
			if a.X != x || a.Y != y || a.H != band[0].H || a.W < 20 || a.H < 4 {
				t.Fatalf("%d×%d focus %d of %v: pane %d is at %+v, want x %d y %d", l.Width, l.Height, focus, l.window.Places, a.Pane, a, x, y)
			}
			x += a.W
		}
		if x != l.Width {
			t.Fatalf("%d×%d focus %d of %v: a band is %d wide", l.Width, l.Height, focus, l.window.Places, x)
		}
		y += band[0].H - 1
	}
	if y != l.Height-2 {
		t.Fatalf("%d×%d focus %d of %v: panes end in row %d", l.Width, l.Height, focus, l.window.Places, y)
	}
	if _, ok := l.Area(focus); !ok {
		t.Fatalf("%d×%d of %v: the focused pane %d is not shown", l.Width, l.Height, l.window.Places, focus)
	}
}

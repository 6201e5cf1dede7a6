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

// S stations, E events, C consumers, N entities, T state, L a sixth pane that lies across; the first row is the header.
func TestArrangePictures(t *testing.T) {
	tests := []struct {
		name          string
		width, height int
		focus         int
		zoomed        bool
		want          string
	}{
		{"wide: five panes", 120, 24, eventsPane, false, `
............
SSSSEEEEEEEE
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
`},
		{"tall: five panes, stacked", 90, 36, eventsPane, false, `
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
NNNNTTTTT
NNNNTTTTT
NNNNTTTTT
NNNNTTTTT
NNNNTTTTT
NNNNTTTTT
`},
		{"narrow: stations with events", 80, 24, eventsPane, false, `
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
		{"narrow: entities with the state", 80, 24, statePane, false, `
........
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
TTTTTTTT
`},
		{"low: the focused pane alone", 80, 16, consumersPane, false, `
........
CCCCCCCC
CCCCCCCC
CCCCCCCC
CCCCCCCC
CCCCCCCC
CCCCCCCC
CCCCCCCC
`},
		{"low and wide: two side by side", 140, 16, entitiesPane, false, `
..............
NNNNNNTTTTTTTT
NNNNNNTTTTTTTT
NNNNNNTTTTTTTT
NNNNNNTTTTTTTT
NNNNNNTTTTTTTT
NNNNNNTTTTTTTT
NNNNNNTTTTTTTT
`},
		{"zoomed", 120, 16, stationsPane, true, `
............
SSSSSSSSSSSS
SSSSSSSSSSSS
SSSSSSSSSSSS
SSSSSSSSSSSS
SSSSSSSSSSSS
SSSSSSSSSSSS
SSSSSSSSSSSS
`},
		{"wide: six panes", 120, 24, timelinePane, false, `
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
		{"narrow: the sixth with events", 80, 24, timelinePane, false, `
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
		{"too narrow", 59, 40, eventsPane, false, "\ntoo small\n"},
		{"too low", 200, 14, eventsPane, false, "\ntoo small\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := picture(Arrange(test.width, test.height, places(test.focus), test.focus, test.zoomed))
			if want := strings.TrimPrefix(test.want, "\n"); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// places are those of six panes when the sixth has the focus, else of five.
func places(focus int) []Place {
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
					l := Arrange(width, height, all, focus, (width+height)%5 == 0)
					fills(t, l, focus)
				}
			}
		}
	}
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
				t.Fatalf("%d×%d focus %d of %v: pane %d is at %+v, want x %d y %d", l.Width, l.Height, focus, l.places, a.Pane, a, x, y)
			}
			x += a.W
		}
		if x != l.Width {
			t.Fatalf("%d×%d focus %d of %v: a band is %d wide", l.Width, l.Height, focus, l.places, x)
		}
		y += band[0].H
	}
	if y != l.Height-1 {
		t.Fatalf("%d×%d focus %d of %v: panes end in row %d", l.Width, l.Height, focus, l.places, y)
	}
	if _, ok := l.Area(focus); !ok {
		t.Fatalf("%d×%d of %v: the focused pane %d is not shown", l.Width, l.Height, l.places, focus)
	}
}

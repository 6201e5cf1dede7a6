package deck

import (
	"strings"
	"testing"
)

// picture draws a layout a tenth as wide and half as high as it is: a letter where each pane is.
func picture(l layout) string {
	if l.tooSmall {
		return "too small\n"
	}
	var out strings.Builder
	for y := 0; y < l.height; y += 2 {
		for x := 0; x < l.width; x += 10 {
			c := byte('.')
			if a, ok := l.at(x, y); ok {
				c = "SECNT"[a.pane]
			}
			out.WriteByte(c)
		}
		out.WriteByte('\n')
	}
	return out.String()
}

// S stations, E events, C consumers, N entities, T state; the first row is the header.
func TestArrangePictures(t *testing.T) {
	tests := []struct {
		name          string
		width, height int
		focus         paneID
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
		{"too narrow", 59, 40, eventsPane, false, "\ntoo small\n"},
		{"too low", 200, 14, eventsPane, false, "\ntoo small\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := picture(arrange(test.width, test.height, test.focus, test.zoomed))
			if want := strings.TrimPrefix(test.want, "\n"); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// TestArrangeFillsTheWindow holds for every size: panes lie side by side without a gap, and fill what header, tabs and
// footer leave.
func TestArrangeFillsTheWindow(t *testing.T) {
	for width := leastWidth; width <= 240; width += 3 {
		for height := leastHeight; height <= 80; height++ {
			for focus := range paneCount {
				l := arrange(width, height, focus, (width+height)%5 == 0)
				y := 1
				if l.tabs {
					y = 2
				}
				for _, band := range l.bands {
					x := 0
					for _, a := range band {
						if a.x != x || a.y != y || a.h != band[0].h || a.w < 20 || a.h < 4 {
							t.Fatalf("%d×%d focus %d: pane %d is at %+v, want x %d y %d", width, height, focus, a.pane, a, x, y)
						}
						x += a.w
					}
					if x != width {
						t.Fatalf("%d×%d focus %d: a band is %d wide", width, height, focus, x)
					}
					y += band[0].h
				}
				if y != height-1 {
					t.Fatalf("%d×%d focus %d: panes end in row %d", width, height, focus, y)
				}
				if _, ok := l.area(focus); !ok {
					t.Fatalf("%d×%d: the focused pane %d is not shown", width, height, focus)
				}
			}
		}
	}
}

package layout

import "testing"

// Each border follows what is asked of it as far as the panes beside it keep some room, stays where it was put, and goes back.
func TestBordersMove(t *testing.T) {
	for _, size := range [][2]int{{200, 60}, {120, 36}, {140, 24}, {80, 24}, {140, 16}} {
		l := Arrange(Window{Width: size[0], Height: size[1], Places: five, Focus: eventsPane})
		found := 0
		for _, b := range l.borders {
			got, ok := l.BorderAt(b.x, b.y)
			if !ok || got != b.Border {
				t.Errorf("%v: at %d,%d there is %+v, want %+v", size, b.x, b.y, got, b.Border)
			}
			for _, by := range []int{-1, 1} {
				moved := Arrange(l.Moved(b.Border, by))
				if !stands(&moved, b.Border, by) {
					t.Errorf("%v: %+v moved by %d is not there: %+v", size, b.Border, by, moved.borders)
				}
				again := Arrange(moved.Reset(b.Border))
				if !stands(&again, b.Border, 0) {
					t.Errorf("%v: %+v is not back", size, b.Border)
				}
			}
			for _, by := range []int{-500, 500} {
				moved := Arrange(l.Moved(b.Border, by))
				fills(t, moved, eventsPane)
				for _, band := range moved.Bands {
					for _, a := range band {
						if a.H < leastPaneHeight || a.W < leastPaneWidth {
							t.Errorf("%v: %+v moved by %d leaves %+v", size, b.Border, by, a)
						}
					}
				}
			}
			found++
		}
		if found == 0 {
			t.Errorf("%v: no border can be moved", size)
		}
		if _, ok := l.BorderAt(5, l.Bands[0][0].Y+1); ok {
			t.Errorf("%v: there is a border inside a pane", size)
		}
	}
}

// stands tells whether a border is there, so many cells from where it was.
func stands(l *Layout, b Border, by int) bool {
	for _, x := range l.borders {
		if x.Place == b.Place && x.Upright == b.Upright && x.At == b.At+by && x.Size == b.Size+by {
			return true
		}
	}
	return false
}

// What was set by hand in one arrangement is kept while the window is another, or a pane is shown alone, and says nothing there.
func TestBordersAreKept(t *testing.T) {
	w := Window{Width: 120, Height: 36, Places: five, Focus: eventsPane}
	l := Arrange(w)
	upright, ok := l.BorderAt(l.Bands[0][0].W, l.Bands[0][0].Y+1)
	if !ok {
		t.Fatal("there is no border between the stations and the consumers")
	}
	w = l.Moved(upright, -7)
	moved := Arrange(w)
	w.Zoomed = true
	zoomed := Arrange(w)
	w.Zoomed, w.Width, w.Height = false, 80, 24
	small := Arrange(w)
	plain := Arrange(Window{Width: 80, Height: 24, Places: five, Focus: eventsPane})
	if small.Bands[0][0] != plain.Bands[0][0] {
		t.Errorf("80×24 is %+v, want %+v: nothing was set there", small.Bands, plain.Bands)
	}
	back := zoomed.window
	back.Zoomed = false
	if got := Arrange(back); got.Bands[0][0] != moved.Bands[0][0] {
		t.Errorf("after the zoom the stations are %+v, want %+v", got.Bands[0][0], moved.Bands[0][0])
	}
}

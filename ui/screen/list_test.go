package screen

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// What is chosen stays chosen when rows come and go, and is always on the screen.
func TestListKeepsItsRow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l List
		rows := []string{}
		key := func(i int) string { return rows[i] }
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			chosen := ""
			if l.At < len(rows) {
				chosen = rows[l.At]
			}
			rows = rapid.SliceOfNDistinct(rapid.StringMatching("[a-j]"), 0, 10, rapid.ID).Draw(t, "rows")
			l.Restore(len(rows), key)
			if len(rows) == 0 {
				continue
			}
			if at := slices.Index(rows, chosen); chosen != "" && at >= 0 && l.At != at {
				t.Fatalf("%q was chosen and is row %d of %v; now row %d is", chosen, at, rows, l.At)
			}
			l.Move(rapid.SampledFrom([]int{-1, 1, 3, ToHome, ToEnd}).Draw(t, "by"), len(rows), key)
			height := rapid.IntRange(1, 12).Draw(t, "height")
			from, to := l.Scroll(len(rows), height)
			switch {
			case l.At < from || l.At >= to:
				t.Fatalf("row %d is chosen, rows %d to %d are seen", l.At, from, to)
			case to-from != min(height, len(rows)):
				t.Fatalf("%d rows are seen of %d, there is room for %d", to-from, len(rows), height)
			case l.Key != rows[l.At]:
				t.Fatalf("the key is %q, the row %q", l.Key, rows[l.At])
			}
		}
	})
}

func TestRowCacheForgetsAnotherLook(t *testing.T) {
	var c RowCache[int]
	drawn := 0
	draw := func() string { drawn++; return "row" }
	for range 3 {
		c.SetLook("wide")
		c.Row(1, draw)
	}
	if drawn != 1 {
		t.Errorf("a row was drawn %d times under one look", drawn)
	}
	c.SetLook("narrow")
	c.Row(1, draw)
	if drawn != 2 {
		t.Error("a row of another look was shown")
	}
	for i := range 2 * mostRows {
		c.SetLook("narrow")
		c.Row(i, draw)
	}
	if len(c.rows) > mostRows {
		t.Errorf("%d rows are kept, %d may be", len(c.rows), mostRows)
	}
}

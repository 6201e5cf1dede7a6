package screen

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFitGivesRoomByImportance(t *testing.T) {
	columns := []Column{{Want: 27, Least: 9}, {Want: 12, Least: 10}, {Want: 0, Least: 4}, {Want: 10, Least: 5}}
	for width, want := range map[int][]int{
		80: {27, 12, 0, 10}, 40: {25, 10, 0, 5}, 24: {9, 10, 0, 5}, 23: {13, 10, 0, 0}, 15: {10, 0, 0, 5}, 8: {0, 0, 0, 8}, 0: {0, 0, 0, 0},
	} {
		if got := Fit(width, columns...); !slices.Equal(got, want) {
			t.Errorf("%d cells are given as %v, want %v", width, got, want)
		}
	}
}

func TestFitNeverGivesTooMuchNorTooLittle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(0, 200).Draw(t, "width")
		columns := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Column {
			return Column{rapid.IntRange(0, 60).Draw(t, "want"), rapid.IntRange(1, 20).Draw(t, "least")}
		}), 1, 8).Draw(t, "columns")
		sum := 0
		for i, got := range Fit(width, columns...) {
			c := columns[i]
			if sum += got; got > c.Want || got != 0 && got < min(c.Least, c.Want) {
				t.Fatalf("column %d of %v has %d cells of %d", i, columns, got, width)
			}
		}
		if sum > width {
			t.Fatalf("%v take %d cells of %d", columns, sum, width)
		}
	})
}

// One long label does not push the texts of all others to the right.
func TestALongLabelStandsAlone(t *testing.T) {
	var facts Text
	facts.Add(FactLine, "time", "12:00")
	facts.Add(FactLine, "ballots.01M7…PWFB3.ratings.01M7…RWP4F", "3")
	facts.Wrap(60)
	for i, want := range []string{" time  12:00", " ballots.01M7…PWFB3.ratings.…  3"} {
		if got := strings.TrimRight(facts.DrawLine(PlainTheme, facts.Lines[i], 60), " "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestTotalsFlowIntoRows(t *testing.T) {
	var totals Flow
	for _, text := range []string{"12 rejected", "3 partial", "1,204 completed", "80 ready", "2 opened"} {
		totals.Add("", text)
	}
	for _, test := range []struct {
		width, most int
		want        []string
	}{
		{80, 3, []string{" 12 rejected · 3 partial · 1,204 completed · 80 ready · 2 opened"}},
		{34, 3, []string{" 12 rejected · 3 partial", " 1,204 completed · 80 ready", " 2 opened"}},
		{34, 2, []string{" 12 rejected · 3 partial", " 1,204 completed · 80 ready …"}},
	} {
		rows := totals.Lines(PlainTheme, test.width, test.most)
		for i := range rows {
			if Cells(rows[i]) != test.width {
				t.Errorf("%q is not %d cells wide", rows[i], test.width)
			}
			rows[i] = strings.TrimRight(rows[i], " ")
		}
		if !slices.Equal(rows, test.want) {
			t.Errorf("%d cells, %d rows: %q, want %q", test.width, test.most, rows, test.want)
		}
	}
}

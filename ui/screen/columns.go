package screen

// Column is how much room a column of a list has use for, the gap behind it included.
type Column struct {
	Want  int // cells that show all of it; 0 leaves it out
	Least int // with fewer it would say nothing: it is left out whole
}

// Fit gives columns, the most important first, their widths of so many cells: each its least, as long as there is room,
// and what is left to each in turn, up to what it wants. A width of 0 leaves a column out.
func Fit(width int, columns ...Column) []int {
	widths := make([]int, len(columns))
	for i, c := range columns {
		if least := min(c.Least, c.Want); least <= width {
			widths[i] = least
			width -= least
		}
	}
	for i, c := range columns {
		if more := min(c.Want-widths[i], width); widths[i] > 0 && more > 0 {
			widths[i] += more
			width -= more
		}
	}
	return widths
}

package screen

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Cells is how many cells of the terminal clean text takes.
func Cells(text string) int {
	for i := 0; i < len(text); i++ {
		if text[i] > '~' {
			return ansi.StringWidth(text)
		}
	}
	return len(text)
}

// Cut shortens clean text to at most so many cells; what is missing shows as an ellipsis.
func Cut(text string, width int) string {
	if len(text) <= width || Cells(text) <= width { // no rune takes more cells than bytes
		return text
	}
	if width <= 0 {
		return ""
	}
	return ansi.Truncate(text, width, "…")
}

// CutMiddle shortens a name to at most so many cells and keeps both its ends, which tell names apart.
func CutMiddle(name string, width int) string {
	if width < 8 {
		return Cut(name, width)
	}
	return cutEnds(name, width, (width-1)/2)
}

// CutID shortens an identifier to at most so many cells. Its end is what tells it from others of the same minute.
func CutID(id string, width int) string {
	if width < 10 {
		return cutEnds(id, width, width-1)
	}
	return cutEnds(id, width, max(width/2, width-7))
}

// cutEnds shortens a text to so many cells and keeps so many of them for its end.
func cutEnds(text string, width, tail int) string {
	if width <= 1 || Cells(text) <= width {
		return Cut(text, width)
	}
	return ansi.Truncate(text, width-1-tail, "") + "…" + lastCells(text, tail)
}

// FirstCells is the longest beginning of clean text that takes at most so many cells, and at least one cluster of it.
func FirstCells(text string, width int) string {
	taken := 0
	for i := 0; i < len(text); {
		n, w := 1, 1
		if text[i] > '~' {
			cluster, wide := ansi.FirstGraphemeCluster(text[i:], ansi.GraphemeWidth)
			n, w = len(cluster), wide
		}
		if taken += w; taken > width && i > 0 {
			return text[:i]
		}
		i += n
	}
	return text
}

// lastCells is the end of clean text that takes at most so many cells.
func lastCells(text string, width int) string {
	if excess := Cells(text) - max(width, 0); excess > 0 {
		text = text[len(FirstCells(text, excess)):]
	}
	for Cells(text) > max(width, 0) {
		text = text[len(FirstCells(text, 1)):]
	}
	return text
}

// Slice is the cells of a plain text from (inclusive) to (exclusive); halves of wide letters become blanks.
func Slice(text string, from, to int) string {
	start, at := -1, 0
	for i, r := range text {
		if at == from && start < 0 {
			start = i
		}
		if at == to && start >= 0 {
			return text[start:i]
		}
		if !narrow(r) {
			return sliceWide(text, from, to)
		}
		at++
	}
	if start < 0 {
		return ""
	}
	return text[start:]
}

// narrow tells whether a rune is one of the usual ones that take one cell; the others have to be measured.
func narrow(r rune) bool {
	return r < 0x300 || r >= 0x2010 && r < 0x2300 || r >= 0x2400 && r < 0x25fd || r == '✗' || r == '✓'
}

func sliceWide(text string, from, to int) string {
	var out strings.Builder
	for at := 0; text != "" && at < to; {
		cluster, width := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
		text = text[len(cluster):]
		switch end := at + width; {
		case at >= from && end <= to:
			out.WriteString(cluster)
		case end > from:
			out.WriteString(strings.Repeat(" ", min(end, to)-max(at, from)))
		}
		at += width
	}
	return out.String()
}

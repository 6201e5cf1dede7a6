package deck

import "strings"

// wrapped breaks a sentence into lines of at most so many cells, at blanks where there are any.
func wrapped(text string, width int) []string {
	width = max(width, 1)
	var lines []string
	now := ""
	for _, word := range strings.Fields(text) {
		for cells(word) > width {
			if now != "" {
				lines, now = append(lines, now), ""
			}
			head := firstCells(word, width)
			lines, word = append(lines, head), word[len(head):]
		}
		switch {
		case now == "":
			now = word
		case cells(now)+1+cells(word) <= width:
			now += " " + word
		default:
			lines, now = append(lines, now), word
		}
	}
	if now != "" {
		lines = append(lines, now)
	}
	return lines
}

// says is a sentence instead of rows, wrapped to the width.
func says(t *theme, width int, sentences ...string) []string {
	var lines []string
	for _, sentence := range sentences {
		for _, part := range wrapped(sentence, width-4) {
			l := newLine(width, "")
			l.gap(2)
			l.put(t.dim, part)
			lines = append(lines, l.String())
		}
	}
	return lines
}

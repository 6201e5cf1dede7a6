package screen

import "strings"

// Wrap breaks a sentence into lines of at most so many cells, at blanks where there are any.
func Wrap(text string, width int) []string {
	width = max(width, 1)
	var lines []string
	now := ""
	for _, word := range strings.Fields(text) {
		for Cells(word) > width {
			if now != "" {
				lines, now = append(lines, now), ""
			}
			head := FirstCells(word, width)
			lines, word = append(lines, head), word[len(head):]
		}
		switch {
		case now == "":
			now = word
		case Cells(now)+1+Cells(word) <= width:
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

// CutWords shortens clean text to at most so many cells at a blank, where there is one in its second half; what is missing
// shows as an ellipsis.
func CutWords(text string, width int) string {
	cut := Cut(text, width)
	if len(cut) == len(text) && cut == text {
		return text
	}
	if at := strings.LastIndexByte(cut, ' '); at > len(cut)/2 {
		return strings.TrimRight(cut[:at], " ,;:") + " …"
	}
	return cut
}

// CutParts shortens clean text, whose parts stand between " · ", to at most so many cells. Of a part that is cut at least
// leastPart cells stay; with fewer it would say nothing, and the cut is behind the part before it. What is missing shows as
// an ellipsis.
func CutParts(text string, width int) string {
	cut := Cut(text, width)
	if at := strings.LastIndex(cut, " ·"); cut != text && at > 0 && Cells(cut[at:]) < leastPart+len(" · ") {
		if whole := text[:at] + " …"; Cells(whole) <= width {
			return whole
		}
	}
	return cut
}

const leastPart = 8

// Note draws sentences in the place of rows, wrapped to the width.
func Note(t *Theme, width int, sentences ...string) []string {
	var lines []string
	for _, sentence := range sentences {
		for _, part := range Wrap(sentence, width-4) {
			l := NewLine(width, "")
			l.Gap(2)
			l.Put(t.Dim, part)
			lines = append(lines, l.String())
		}
	}
	return lines
}

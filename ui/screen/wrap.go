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

// CutParts shortens clean text, whose parts stand between " · ", to at most so many cells: behind a part, where one ends in
// its second half. What is missing shows as an ellipsis.
func CutParts(text string, width int) string {
	cut := Cut(text, width)
	if cut == text {
		return text
	}
	for at := min(len(cut), len(text)); ; { // an ellipsis has more bytes than what it stands for
		if at = strings.LastIndex(text[:at], " · "); at < len(cut)/2 {
			return cut
		}
		if whole := text[:at] + " …"; Cells(whole) <= width {
			return whole
		}
	}
}

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

package deck

// newRow starts a row of a list with its mark, ▌ when it is the chosen one.
func newRow(t *theme, width int, chosen, focused bool) *line {
	under, mark := style(""), " "
	if chosen {
		under, mark = t.chosen, "▌"
		if focused {
			under = t.chosenOn
		}
	}
	l := newLine(width, under)
	l.put(t.accent, mark)
	return l
}

// rule is a heading within a pane.
func rule(t *theme, width int, title string) string {
	l := newLine(width, "")
	l.put(t.faint, "─ ")
	l.put(t.dim, title+" ")
	l.rule(t.faint, 0)
	return l.String()
}

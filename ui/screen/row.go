package screen

// NewRow starts a row of a list with its mark, ▌ when it is the chosen one.
func NewRow(t *Theme, width int, chosen, focused bool) *Line {
	under, mark := Style(""), " "
	if chosen {
		under, mark = t.Chosen, "▌"
		if focused {
			under = t.ChosenOn
		}
	}
	l := NewLine(width, under)
	l.Put(t.Accent, mark)
	return l
}

// Heading is a heading within a pane.
func Heading(t *Theme, width int, title string) string {
	l := NewLine(width, "")
	l.Put(t.Faint, "─ ")
	l.Put(t.Dim, title+" ")
	l.Rule(t.Faint, 0)
	return l.String()
}

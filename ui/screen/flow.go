package screen

// Flow is short texts in a row, with dots between them; where the row ends they go on in the next.
type Flow struct{ parts []Chip }

// Add adds a clean text.
func (f *Flow) Add(k Style, text string) { f.parts = append(f.parts, Chip{Style: k, Text: text}) }

// Lines draws them in at most so many rows. What there is no room for shows as an ellipsis.
func (f *Flow) Lines(t *Theme, width, most int) []string {
	const between = " · "
	l := NewLine(width, "")
	l.Gap(1)
	var rows []string
	for i, p := range f.parts {
		if i > 0 && Cells(p.Text)+Cells(between)+1 > l.left {
			if len(rows)+1 >= most {
				l.Put(t.Faint, " …")
				break
			}
			rows, l = append(rows, l.String()), NewLine(width, "")
			l.Gap(1)
		} else if i > 0 {
			l.Put(t.Faint, between)
		}
		l.Put(p.Style, p.Text)
	}
	return append(rows, l.String())
}

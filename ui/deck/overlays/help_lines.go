package overlays

import (
	"slices"
	"strings"

	"signalbox/ui/screen"
)

// helpLine is a line of the help: a heading, or a part of what a key does.
type helpLine struct {
	head  bool
	names string
	text  string
	label int // how wide the names are
}

// widestNames is how many cells the names of a key take at most; more of them stand below.
const widestNames = 16

func (x helpLine) put(l *screen.Line, t *screen.Theme, width int) {
	if x.head {
		l.Put(t.Accent.With(t.Bright), " "+screen.Cut(x.text, width-2))
		return
	}
	l.Gap(1)
	l.Left(t.Key, x.names, x.label+2)
	l.Put(t.Text, x.text)
}

// layOut breaks all that has what is typed into columns. Nothing of it is cut, and no section is torn.
func (v *help) layOut(width int) {
	look := helpLook{width, v.input.Value()}
	if look == v.look {
		return
	}
	v.look = look
	n := max(width/helpColumn, 1)
	var blocks [][]helpLine
	total := 0
	for _, section := range v.found() {
		block := section.lines(width/n - 2)
		blocks = append(blocks, block)
		total += len(block)
	}
	v.columns = flow(blocks, n, total)
}

// flow puts blocks into columns of about one height, in order.
func flow(blocks [][]helpLine, n, total int) [][]helpLine {
	columns := make([][]helpLine, n)
	at := 0
	for _, block := range blocks {
		if room := total/n - len(columns[at]); at < n-1 && len(columns[at]) > 0 && room < len(block)/2 {
			at++
		}
		columns[at] = append(columns[at], block...)
	}
	return columns
}

// lines are those of a section, with an empty one below.
func (s *helpSection) lines(width int) []helpLine {
	lines := []helpLine{{head: true, text: s.head}}
	label := 0
	for _, key := range s.keys {
		label = max(label, min(screen.Cells(key.names), widestNames))
	}
	for _, key := range s.keys {
		names, text := screen.Wrap(key.names, label), screen.Wrap(key.text, max(width-label-3, 8))
		for i := range max(len(names), len(text)) {
			line := helpLine{label: label}
			if i < len(names) {
				line.names = names[i]
			}
			if i < len(text) {
				line.text = text[i]
			}
			lines = append(lines, line)
		}
	}
	return append(lines, helpLine{})
}

// found are the sections with what is typed: all words of it in a key, in what it does, or in the heading. Where it is a key,
// what that does stands first.
func (v *help) found() []helpSection {
	exact := strings.TrimSpace(v.input.Value())
	if exact == "" {
		return v.sections
	}
	words := strings.Fields(strings.ToLower(exact))
	var found []helpSection
	same := helpSection{head: "the key " + exact}
	for _, section := range v.sections {
		some := helpSection{head: section.head}
		for _, key := range section.keys {
			if slices.Contains(strings.Fields(key.names), exact) {
				same.keys = append(same.keys, helpKey{names: key.names, text: section.head + ": " + key.text})
			}
			all := strings.ToLower(strings.Join([]string{section.head, key.names, key.text, key.short}, " "))
			if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(all, w) }) {
				some.keys = append(some.keys, key)
			}
		}
		if len(some.keys) > 0 {
			found = append(found, some)
		}
	}
	if len(same.keys) > 0 {
		found = append([]helpSection{same}, found...)
	}
	return found
}

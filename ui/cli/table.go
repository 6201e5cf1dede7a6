package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"signalbox/ui/screen"
)

// table writes rows of cells in columns, cleaned, with a heading for people.
type table struct {
	out     io.Writer
	colours colours
	rows    [][]string
}

func newTable(out io.Writer, heading ...string) *table {
	return &table{out: out, colours: coloursFor(out), rows: [][]string{heading}}
}

func (t *table) row(cells ...string) {
	for i := range cells {
		cells[i] = screen.Clean(cells[i])
	}
	t.rows = append(t.rows, cells)
}

func (t *table) flush() error {
	var plain strings.Builder
	columns := tabwriter.NewWriter(&plain, 0, 0, 2, ' ', 0)
	for _, cells := range t.rows {
		fmt.Fprintln(columns, strings.Join(cells, "\t"))
	}
	if err := columns.Flush(); err != nil {
		return err
	}
	heading, rows, _ := strings.Cut(plain.String(), "\n")
	var lines strings.Builder
	lines.WriteString(t.colours.paint(styleDim, strings.TrimRight(heading, " ")) + "\n")
	for line := range strings.Lines(rows) {
		lines.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	_, err := io.WriteString(t.out, lines.String())
	return err
}

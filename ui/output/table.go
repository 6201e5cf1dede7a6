package output

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"signalbox/ui/screen"
)

// Table writes rows of cells in columns, cleaned, with a heading for people.
type Table struct {
	out     io.Writer
	colours Colours
	rows    [][]string
}

// NewTable starts a table with the names of its columns.
func NewTable(out io.Writer, heading ...string) *Table {
	return &Table{out: out, colours: ColoursFor(out), rows: [][]string{heading}}
}

// Row adds a row.
func (t *Table) Row(cells ...string) {
	for i := range cells {
		cells[i] = screen.Clean(cells[i])
	}
	t.rows = append(t.rows, cells)
}

// Flush writes the table.
func (t *Table) Flush() error {
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
	lines.WriteString(t.colours.Paint(Dim, strings.TrimRight(heading, " ")) + "\n")
	for line := range strings.Lines(rows) {
		lines.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	_, err := io.WriteString(t.out, lines.String())
	return err
}

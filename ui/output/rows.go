package output

import "io"

// Rows prints rows as a table for people or, when JSON is wanted, as one line of JSON each.
type Rows struct {
	out   io.Writer
	json  bool
	table *Table
}

// NewRows starts rows with the names of their columns.
func NewRows(out io.Writer, asJSON bool, heading ...string) *Rows {
	return &Rows{out: out, json: asJSON, table: NewTable(out, heading...)}
}

// Add adds a row, of which only the form that is printed is made. JSON is written at once, a table by Flush.
func (r *Rows) Add(value func() any, cells func() []string) error {
	if r.json {
		return WriteJSON(r.out, value())
	}
	r.table.Row(cells()...)
	return nil
}

// Flush writes what is not written yet.
func (r *Rows) Flush() error {
	if r.json {
		return nil
	}
	return r.table.Flush()
}

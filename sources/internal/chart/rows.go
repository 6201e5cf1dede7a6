package chart

import (
	"slices"
	"strings"
	"time"
)

// Row is one series at one time.
type Row struct {
	Time   time.Time // the beginning; zero where all time is one
	Names  []string  // one for each of By
	Other  bool
	Events uint64
	Value  float64
}

// Rows are all series at all times at which they have events, in order of time, then of their names.
func (t *Table) Rows() []Row {
	var rows []Row
	for at, column := range t.times {
		for i := range column.cells {
			if c := &column.cells[i]; c.n > 0 {
				s := t.series[i]
				row := Row{Names: names(s.name), Other: s.other, Events: c.n, Value: t.value(c)}
				if t.spec.Every > 0 {
					row.Time = time.Unix(0, at*int64(t.spec.Every))
				}
				rows = append(rows, row)
			}
		}
	}
	slices.SortFunc(rows, func(a, b Row) int {
		switch {
		case !a.Time.Equal(b.Time):
			return a.Time.Compare(b.Time)
		case a.Other != b.Other && a.Other:
			return 1
		case a.Other != b.Other:
			return -1
		}
		return strings.Compare(strings.Join(a.Names, "\x00"), strings.Join(b.Names, "\x00"))
	})
	return rows
}

// Lost tells how many events were too old for the times that are kept, and how many are of series beyond those told apart.
func (t *Table) Lost() (late, others uint64) { return t.late, t.others }

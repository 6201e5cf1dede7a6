package output

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"signalbox/sources"
	"signalbox/ui/screen"
)

// Selected is what two filters want of the entities of a kind, compared.
type Selected struct {
	Kind        string
	Left, Right string // the filters, as typed
	Rows        []SelectedRow
}

// SelectedRow is an entity that at least one of two filters wants.
type SelectedRow struct {
	sources.EntityRow
	InLeft, InRight bool
}

// Select compares what two filters want: the rows in the order of their IDs.
func Select(kind, left, right string, a, b []sources.EntityRow) *Selected {
	s := &Selected{Kind: kind, Left: left, Right: right}
	at := make(map[sources.Entity]int, len(a))
	for _, row := range a {
		at[row.Entity] = len(s.Rows)
		s.Rows = append(s.Rows, SelectedRow{EntityRow: row, InLeft: true})
	}
	for _, row := range b {
		if i, both := at[row.Entity]; both {
			s.Rows[i].InRight = true
			continue
		}
		s.Rows = append(s.Rows, SelectedRow{EntityRow: row, InRight: true})
	}
	slices.SortStableFunc(s.Rows, func(a, b SelectedRow) int {
		return cmp.Or(cmp.Compare(a.side(), b.side()), strings.Compare(a.ID, b.ID))
	})
	return s
}

// side sorts: what only the left one wants, what only the right one wants, what both do.
func (r *SelectedRow) side() int {
	switch {
	case !r.InRight:
		return 0
	case !r.InLeft:
		return 1
	}
	return 2
}

// SelectedCount is a number for each side.
type SelectedCount struct {
	Name        string
	Left, Right uint64
}

// Counts are how many entities each of the filters wants, and how many of them are of each status.
func (s *Selected) Counts() []SelectedCount {
	all := SelectedCount{Name: "entities"}
	byStatus := map[string]*SelectedCount{}
	var statuses []*SelectedCount
	for i := range s.Rows {
		r := &s.Rows[i]
		c := byStatus[r.Status]
		if c == nil {
			c = &SelectedCount{Name: cmp.Or(r.Status, "without status")}
			byStatus[r.Status] = c
			statuses = append(statuses, c)
		}
		for _, count := range []*SelectedCount{&all, c} {
			if r.InLeft {
				count.Left++
			}
			if r.InRight {
				count.Right++
			}
		}
	}
	slices.SortFunc(statuses, func(a, b *SelectedCount) int { return strings.Compare(a.Name, b.Name) })
	counts := []SelectedCount{all}
	for _, c := range statuses {
		if len(statuses) > 1 || c.Name != "without status" {
			counts = append(counts, *c)
		}
	}
	return counts
}

// Apart are how many only one of the filters wants, and how many both do.
func (s *Selected) Apart() (left, right, both int) {
	for i := range s.Rows {
		switch s.Rows[i].side() {
		case 0:
			left++
		case 1:
			right++
		default:
			both++
		}
	}
	return left, right, both
}

// Sides are the entity on the side of each filter that wants it: its ID, version and state.
func (r *SelectedRow) Sides() (left, right string) {
	text := r.ID + " " + fmt.Sprintf("v%d", r.Version)
	if r.Status != "" {
		text += " " + r.Status
	}
	if r.InLeft {
		left = text
	}
	if r.InRight {
		right = text
	}
	return left, right
}

// Show prints both results side by side for people: counts, then each entity that not both filters want.
func (s *Selected) Show(out io.Writer) error {
	t := NewTable(out, strings.ToUpper(s.Kind), s.Left, s.Right, "")
	for _, c := range s.Counts() {
		mark := ""
		if c.Left != c.Right {
			mark = "differs"
		}
		t.Row(c.Name, screen.Grouped(c.Left), screen.Grouped(c.Right), mark)
	}
	_, _, both := s.Apart()
	t.Row("in both", screen.Grouped(uint64(both)), screen.Grouped(uint64(both)), "")
	for i := range s.Rows {
		r := &s.Rows[i]
		if r.side() == 2 {
			continue
		}
		left, right := r.Sides()
		t.Row("", left, right, "differs")
	}
	return t.Flush()
}

// SelectedLine is the comparison of what two filters want, as JSON.
type SelectedLine struct {
	Kind      string       `json:"kind"`
	Left      string       `json:"left"`
	Right     string       `json:"right"`
	OnlyLeft  []EntityLine `json:"only_left"`
	OnlyRight []EntityLine `json:"only_right"`
	Both      []string     `json:"both"` // IDs
}

// JSON is the comparison as JSON.
func (s *Selected) JSON() SelectedLine {
	line := SelectedLine{Kind: s.Kind, Left: s.Left, Right: s.Right, OnlyLeft: []EntityLine{}, OnlyRight: []EntityLine{}, Both: []string{}}
	for i := range s.Rows {
		switch r := &s.Rows[i]; r.side() {
		case 0:
			line.OnlyLeft = append(line.OnlyLeft, EntityJSON(r.EntityRow))
		case 1:
			line.OnlyRight = append(line.OnlyRight, EntityJSON(r.EntityRow))
		default:
			line.Both = append(line.Both, r.ID)
		}
	}
	return line
}

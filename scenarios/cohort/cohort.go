// Package cohort reads cohorts: entities of a kind of which something holds, with how they are listed.
//
// A Cohort has a filter, which is for one goroutine at a time. Nothing here blocks.
package cohort

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"signalbox/scenarios/filter"
	"signalbox/sources"
	"signalbox/sources/state"
)

// Form is how a cohort is written.
const Form = "KIND where EXPRESSION [sort FIELD] [columns FIELD, …]"

// Saved is a cohort with its name.
type Saved struct {
	Name string
	*Cohort
}

// Cohort is entities of a kind of which something holds.
type Cohort struct {
	Text       string // as it was written
	Kind       string
	Where      string
	Filter     *sources.EntityFilter
	Sort       string // a field, or id, status, version, kind; "" is by when they were last touched
	Descending bool
	Columns    []string // fields that are listed, in order; none: the list chooses
}

// Parse reads one, such as delivery where state.budget < 0 sort -budget columns budget, notes. A minus before the field sorts
// the largest first.
func Parse(text string) (*Cohort, error) {
	c := &Cohort{Text: strings.Join(strings.Fields(text), " ")}
	rest := c.Text
	var sort, columns string
	rest, columns = clause(rest, " columns ")
	rest, sort = clause(rest, " sort ")
	kind, where, ok := strings.Cut(rest, " where ")
	c.Kind, c.Where = strings.TrimSpace(kind), strings.TrimSpace(where)
	if !ok || c.Kind == "" || c.Where == "" || strings.ContainsAny(c.Kind, " /") {
		return nil, errors.New("want " + Form + ", such as delivery where state.budget < 0")
	}
	var err error
	if c.Filter, err = filter.ParseEntities(c.Where); err != nil {
		return nil, err
	}
	if slip := filter.Slip(c.Where, filter.EntityNames()); slip != "" {
		return nil, errors.New(slip)
	}
	if c.Sort, c.Descending, err = Order(sort); err != nil {
		return nil, err
	}
	c.Columns, err = Columns(columns)
	return c, err
}

// clause takes a clause off the end of a text; a word in quotes is none.
func clause(text, word string) (rest, clause string) {
	at := strings.LastIndex(text, word)
	if at < 0 || strings.ContainsAny(text[at:], "\"'`()<>=") {
		return text, ""
	}
	return text[:at], strings.TrimSpace(text[at+len(word):])
}

// Order reads what is to be sorted by: budget, or -budget for the largest first; "" is nothing.
func Order(text string) (field string, descending bool, err error) {
	field, descending = strings.CutPrefix(strings.TrimSpace(text), "-")
	field = fieldName(field)
	if strings.ContainsAny(field, " ,") || descending && field == "" {
		return "", false, fmt.Errorf("sort %q: want one field, such as budget, or -budget for the largest first", text)
	}
	return field, descending, nil
}

// Columns reads a list of fields, by commas.
func Columns(text string) ([]string, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var columns []string
	for _, name := range strings.Split(text, ",") {
		name = fieldName(strings.TrimSpace(name))
		if name == "" || strings.Contains(name, " ") {
			return nil, fmt.Errorf("columns %q: want fields with commas between them, such as status, budget", text)
		}
		if !slices.Contains(columns, name) {
			columns = append(columns, name)
		}
	}
	return columns, nil
}

// fieldName is a field without the state. that expressions have before it.
func fieldName(name string) string { return strings.TrimPrefix(name, "state.") }

// Value is what an entity has under a field, or as its id, kind, status, version or rejected.
func Value(row *sources.EntityRow, field string) state.Value {
	switch field {
	case "id":
		return state.TextValue(row.ID)
	case "kind":
		return state.TextValue(row.Kind)
	case "version":
		return state.IntValue(int64(row.Version))
	case "rejected":
		return state.IntValue(int64(row.Rejected))
	case state.StatusField:
		if row.Status != "" {
			return state.TextValue(row.Status)
		}
		return state.Value{}
	}
	for i := range row.Fields {
		if row.Fields[i].Name == field {
			return row.Fields[i].Value
		}
	}
	return state.Value{}
}

// Has tells whether an entity has a value under a field.
func Has(row *sources.EntityRow, field string) bool { return Value(row, field).Kind() != state.Absent }

// Sort sorts entities by a field: numbers before texts before what is absent; those alike by their ids. "" sorts by ids.
func Sort(rows []sources.EntityRow, field string, descending bool) {
	slices.SortStableFunc(rows, func(a, b sources.EntityRow) int {
		var c int
		if field != "" {
			c = compare(Value(&a, field), Value(&b, field))
		}
		if descending {
			c = -c
		}
		return cmp.Or(c, strings.Compare(a.ID, b.ID))
	})
}

func compare(a, b state.Value) int {
	x, isNumber := a.Float()
	y, areBoth := b.Float()
	if isNumber && areBoth {
		return cmp.Compare(x, y)
	}
	return cmp.Or(cmp.Compare(rankOf(a, isNumber), rankOf(b, areBoth)), strings.Compare(a.String(), b.String()))
}

func rankOf(v state.Value, number bool) int {
	switch {
	case number:
		return 1
	case v.Kind() == state.Absent:
		return 3
	}
	return 2
}

package cohort

import (
	"slices"
	"strings"
	"testing"

	"signalbox/sources"
	"signalbox/sources/state"
)

func TestCohortsAreRead(t *testing.T) {
	for text, want := range map[string]Cohort{
		"delivery where state.budget < 0":                                  {Kind: "delivery", Where: "state.budget < 0"},
		"delivery  where status:active sort -state.budget":                 {Kind: "delivery", Where: "status:active", Sort: "budget", Descending: true},
		"delivery where version > 2 sort budget columns notes, status":     {Kind: "delivery", Where: "version > 2", Sort: "budget", Columns: []string{"notes", "status"}},
		"delivery where version > 2 columns budget,budget":                 {Kind: "delivery", Where: "version > 2", Columns: []string{"budget"}},
		`delivery where state.notes contains " sort " && state.budget > 1`: {Kind: "delivery", Where: `state.notes contains " sort " && state.budget > 1`},
	} {
		c, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if c.Kind != want.Kind || c.Where != want.Where || c.Sort != want.Sort || c.Descending != want.Descending || !slices.Equal(c.Columns, want.Columns) || c.Filter == nil {
			t.Errorf("%s: %+v", text, c)
		}
	}
	for text, want := range map[string]string{
		"":                                       "want KIND where",
		"delivery":                               "want KIND where",
		"a delivery where x":                     "want KIND where",
		"delivery where stat:active":             "did you mean",
		"delivery where state.budget <":          "not finished",
		"delivery where version > 1 sort a b":    "want one field",
		"delivery where version > 1 columns a b": "want fields with commas",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// Numbers come before texts before what is absent.
func TestEntitiesAreSorted(t *testing.T) {
	var rows []sources.EntityRow
	for id, v := range map[string]state.Value{"a": state.TextValue("x"), "b": state.IntValue(10), "c": {}, "d": state.FloatValue(9.5), "e": state.IntValue(10)} {
		rows = append(rows, sources.EntityRow{Entity: sources.Entity{ID: id}, Fields: []state.Field{{Name: "budget", Value: v}}})
	}
	for sort, want := range map[string]string{"budget": "dbeac", "-budget": "cabed", "": "abcde", "-id": "edcba"} {
		field, descending, err := Order(sort)
		if err != nil {
			t.Fatal(err)
		}
		Sort(rows, field, descending)
		got := ""
		for _, r := range rows {
			got += r.ID
		}
		if got != want {
			t.Errorf("by %q: %s, want %s", sort, got, want)
		}
	}
}

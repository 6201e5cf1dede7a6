package cohorts

import (
	"fmt"
	"strings"
	"testing"

	"signalbox/scenarios/cohort"
)

// What is saved beyond those that are counted is not lost by saving: nothing is saved then, and it is said.
func TestMoreThanAreCounted(t *testing.T) {
	var all []Saved
	for i := range Most + 1 {
		c, err := cohort.Parse("delivery where state.budget < 0")
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, Saved{Name: fmt.Sprint(i), Cohort: c})
	}
	if c := New(all, nil, nil); c.wrong == nil || !strings.Contains(c.wrong.Error(), "17 cohorts are saved") || len(c.all) != Most {
		t.Errorf("%v", c.wrong)
	}
	if c := New(all[:Most], nil, nil); c.wrong != nil {
		t.Error(c.wrong)
	}
}

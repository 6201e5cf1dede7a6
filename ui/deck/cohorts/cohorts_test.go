package cohorts

import (
	"fmt"
	"strings"
	"testing"

	"signalbox/scenarios/cohort"
)

// What is saved beyond those that are counted is not lost by saving: each is saved by itself, and it is said.
func TestMoreThanAreCounted(t *testing.T) {
	var all []Saved
	for i := range Most + 1 {
		c, err := cohort.Parse("delivery where state.budget < 0")
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, Saved{Name: fmt.Sprint(i), Cohort: c})
	}
	var kept []string
	save := func(name string, c *cohort.Cohort) error {
		kept = append(kept, fmt.Sprint(name, c != nil))
		return nil
	}
	c := New(all, nil, save)
	if !strings.Contains(c.Wrong, "17 cohorts are saved") || len(c.all) != Most {
		t.Errorf("%q, %d", c.Wrong, len(c.all))
	}
	c.Remove("3")
	for _, name := range []string{"3", "4"} {
		if err := c.Keep(name)(); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(kept, " "); got != "3false 4true" {
		t.Errorf("kept %s", got)
	}
	if c := New(all[:Most], nil, save); c.Wrong != "" {
		t.Error(c.Wrong)
	}
}

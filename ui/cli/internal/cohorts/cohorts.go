// Package cohorts keeps the cohorts that the user has saved by name, in cohorts.yaml: see package saved.
package cohorts

import (
	"fmt"
	"strings"

	"signalbox/scenarios/cohort"
	"signalbox/scenarios/nearest"
	"signalbox/ui/cli/internal/saved"
)

// Saved is a cohort with its name.
type Saved = cohort.Saved

var kept = saved.File{Name: "cohorts.yaml", Of: "cohort", Form: cohort.Form}

// Read reads those that are saved, in the order in which they were.
func Read() (all []Saved, err error) {
	err = kept.Read(func(e saved.Entry) error {
		c, err := cohort.Parse(e.Text)
		if err == nil {
			all = append(all, Saved{Name: e.Name, Cohort: c})
		}
		return err
	})
	return all, err
}

// Find is the one with a name.
func Find(name string) (*cohort.Cohort, error) {
	all, err := Read()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range all {
		if s.Name == name {
			return s.Cohort, nil
		}
		names = append(names, s.Name)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no cohort %q: none is saved; in the deck, : and then cohort %s = %s saves one", name, name, cohort.Form)
	}
	return nil, fmt.Errorf("no cohort %q%s; saved are %s", name, nearest.Hint(name, names), strings.Join(names, ", "))
}

// Keep saves a cohort, in place of one of its name; nil takes that away. It waits for other processes that save.
func Keep(name string, c *cohort.Cohort) error {
	text := ""
	if c != nil {
		text = c.Text
	}
	return kept.Keep(name, text, func(e saved.Entry) error {
		_, err := cohort.Parse(e.Text)
		return err
	})
}

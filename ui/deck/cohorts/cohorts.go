// Package cohorts holds the cohorts of the deck: which there are, by their names. The engine counts them.
//
// It belongs to the deck's goroutine. No method waits but what Keep returns, which is for a command.
package cohorts

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"signalbox/scenarios/cohort"
	"signalbox/sources"
)

// Saved is a cohort with its name.
type Saved = cohort.Saved

// Cohorts are those of the deck. The zero value has none, and saves none.
type Cohorts struct {
	save func(name string, c *cohort.Cohort) error
	all  []entry
	next int // number that the next one gets - 1
	list *sources.CohortList

	// Wrong is what is to be said of those that were saved: why they could not be read, or that they are too many.
	Wrong string
}

type entry struct {
	Saved
	number int
}

// Most bounds how many there are: each is asked about every entity that changes.
const Most = 16

// New makes those that were saved, or says why they could not be read. Save keeps one by its name, and nil takes it away; it may
// wait.
func New(saved []Saved, wrong error, save func(name string, c *cohort.Cohort) error) *Cohorts {
	c := &Cohorts{save: save}
	switch {
	case wrong != nil:
		c.Wrong = wrong.Error()
	case len(saved) > Most:
		c.Wrong = fmt.Sprintf("%d cohorts are saved, of which the first %d are counted", len(saved), Most)
	}
	for _, s := range saved[:min(len(saved), Most)] {
		c.put(s)
	}
	return c
}

// Form is how a cohort is typed.
const Form = "NAME = " + cohort.Form

// Set makes a cohort of what was typed, in place of one of that name, and returns it.
func (c *Cohorts) Set(text string) (Saved, error) {
	name, rest, ok := strings.Cut(text, "=")
	name = strings.Join(strings.Fields(name), " ")
	if !ok || name == "" || strings.Contains(name, " where ") {
		return Saved{}, errors.New("want " + Form + ", such as in debt = delivery where state.budget < 0")
	}
	made, err := cohort.Parse(rest)
	if err != nil {
		return Saved{}, err
	}
	if _, there := c.Find(name); !there && len(c.all) == Most {
		return Saved{}, fmt.Errorf("there are %d cohorts already: remove one", Most)
	}
	s := Saved{Name: name, Cohort: made}
	c.put(s)
	return s, nil
}

func (c *Cohorts) put(s Saved) {
	c.next++
	e := entry{s, c.next}
	if i := slices.IndexFunc(c.all, func(e entry) bool { return e.Name == s.Name }); i >= 0 {
		c.all[i] = e
	} else {
		c.all = append(c.all, e)
	}
	c.relist()
}

// Remove takes one away.
func (c *Cohorts) Remove(name string) {
	c.all = slices.DeleteFunc(slices.Clone(c.all), func(e entry) bool { return e.Name == name })
	c.relist()
}

func (c *Cohorts) relist() {
	if c.list = nil; len(c.all) == 0 {
		return
	}
	c.list = &sources.CohortList{}
	for _, e := range c.all {
		c.list.All = append(c.list.All, sources.CohortSpec{Number: e.number, Kind: e.Kind, Filter: e.Filter})
	}
}

// List is what the engine is to count.
func (c *Cohorts) List() *sources.CohortList {
	if c == nil {
		return nil
	}
	return c.list
}

// All are those there are.
func (c *Cohorts) All() []Saved {
	var all []Saved
	for _, e := range c.all {
		all = append(all, e.Saved)
	}
	return all
}

// Find is the one with a name.
func (c *Cohorts) Find(name string) (Saved, bool) {
	for _, e := range c.all {
		if e.Name == strings.Join(strings.Fields(name), " ") {
			return e.Saved, true
		}
	}
	return Saved{}, false
}

// Row is what the engine knows of a cohort; false while it knows nothing.
func (c *Cohorts) Row(name string, rows []sources.CohortRow) (sources.CohortRow, bool) {
	for _, e := range c.all {
		if e.Name != name {
			continue
		}
		for _, r := range rows {
			if r.Number == e.number {
				return r, true
			}
		}
	}
	return sources.CohortRow{}, false
}

// Keep is what saves the one with a name as it is now, or that it is taken away; it waits.
func (c *Cohorts) Keep(name string) func() error {
	save := c.save
	if save == nil {
		return func() error { return nil }
	}
	s, _ := c.Find(name)
	return func() error { return save(name, s.Cohort) }
}

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
	save  func([]Saved) error
	all   []entry
	next  int // number that the next one gets - 1
	list  *sources.CohortList
	wrong error // why those that were saved could not be read
}

type entry struct {
	Saved
	number int
}

// Most bounds how many there are: each is asked about every entity that changes.
const Most = 16

// New makes those that were saved. Save keeps all there are by then; it may wait.
func New(saved []Saved, wrong error, save func([]Saved) error) *Cohorts {
	if wrong == nil && len(saved) > Most { // to save those that there are would lose the others
		wrong = fmt.Errorf("%d cohorts are saved, of which the first %d are counted: remove some", len(saved), Most)
	}
	c := &Cohorts{save: save, wrong: wrong}
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

// Keep is what saves all that there are now; it waits. Those that could not be read are not written over.
func (c *Cohorts) Keep() func() error {
	all, save, wrong := c.All(), c.save, c.wrong
	return func() error {
		switch {
		case save == nil:
			return nil
		case wrong != nil:
			return fmt.Errorf("it is not saved, since those that were saved cannot be read: %w", wrong)
		}
		return save(all)
	}
}

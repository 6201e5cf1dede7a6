package understand

import (
	"errors"
	"strings"

	"signalbox/scenarios/expression"
	"signalbox/scenarios/file"
	"signalbox/scenarios/scope"
	"signalbox/sources"
)

// errUnknown is why it cannot be told of an event whether an invariant holds after it.
var errUnknown = errors.New("something of the state is not known, as where an entity began before it was watched")

// invariants compiles what a domain says is to hold after each accepted event.
func (d *Domain) invariants() ([]sources.Breakpoint, error) {
	var all []sources.Breakpoint
	var wrong error
	for _, entry := range d.Always.Invariants {
		violated, err := violation(entry)
		wrong = errors.Join(wrong, err)
		all = append(all, sources.Breakpoint{Kind: d.Entity, Text: entry.Name, When: violated})
	}
	return all, wrong
}

// violation is the filter of the events after which an invariant does not hold.
func violation(entry file.Entry[file.Text]) (*sources.EventFilter, error) {
	var lookup expression.Lookup
	row := &scope.EventRow{}
	holds, err := entry.Value.Comparison(row.Scope(&lookup))
	switch {
	case err != nil:
		return nil, err
	case strings.TrimSpace(entry.Name) == "":
		return nil, file.At(entry.Key, "want what is to hold before the colon: it is what people read")
	case holds.IsZero():
		return nil, file.At(entry.Key, "want an expression: %q is violated when it is false", entry.Name)
	}
	var f expression.Frame
	var made *sources.EventFilter
	made = sources.NewFilter(func(e *sources.Event) bool {
		body := e.Data
		if e.Body != nil {
			body = e.Body
		}
		row.Event = e
		row.Data.Reset(expression.View(body), &lookup)
		f.Begin()
		ok, err := holds.Test(&f)
		switch {
		case f.Unknown:
			made.Fail(errUnknown)
			return false
		case err != nil:
			made.Fail(err)
			return false
		}
		return !ok
	})
	if fields, alone := holds.Members("state"); alone {
		made.AskFields(fields)
	}
	return made.AskStates(), nil
}

// Invariants implements sources.Invariants.
func (u *Understanding) Invariants() []sources.Breakpoint { return u.invariants }

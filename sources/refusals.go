package sources

import (
	"errors"
	"slices"
	"strings"

	"signalbox/bus"
)

// allRefused is the reasons, when none of the stations could be opened, and these were named or all write their positions in
// another form than the one where reading was to start. Nobody is told of them but by this.
func allRefused(s Selection, opened []opening) error {
	all := &refusedError{}
	for _, o := range opened {
		if o.source != nil {
			return nil
		}
		if o.refused != nil {
			all.stations, all.reasons = append(all.stations, o.row.Name), append(all.reasons, o.refused)
		}
	}
	if len(all.reasons) == 0 || len(s.Names) == 0 && !all.misplaced() {
		return nil
	}
	for i := range opened {
		opened[i].told = true
	}
	return all
}

// refusedError says of stations why they cannot be read.
type refusedError struct {
	stations []string
	reasons  []error // one of each
}

// misplaced tells whether all of them are told to be read from a place that none of them can have.
func (e *refusedError) misplaced() bool {
	var form *bus.FormError
	return !slices.ContainsFunc(e.reasons, func(reason error) bool { return !errors.As(reason, &form) })
}

// Error names stations of one reason together.
func (e *refusedError) Error() string {
	var texts []string
	names := map[string][]string{}
	for i, reason := range e.reasons {
		text := reason.Error()
		if names[text] == nil {
			texts = append(texts, text)
		}
		names[text] = append(names[text], e.stations[i])
	}
	for i, text := range texts {
		texts[i] = strings.Join(names[text], ", ") + " cannot be read: " + text
	}
	return strings.Join(texts, "; ")
}

// Unwrap are the reasons.
func (e *refusedError) Unwrap() []error { return e.reasons }

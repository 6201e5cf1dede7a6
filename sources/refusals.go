package sources

import "strings"

// allRefused is the reasons, when stations were named and none of them could be opened. Nobody is told of them but by this.
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
	if len(s.Names) == 0 || len(all.reasons) == 0 {
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

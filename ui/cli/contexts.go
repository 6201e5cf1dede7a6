package cli

import (
	"errors"
)

// chosenContext is the flag --context: an empty name, when it is given, is the context that is selected in the
// program that keeps contexts.
type chosenContext struct {
	name  string
	given bool
}

// names are what names a bus besides the arguments.
type names struct {
	context chosenContext
	config  config
}

// inContext finds a context by name: one of signalbox.yaml, or else one that a broker's own program keeps. One of
// signalbox.yaml without a URL is about the one of that name there.
func (n *names) inContext(name string) (target, error) {
	t := placed(name, n.config.Contexts[name])
	if t.url != "" {
		return t, nil
	}
	var unknown []error
	for _, b := range brokers {
		if b.Contexts.Find == nil {
			continue
		}
		found, err := b.Contexts.Find(name)
		if err == nil {
			t.found = found
			return t, nil
		}
		unknown = append(unknown, err)
	}
	return target{}, errors.Join(unknown...)
}

// placed is the bus of a place, which has no URL yet where the place has none.
func placed(name string, p place) target {
	t := target{url: p.URL.Value, stations: p.Stations.Values()}
	if p.Production {
		t.production = name
	}
	return t
}

package target

import (
	"errors"

	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/config"
)

// Context is the flag --context: an empty name, when it is given, is the context that is selected in the program that
// keeps contexts.
type Context struct {
	Name  string
	Given bool
}

// Names are what names a bus besides the arguments and the environment.
type Names struct {
	Context Context
	Config  config.Config
}

// inContext finds a context by name: one of signalbox.yaml, or else one that a broker's own program keeps. One of
// signalbox.yaml without a URL is about the one of that name there.
func (n *Names) inContext(name string) (Target, error) {
	t := placed(name, n.Config.Contexts[name])
	if t.URL != "" {
		return t, nil
	}
	var unknown []error
	for _, b := range brokers.Table {
		if b.Contexts.Find == nil {
			continue
		}
		found, err := b.Contexts.Find(name)
		if err == nil {
			t.connector = found
			return t, nil
		}
		unknown = append(unknown, err)
	}
	return Target{}, errors.Join(unknown...)
}

// placed is the bus of a place, which has no URL yet where the place has none.
func placed(name string, p config.Place) Target {
	t := Target{URL: p.URL.Value, Stations: p.Stations.Values()}
	if p.Production {
		t.Production = name
	}
	return t
}

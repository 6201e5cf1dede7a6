package cli

import (
	"errors"

	"signalbox/scenarios/file"
)

// chosenContext is the flag --context: an empty name, when it is given, is the context that is selected in the
// program that keeps contexts.
type chosenContext struct {
	name  string
	given bool
}

// place is a bus with a name, and what is to be known of it.
type place struct {
	URL        file.Text  `yaml:"url"` // none: the context of that name which a broker's own program keeps
	Stations   file.Texts `yaml:"stations"`
	Production bool       `yaml:"production"` // each send there asks once more
}

// target is the bus, which has no URL yet where the place has none.
func (p place) target(name string) target {
	t := target{url: p.URL.Value, stations: p.Stations.Values()}
	if p.Production {
		t.production = name
	}
	return t
}

// inContext finds a context by name: one of signalbox.yaml, or else one that a broker's own program keeps. One of
// signalbox.yaml without a URL is about the one of that name there.
func (o *options) inContext(name string) (target, error) {
	known := o.config.Contexts[name]
	t := known.target(name)
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

package cli

import (
	"fmt"
	"os"
	"strings"
)

// busVariable of the environment names buses: one URL or several, with spaces between.
const busVariable = "SIGNALBOX_BUS"

// usual are the targets when the arguments name none, from what is said most particularly to signalbox to what is said
// to everybody: --context, SIGNALBOX_BUS, signalbox.yaml, the variables of the brokers; else the embedded demo.
func (n *names) usual() ([]target, error) {
	if n.context.given {
		t, err := n.inContext(n.context.name)
		if err != nil {
			return nil, fmt.Errorf("--context: %w", err)
		}
		return []target{t}, nil
	}
	before, targets, err := takeURLs(strings.Fields(os.Getenv(busVariable)))
	if err == nil && len(before) > 0 {
		err = checkURL(before[0])
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", busVariable, err)
	}
	if len(targets) == 0 {
		targets = configured(&n.config)
	}
	if len(targets) == 0 {
		return n.ambient()
	}
	return targets, nil
}

// ambient is the target that the environment names for other programs, too.
func (n *names) ambient() ([]target, error) {
	for _, b := range brokers {
		if name := os.Getenv(b.Contexts.Variable); name != "" {
			t, err := n.inContext(name)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", b.Contexts.Variable, err)
			}
			return []target{t}, nil
		}
		url := strings.TrimSpace(os.Getenv(b.Variable))
		if url == "" {
			continue
		}
		if b.Bare && !strings.Contains(url, "://") {
			url = b.Schemes[0] + "://" + url
		}
		if err := checkURL(url); err != nil {
			return nil, fmt.Errorf("%s: %w", b.Variable, err)
		}
		return []target{{url: url}}, nil
	}
	return []target{{}}, nil
}

// configured are the buses that a configuration names.
func configured(c *config) []target {
	targets := make([]target, 0, len(c.Bus))
	for _, s := range c.Bus {
		targets = append(targets, target{url: s.Value})
	}
	if n := len(targets); n > 0 {
		targets[n-1].stations = c.Stations.Values()
	}
	return targets
}

package target

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/config"
)

// busVariable of the environment names buses: one URL or several, with spaces between.
const busVariable = "SIGNALBOX_BUS"

// byDefault are the targets when the arguments name none. These are asked in turn: --context, SIGNALBOX_BUS,
// signalbox.yaml, the variables of the brokers; else it is the embedded demo.
func (n *Names) byDefault() ([]Target, error) {
	if n.Context.Given {
		if brokers.IsURL(n.Context.Name) || brokers.Mistake(n.Context.Name, false) != nil {
			return nil, fmt.Errorf("--context: %w", brokers.ErrURLAsContext)
		}
		t, err := n.inContext(n.Context.Name)
		if err != nil {
			return nil, fmt.Errorf("--context: %w", err)
		}
		return []Target{t}, nil
	}
	before, targets, err := takeURLs(strings.Fields(os.Getenv(busVariable)))
	if err == nil && len(before) > 0 {
		err = brokers.CheckURL(before[0])
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", busVariable, err)
	}
	if len(targets) == 0 && n.Untrusted != nil && (len(n.Untrusted.Bus) > 0 || !environmentNames()) {
		if err := n.Ask(); err != nil {
			return nil, err
		}
	}
	if len(targets) == 0 {
		targets = configured(&n.Config)
	}
	if len(targets) == 0 {
		return n.fromEnvironment()
	}
	return targets, nil
}

// environmentNames tells whether the environment names a bus for other programs.
func environmentNames() bool {
	return slices.ContainsFunc(brokers.Variables(), func(name string) bool { return os.Getenv(name) != "" })
}

// fromEnvironment is the target that the environment names for other programs, too; else the embedded demo.
func (n *Names) fromEnvironment() ([]Target, error) {
	for _, b := range brokers.Table {
		if name := os.Getenv(b.Contexts.Variable); name != "" {
			t, err := n.inContext(name)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", b.Contexts.Variable, err)
			}
			return []Target{t}, nil
		}
		url := strings.TrimSpace(os.Getenv(b.Variable))
		if url == "" {
			continue
		}
		if b.Bare && !strings.Contains(url, "://") {
			url = b.Schemes[0] + "://" + url
		}
		if err := brokers.CheckURL(url); err != nil {
			return nil, fmt.Errorf("%s: %w", b.Variable, err)
		}
		return []Target{{URL: url}}, nil
	}
	return []Target{{}}, nil
}

// configured are the buses that a configuration names.
func configured(c *config.Config) []Target {
	targets := make([]Target, 0, len(c.Bus))
	for _, s := range c.Bus {
		targets = append(targets, Target{URL: s.Value})
	}
	if n := len(targets); n > 0 {
		targets[n-1].Stations = c.Stations.Values()
	}
	return targets
}

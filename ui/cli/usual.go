package cli

import (
	"fmt"
	"os"
	"strings"
)

// Variables of the environment that name a bus. The first holds one URL or several, with spaces between.
const (
	busVariable     = "SIGNALBOX_BUS"
	contextVariable = "NATS_CONTEXT"
	natsVariable    = "NATS_URL"
	redisVariable   = "REDIS_URL"
)

// usual are the targets when the arguments name none, from what is said most particularly to signalbox to what is said
// to everybody: --context, SIGNALBOX_BUS, signalbox.yaml, NATS_CONTEXT, NATS_URL, REDIS_URL; else the embedded demo.
func (o *options) usual() ([]target, error) {
	if o.context.given {
		t, err := o.inContext(o.context.name)
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
		targets = o.config.targets()
	}
	if len(targets) == 0 {
		return o.ambient()
	}
	return targets, nil
}

// ambient is the target that the environment names for other programs, too.
func (o *options) ambient() ([]target, error) {
	if name := os.Getenv(contextVariable); name != "" {
		t, err := o.inContext(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", contextVariable, err)
		}
		return []target{t}, nil
	}
	for _, name := range []string{natsVariable, redisVariable} {
		url := strings.TrimSpace(os.Getenv(name))
		if url == "" {
			continue
		}
		if name == natsVariable && !strings.Contains(url, "://") {
			url = "nats://" + url
		}
		if err := checkURL(url); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return []target{{url: url}}, nil
	}
	return []target{{}}, nil
}

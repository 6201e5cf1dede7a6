package target

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"signalbox/ui/cli/internal/brokers"
)

// takeURLs splits arguments into targets and what stands before the first URL. What follows a URL are its stations.
func takeURLs(args []string) (before []string, targets []Target, err error) {
	for _, arg := range args {
		if err := brokers.Mistake(arg, len(targets) > 0); err != nil {
			return nil, nil, err
		}
		switch {
		case brokers.IsBus(arg):
			if err := brokers.CheckBus(arg); err != nil {
				return nil, nil, err
			}
			targets = append(targets, Target{URL: strings.TrimSpace(arg)})
		case arg == Pipe && slices.ContainsFunc(targets, Target.Pipe):
			return nil, nil, errors.New("- is named twice: standard input is read once")
		case arg == Pipe:
			targets = append(targets, Target{URL: Pipe})
		case len(targets) == 0:
			before = append(before, arg)
		default:
			last := &targets[len(targets)-1]
			last.Stations = append(last.Stations, arg)
		}
	}
	return before, targets, nil
}

// All finds what a command works on. Stations named without a bus are those of the last of the default ones.
func (n *Names) All(args []string) ([]Target, error) {
	targets, err := n.all(args)
	if err == nil {
		n.settled()
	}
	return targets, err
}

func (n *Names) all(args []string) ([]Target, error) {
	stations, targets, err := takeURLs(args)
	if err != nil {
		return nil, err
	}
	switch {
	case len(targets) == 0:
		if targets, err = n.byDefault(); err != nil {
			return nil, err
		}
	case n.Context.Given:
		return nil, errBusTwice
	case len(stations) > 0:
		return nil, fmt.Errorf("%q stands before a bus: name a station after the bus that has it", stations[0])
	}
	if len(stations) > 0 {
		targets[len(targets)-1].Stations = stations
	}
	return targets, nil
}

var errBusTwice = errors.New("a bus is named by its URL or by --context, not by both")

// One is All for commands that work on a single bus. It takes the URL out of the arguments, wherever it stands,
// and gives back the others.
func (n *Names) One(args []string) (Target, []string, error) {
	t, rest, err := n.one(args)
	if err == nil {
		n.settled()
	}
	return t, rest, err
}

func (n *Names) one(args []string) (Target, []string, error) {
	var rest []string
	var found []Target
	for _, arg := range args {
		if err := brokers.Mistake(arg, false); err != nil {
			return Target{}, nil, err
		}
		if !brokers.IsBus(arg) {
			rest = append(rest, arg)
			continue
		}
		if err := brokers.CheckBus(arg); err != nil {
			return Target{}, nil, err
		}
		found = append(found, Target{URL: strings.TrimSpace(arg)})
	}
	if len(found) > 0 && n.Context.Given {
		return Target{}, nil, errBusTwice
	}
	if len(found) == 0 {
		targets, err := n.byDefault()
		if err != nil {
			return Target{}, nil, err
		}
		found = targets
	}
	if len(found) > 1 {
		return Target{}, nil, errors.New("this command works on one bus: name one")
	}
	return found[0], rest, nil
}

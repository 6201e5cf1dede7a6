package cli

import (
	"errors"
	"fmt"
)

// takeURLs parts arguments into targets and what stands before the first URL. What follows a URL are its stations.
func takeURLs(args []string) (before []string, targets []target, err error) {
	for _, arg := range args {
		switch {
		case looksLikeURL(arg):
			if err := checkURL(arg); err != nil {
				return nil, nil, err
			}
			targets = append(targets, target{url: arg})
		case len(targets) == 0:
			before = append(before, arg)
		default:
			last := &targets[len(targets)-1]
			last.stations = append(last.stations, arg)
		}
	}
	return before, targets, nil
}

// targets finds what a command works on. Stations named without a bus are those of the last of the usual ones.
func (n *names) targets(args []string) ([]target, error) {
	stations, targets, err := takeURLs(args)
	if err != nil {
		return nil, err
	}
	switch {
	case len(targets) == 0:
		if targets, err = n.usual(); err != nil {
			return nil, err
		}
	case n.context.given:
		return nil, errBusTwice
	case len(stations) > 0:
		return nil, fmt.Errorf("%q stands before a bus: name a station after the bus that has it", stations[0])
	}
	if len(stations) > 0 {
		targets[len(targets)-1].stations = stations
	}
	return targets, nil
}

var errBusTwice = errors.New("a bus is named by its URL or by --context, not by both")

// target is targets for commands that work on a single bus. It takes the URL out of the arguments, wherever it stands,
// and gives back the others.
func (n *names) target(args []string) (target, []string, error) {
	var rest []string
	var found []target
	for _, arg := range args {
		if !looksLikeURL(arg) {
			rest = append(rest, arg)
			continue
		}
		if err := checkURL(arg); err != nil {
			return target{}, nil, err
		}
		found = append(found, target{url: arg})
	}
	if len(found) > 0 && n.context.given {
		return target{}, nil, errBusTwice
	}
	if len(found) == 0 {
		usual, err := n.usual()
		if err != nil {
			return target{}, nil, err
		}
		found = usual
	}
	if len(found) > 1 {
		return target{}, nil, errors.New("this command works on one bus: name one")
	}
	return found[0], rest, nil
}

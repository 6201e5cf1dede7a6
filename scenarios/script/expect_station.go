package script

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/expression"
	"signalbox/scenarios/file"
	"signalbox/scenarios/scope"
	"signalbox/scenarios/values"
	"signalbox/sources"
)

// expectStation waits until a station is as it should be: by what the broker says of it, and by what is read of it.
type expectStation struct {
	name   values.Value
	that   values.Condition
	within time.Duration
}

func (r *Reader) expectStation(s ExpectSection, within time.Duration) (action, string, error) {
	name, wrong := r.Names.Value(s.Station)
	that, err := r.Names.And(scope.StationParts...).Condition(s.That)
	for _, use := range expression.Read(s.That.Value).Uses {
		if part := use.Path[0]; scope.IsStationPart(part) && r.has(part) {
			err = errors.Join(err, file.At(s.That.Node, "%s is a name of this script and of what is known of a station; give it another in the script", part))
		}
	}
	return &expectStation{name, that, within}, fmt.Sprintf("station %s: %s", name.Written, that), errors.Join(wrong, err)
}

// has tells whether a name has been given.
func (r *Reader) has(name string) bool {
	_, there := r.Names[name]
	return there
}

func (x *expectStation) perform(ctx context.Context, p *Run) (string, error) {
	name, err := x.name.Fill(p.names, p.random)
	if err != nil {
		return "", err
	}
	last, err := poll(ctx, x.within, func(ctx context.Context) seen {
		known, err := p.station(ctx, name)
		if err != nil {
			return seen{text: err.Error(), blind: true}
		}
		return x.look(known, p.names)
	})
	return outcome(last, err, fmt.Sprintf("%s of station %s within %s", x.that, name, x.within))
}

// look tells whether a station is as it should be, and what is known of it.
func (x *expectStation) look(known, names map[string]any) seen {
	if known == nil {
		return seen{text: "no station of that name"}
	}
	text := describeStation(known)
	ok, err := x.that.Holds(names, known)
	if err != nil {
		text += fmt.Sprintf("; it cannot be computed: %v", err)
	}
	return seen{text: text, met: ok && err == nil}
}

// station is what is known of a station, as expressions see it; nil where there is none of that name.
func (p *Run) station(ctx context.Context, name string) (map[string]any, error) {
	list, err := p.bus.Stations(ctx, name)
	if err != nil {
		return nil, err
	}
	var there *bus.Station
	for i := range list {
		if list[i].Name == name {
			there = &list[i]
		}
	}
	latest, err := p.engine.Latest(ctx)
	if err != nil {
		return nil, err
	}
	var row *sources.StationRow
	for i := range latest.Stations {
		if s := &latest.Stations[i]; s.Station.Name == name && s.Bus == p.bus.Info().Name && s.Offer == nil {
			row = s
		}
	}
	if there == nil && row == nil {
		return nil, nil //nolint:nilnil // there is none
	}
	return scope.StationNames(there, row, time.Now()), nil
}

func describeStation(names map[string]any) string {
	var out []string
	for _, part := range scope.StationParts {
		if value := names[part]; value != nil {
			out = append(out, part+"="+values.Shown(value))
		}
	}
	return strings.Join(out, " ")
}

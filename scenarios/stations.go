package scenarios

import (
	"context"
	"fmt"
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/bus/glob"
	"signalbox/scenarios/script"
	"signalbox/sources"
)

// Make makes the stations of domains (all of the library's when none is named) where the bus can and they are missing,
// and returns the names of the streams that it made. A channel is not made: it is there when somebody sends to it.
func (l *Library) Make(ctx context.Context, b bus.Bus, domains ...string) ([]string, error) {
	chosen, err := l.chosen(domains)
	maker, ok := bus.As[bus.Maker](b)
	if err != nil || !ok {
		return nil, err
	}
	there, err := b.Stations(ctx)
	if err != nil && len(there) == 0 {
		return nil, fmt.Errorf("list stations: %w", err)
	}
	var made []string
	for _, d := range chosen {
		for _, s := range d.Stations {
			if s.Value.is(kindChannel) || slices.ContainsFunc(there, func(x bus.Station) bool { return x.Name == s.Name }) {
				continue
			}
			wanted := bus.NewStation{Name: s.Name, Keyed: s.Value.is(kindKV), Subjects: s.Value.Subjects.Values()}
			if err := maker.Make(ctx, wanted); err != nil {
				return made, fmt.Errorf("make the stations of %s: %w", d.Name, err)
			}
			if !wanted.Keyed {
				made = append(made, s.Name)
			}
		}
	}
	return made, nil
}

// StationNames are the stations that domains tell of.
func (l *Library) StationNames() []string {
	var names []string
	for _, d := range l.now().domains {
		for _, s := range d.Stations {
			names = append(names, s.Name)
		}
	}
	return names
}

// How long a script waits for its engine to find the stations that were made for it, and how often it looks.
const (
	stationsTime = 5 * time.Second
	stationsLook = 10 * time.Millisecond
)

// awaitStations waits until the engine reads stations that are new, which it finds by itself when it discovers; where it was
// told what to read, they are not what the script is about.
func (s *Stage) awaitStations(ctx context.Context, made []string) error {
	patient, cancel := context.WithTimeout(ctx, stationsTime)
	defer cancel()
	look := time.NewTicker(stationsLook)
	defer look.Stop()
	for slices.ContainsFunc(made, func(name string) bool { return !s.reads(name) }) {
		select {
		case <-look.C:
		case <-patient.Done():
			return ctx.Err()
		}
	}
	return nil
}

// listen has the engine read the channels of a script's domains: they are there for as long as somebody listens, so that
// nobody can find them.
func (s *Stage) listen(ctx context.Context, chosen *script.Script) error {
	for _, d := range s.Library.now().domains {
		if d.Name != chosen.Domain && !slices.Contains(chosen.Uses, d.Name) {
			continue
		}
		for _, station := range d.Stations {
			if !station.Value.is(kindChannel) || s.hears(station.Name) {
				continue
			}
			if err := s.Engine.Attach(ctx, s.Bus, sources.Selection{Names: []string{station.Name}, From: bus.From{Start: bus.FromNew}}); err != nil {
				return fmt.Errorf("listen on the channel %s: %w", station.Name, err)
			}
		}
	}
	return nil
}

// hears tells whether the engine reads a channel, by itself or by a pattern.
func (s *Stage) hears(channel string) bool {
	return slices.ContainsFunc(s.Engine.Snapshot().Stations, func(row sources.StationRow) bool {
		return row.Bus == s.Bus.Info().Name && row.Reading && slices.ContainsFunc(row.Station.Subjects, func(pattern string) bool {
			if row.Station.Separators == "." { // subjects
				return takes(pattern, channel)
			}
			return glob.MatchRedis(pattern, channel)
		})
	})
}

// reads tells whether the engine reads a station of the stage's bus, or has found that it cannot.
func (s *Stage) reads(name string) bool {
	return slices.ContainsFunc(s.Engine.Snapshot().Stations, func(row sources.StationRow) bool {
		return row.Station.Name == name && row.Bus == s.Bus.Info().Name && (row.Reading || row.Refused != "")
	})
}

// Beside tells whether a domain that has events at one station has them at another, too.
func (l *Library) Beside(station, other string) bool {
	return slices.ContainsFunc(l.now().domains, func(d *domain) bool { return d.IsHome(station) && d.IsHome(other) })
}

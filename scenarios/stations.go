package scenarios

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/bus/glob"
	"signalbox/scenarios/file"
	"signalbox/scenarios/script"
	"signalbox/sources"
)

// Make makes the stations of domains (all of the library's when none is named) where the bus can and they are missing,
// and returns those that it made. A channel is not made: it is there when somebody sends to it.
func (l *Library) Make(ctx context.Context, b bus.Bus, domains ...string) ([]bus.NewStation, error) {
	chosen, err := l.chosen(domains)
	maker, ok := bus.As[bus.Maker](b)
	if err != nil || !ok {
		return nil, err
	}
	there, err := b.Stations(ctx)
	if err != nil && len(there) == 0 {
		return nil, fmt.Errorf("list stations: %w", err)
	}
	var made []bus.NewStation
	for _, d := range chosen {
		for _, s := range d.Stations {
			if s.Value.is(kindChannel) || slices.ContainsFunc(there, func(x bus.Station) bool { return x.Name == s.Name }) {
				continue
			}
			wanted := bus.NewStation{Name: s.Name, Keyed: s.Value.is(kindKV), Subjects: s.Value.Subjects.Values()}
			if err := maker.Make(ctx, wanted); err != nil {
				return made, fmt.Errorf("make the stations of %s: %w", d.Name, err)
			}
			made = append(made, wanted)
		}
	}
	return made, nil
}

// StationsOf are the stations that a domain says it has, those of keys apart.
func (l *Library) StationsOf(domain string) []string {
	var names []string
	for _, d := range l.now().domains {
		for _, s := range d.Stations {
			if d.Name == domain && !s.Value.is(kindKV) {
				names = append(names, s.Name)
			}
		}
	}
	return names
}

// stationsOf are all stations that a domain says it has.
func (l *Library) stationsOf(domain string) []string {
	var names []string
	for _, d := range l.now().domains {
		for _, s := range d.Stations {
			if d.Name == domain {
				names = append(names, s.Name)
			}
		}
	}
	return names
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

// awaitStations waits until an engine that finds stations by itself reads those that are new.
func (s *Stage) awaitStations(ctx context.Context, made []bus.NewStation) error {
	patient, cancel := context.WithTimeout(ctx, stationsTime)
	defer cancel()
	look := time.NewTicker(stationsLook)
	defer look.Stop()
	for slices.ContainsFunc(made, func(x bus.NewStation) bool { return !x.Keyed && !s.reads(x.Name) }) {
		select {
		case <-look.C:
		case <-patient.Done():
			return ctx.Err()
		}
	}
	return nil
}

// listen has the engine read the stations of a script's domains that it does not read yet, and where else the script sends to.
// Channels are there for as long as somebody listens, so that nobody could find them.
func (s *Stage) listen(ctx context.Context, chosen *script.Script, domains []string) error {
	var names []string
	for _, d := range s.Library.now().domains {
		if !slices.Contains(domains, d.Name) {
			continue
		}
		for _, station := range d.Stations {
			unread, err := s.unread(ctx, station.Name, station.Value)
			if err != nil {
				return err
			}
			names = append(names, unread...)
		}
		for _, name := range s.elsewhere(ctx, d, chosen) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	for _, name := range names {
		if err := s.Engine.Attach(ctx, s.Bus, sources.Selection{Names: []string{name}, From: s.From}); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
	}
	return nil
}

// elsewhere are stations that a domain does not say how to make, and that are not read: those where it has events, as far as
// they are there, and those that the script sends to.
func (s *Stage) elsewhere(ctx context.Context, d *domain, chosen *script.Script) (names []string) {
	if s.Own {
		return nil
	}
	candidates := file.Texts(d.Events.Stations).Values()
	for _, goal := range chosen.Goals {
		if goal.Domain == d.Name {
			candidates = append(candidates, goal.Station)
		}
	}
	for _, name := range candidates {
		if _, own := d.Stations.Get(name); own || strings.ContainsAny(name, "*?[>") || s.reads(name) || s.hears(name) {
			continue
		}
		found, _ := s.Bus.Stations(ctx, name) // what cannot be told of is not there
		if len(found) == 1 && found[0].Readable && (!found[0].Presumed || slices.Contains(chosen.Goals, script.Goal{Domain: d.Name, Station: name})) {
			names = append(names, name)
		}
	}
	return names
}

// unread are the names by which a station of a domain is to be read; none where it is read, or is not there.
func (s *Stage) unread(ctx context.Context, name string, as stationSection) ([]string, error) {
	switch {
	case as.is(kindChannel):
		if s.hears(name) {
			return nil, nil
		}
		return []string{ChannelName(ctx, s.Bus, name)}, nil
	case as.is(kindKV), s.Own, s.reads(name): // of its own bus the engine reads all streams
		return nil, nil
	}
	there, err := placesOf(ctx, s.Bus, name, as)
	return slices.DeleteFunc(there, s.reads), err
}

// ChannelName is how a channel is named where a stream may have the same name.
func ChannelName(ctx context.Context, b bus.Bus, name string) string {
	found, _ := b.Stations(ctx, name) // what cannot be told of is read as it is named
	if len(found) == 1 && found[0].Channel != "" {
		return found[0].Channel
	}
	return name
}

// placesOf are the streams of a bus that are a station of a domain: the one of its name, or those that take its subjects.
func placesOf(ctx context.Context, b bus.Bus, name string, as stationSection) ([]string, error) {
	found, err := b.Stations(ctx, name)
	if err != nil && len(found) == 0 && !errors.Is(err, bus.ErrUnfinished) {
		return nil, fmt.Errorf("is the station %s there: %w", name, err)
	}
	for i := range found {
		if s := &found[i]; s.Name == name && !s.Presumed && s.Replayable {
			return []string{name}, nil
		}
	}
	all, err := b.Stations(ctx)
	if err != nil && len(all) == 0 && !errors.Is(err, bus.ErrUnfinished) {
		return nil, fmt.Errorf("is the station %s there: %w", name, err)
	}
	subjects := append(as.Subjects.Values(), name)
	var places []string
	for i := range all {
		if s := &all[i]; s.Replayable && s.Separators == "." && slices.ContainsFunc(s.Subjects, func(pattern string) bool {
			return slices.ContainsFunc(subjects, func(subject string) bool { return takes(pattern, example(subject)) })
		}) {
			places = append(places, s.Name)
		}
	}
	return places, nil
}

// example is a subject of a pattern.
func example(pattern string) string { return strings.NewReplacer("*", "x", ">", "x").Replace(pattern) }

// hears tells whether the engine reads a channel, by itself or by a pattern.
func (s *Stage) hears(channel string) bool {
	return slices.ContainsFunc(s.Engine.Snapshot().Stations, func(row sources.StationRow) bool {
		return row.Bus == s.Bus.Info().Name && row.Reading && row.Station.Channel == "" && slices.ContainsFunc(row.Station.Subjects, func(pattern string) bool {
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

// Package stations lists the stations of Memphis: the streams of a station's partitions are one, under its own name, with
// its settings in Memphis's words. Streams that are no station's are left to the bus below.
//
// All methods may be called from any goroutine; those with a context ask the server. Nothing is changed on it.
package stations

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/clients"
	"signalbox/bus/memphisbus/internal/names"
	"signalbox/bus/natsbus"
)

// Station is a station of Memphis.
type Station struct {
	Name       string // as Memphis writes it: "orders.eu"
	Partitions []Partition
}

// Partition is a stream of a station.
type Partition struct {
	Number int // from 1 on; 0 is the only one of a station before Memphis 1.0
	Info   *jetstream.StreamInfo
}

// Stream is the name of the stream.
func (p *Partition) Stream() string { return p.Info.Config.Name }

// Interest tells whether the station keeps a message only until all groups have acknowledged it (ack-based). No consumer may be
// made on it: it would hold the messages back.
func (s *Station) Interest() bool {
	return slices.ContainsFunc(s.Partitions, func(p Partition) bool { return p.Info.Config.Retention != jetstream.LimitsPolicy })
}

// Place is the position of a message in a partition.
func (s *Station) Place(number int, sequence uint64) bus.Position {
	return names.Place(len(s.Partitions), number, sequence)
}

// Find is the partition that a position lies in, and the sequence there.
func (s *Station) Find(at bus.Position) (p Partition, sequence uint64, ok bool) {
	number, sequence := names.Sequence(len(s.Partitions), s.Partitions[0].Number, at)
	i := slices.IndexFunc(s.Partitions, func(p Partition) bool { return p.Number == number })
	if i < 0 {
		return Partition{}, 0, false
	}
	return s.Partitions[i], sequence, true
}

// Lister finds stations on one server.
type Lister struct {
	server  *natsbus.Server
	clients *clients.Log

	// Schema is the schema of a station as far as it was told already, "" for none; nil while nobody was asked. It does not ask.
	Schema func(station string) (text string, known bool)
}

// New makes a lister, which tells of the producers that were heard of.
func New(server *natsbus.Server, known *clients.Log) *Lister {
	return &Lister{server: server, clients: known}
}

// All lists the stations that the user may look at. A partial list comes with an error.
func (l *Lister) All(ctx context.Context) ([]Station, error) {
	infos, err := l.server.Streams(ctx)
	return Group(infos), err
}

// List lists the stations of the bus, and what is none of Memphis's: other streams and buckets. A partial list comes with an
// error.
func (l *Lister) List(ctx context.Context) ([]bus.Station, error) {
	infos, err := l.server.Streams(ctx)
	if err != nil {
		err = l.left(ctx, infos, err)
	}
	var list []bus.Station
	taken := map[string]bool{}
	for _, s := range Group(infos) {
		for _, p := range s.Partitions {
			taken[p.Stream()] = true
		}
		if s.Partitions[0].Number == 0 && slices.ContainsFunc(list, func(other bus.Station) bool { return other.Name == s.Name }) {
			s.Name = s.Partitions[0].Stream() + oldSuffix
		}
		list = append(list, l.Describe(ctx, &s))
	}
	for _, info := range infos {
		if !taken[info.Config.Name] {
			list = append(list, l.server.Station(ctx, info))
		}
	}
	return list, err
}

// toldLeft is how many stations are named that are left out.
const toldLeft = 10

// left says which stations are left out of a list because the user may not look at them.
func (l *Lister) left(ctx context.Context, infos []*jetstream.StreamInfo, err error) error {
	all, failed := l.streamNames(ctx)
	if failed != nil || !errors.Is(err, bus.ErrRefused) {
		return fmt.Errorf("list stations: %w", err)
	}
	listed := map[string]bool{}
	for _, info := range infos {
		listed[info.Config.Name] = true
	}
	var left []string
	for _, stream := range all {
		station, _, ok := names.OfStream(stream)
		if ok && !listed[stream] && !slices.Contains(left, station) {
			left = append(left, station)
		}
	}
	text := strings.Join(left[:min(len(left), toldLeft)], ", ")
	if more := len(left) - toldLeft; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Errorf("list stations: %w: this user has no role that reads %s", bus.ErrRefused, text)
}

// Hidden is how many streams there are that are Memphis's own. Whoever may list names may know.
func (l *Lister) Hidden(ctx context.Context) (int, error) {
	all, err := l.streamNames(ctx)
	if err != nil {
		return 0, fmt.Errorf("count the streams of Memphis's own: %w", err)
	}
	return len(slices.DeleteFunc(all, func(name string) bool { return !names.System(name) })), nil
}

// streamNames are the names of all streams, which every user may know.
func (l *Lister) streamNames(ctx context.Context) (all []string, err error) {
	for {
		var page struct {
			Total   int      `json:"total"`
			Streams []string `json:"streams"`
		}
		if err := l.server.Ask(ctx, "STREAM.NAMES", map[string]int{"offset": len(all)}, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Streams...)
		if len(page.Streams) == 0 || len(all) >= page.Total {
			return all, nil
		}
	}
}

// Group makes stations of streams, in the order of their names. Streams that are no station's are left out.
func Group(infos []*jetstream.StreamInfo) []Station {
	var all []Station
	at := map[string]int{}
	for _, info := range infos {
		name, number, ok := names.OfStream(info.Config.Name)
		if !ok || !takesFinal(info) {
			continue
		}
		key := name
		if number == 0 {
			key += oldSuffix
		}
		i, known := at[key]
		if !known {
			i = len(all)
			at[key], all = i, append(all, Station{Name: name})
		}
		all[i].Partitions = append(all[i].Partitions, Partition{Number: number, Info: info})
	}
	for i := range all {
		slices.SortFunc(all[i].Partitions, func(a, b Partition) int { return a.Number - b.Number })
	}
	slices.SortStableFunc(all, func(a, b Station) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// oldSuffix is behind the name of a station without partitions, where there is one of the same name with them.
const oldSuffix = " (0.x)"

// takesFinal tells whether a stream's subjects are those that Memphis gives to a station's.
func takesFinal(info *jetstream.StreamInfo) bool {
	name := info.Config.Name
	return slices.ContainsFunc(info.Config.Subjects, func(subject string) bool {
		return subject == name+".>" || subject == name+".final" || subject == name+".*"
	})
}

// mostPartitions bounds how many streams are asked for when they must not be listed: Memphis has no more partitions.
const mostPartitions = 10_000

// Find is the station of a name, in any case of its letters. A station that there is not is an error that wraps
// bus.ErrMissing. Its streams are asked for one by one: that needs no right to list them.
func (l *Lister) Find(ctx context.Context, name string) (Station, error) {
	name, old := strings.CutSuffix(name, oldSuffix)
	if !names.Possible(name) {
		return Station{}, fmt.Errorf("station %s %w: no station may have that name", name, bus.ErrMissing)
	}
	s := Station{Name: names.Station(name)}
	for number := 1; number <= mostPartitions && !old; number++ {
		info, err := l.server.Stream(ctx, names.Stream(s.Name, number))
		if errors.Is(err, bus.ErrMissing) || errors.Is(err, bus.ErrRefused) && number > 1 {
			break
		}
		if err != nil {
			return Station{}, fmt.Errorf("station %s: %w", s.Name, err)
		}
		s.Partitions = append(s.Partitions, Partition{Number: number, Info: info})
	}
	if len(s.Partitions) > 0 {
		return s, nil
	}
	info, err := l.server.Stream(ctx, names.Stream(s.Name, 0))
	if err == nil && !takesFinal(info) {
		err = fmt.Errorf("%w: the stream of this name is no station", bus.ErrMissing)
	}
	if err != nil {
		return Station{}, fmt.Errorf("station %s: %w", s.Name, err)
	}
	s.Partitions = []Partition{{Info: info}}
	return s, nil
}

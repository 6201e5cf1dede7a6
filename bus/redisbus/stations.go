package redisbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
)

// chunk is how many keys or channels one pipeline asks about; maxChannels how many channels are discovered.
const (
	chunk       = 100
	maxChannels = 2000
)

// Stations implements bus.Bus.
func (b *Bus) Stations(ctx context.Context, names ...string) ([]bus.Station, error) {
	ctx, cancel := b.during(ctx)
	defer cancel()
	if b.ctx.Err() != nil {
		return nil, fault.ErrClosed
	}
	if len(names) == 0 {
		return b.discover(ctx)
	}
	var all []bus.Station
	var errs []error
	for _, name := range names {
		station, err := b.resolve(ctx, name)
		if err != nil {
			errs = append(errs, err)
		}
		if station.Name != "" {
			all = append(all, station)
		}
	}
	return all, errors.Join(errs...)
}

// resolve finds what a name means.
func (b *Bus) resolve(ctx context.Context, name string) (bus.Station, error) {
	kind, raw := parse(name)
	var err error
	if kind == "" {
		kind = bus.Channel
		var of string
		if of, err = b.typeOf(ctx, raw); of == "stream" {
			kind = bus.Log
		} else if err != nil {
			if !fault.Refused(err) && !errors.Is(err, bus.ErrRefused) {
				return bus.Station{}, err
			}
			err = fmt.Errorf("%w; it is taken for a channel, write stream:%s if it is a stream", err, raw)
		}
	}
	if kind == bus.Keys {
		return b.keyStation(ctx, raw)
	}
	b.places.note(kind, raw)
	found, failed := b.describe(ctx, kind, []string{raw}, nil)
	station := found[0]
	station.Name = written(kind, raw, kind == bus.Channel && name != raw)
	return station, errors.Join(err, failed)
}

// discover lists the channels that somebody subscribes to and the streams found so far.
func (b *Bus) discover(ctx context.Context) ([]bus.Station, error) {
	var all []bus.Station
	var errs []error
	add := func(kind bus.Kind, raws []string, shadows []string, err error) {
		found, failed := b.describe(ctx, kind, raws, shadows)
		all = append(all, found...)
		errs = append(errs, err, failed)
	}
	streams, err := b.streams(ctx)
	streams = merge(streams, b.places.of(bus.Log))
	add(bus.Log, streams, nil, err)
	channels, err := b.everywhere(ctx, "list channels", func(node *redis.Client) *redis.StringSliceCmd {
		return node.PubSubChannels(ctx, "*")
	})
	channels, few := some(slices.DeleteFunc(channels, internal))
	add(bus.Channel, channels, streams, errors.Join(err, few))
	if b.atLeast(7, 0) {
		sharded, err := b.everywhere(ctx, "list sharded channels", func(node *redis.Client) *redis.StringSliceCmd {
			return node.PubSubShardChannels(ctx, "*")
		})
		sharded, few := some(sharded)
		add(bus.Sharded, sharded, nil, errors.Join(err, few))
	}
	return all, errors.Join(errs...)
}

// everywhere joins the lists of all servers: in a cluster each knows its own subscribers alone.
func (b *Bus) everywhere(ctx context.Context, what string, ask func(*redis.Client) *redis.StringSliceCmd) ([]string, error) {
	var all []string
	err := b.each(ctx, func(_ string, node *redis.Client) error {
		some, err := ask(node).Result()
		all = append(all, some...)
		return err
	})
	return all, asking(what, err)
}

// some sorts channels and leaves out those beyond maxChannels.
func some(channels []string) ([]string, error) {
	slices.Sort(channels)
	channels = slices.Compact(channels)
	if len(channels) <= maxChannels {
		return channels, nil
	}
	return channels[:maxChannels], fmt.Errorf("list channels: there are %d; name those that matter, or a pattern", len(channels))
}

func asking(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, fault.Explain(err))
}

// merge is the sorted union of two sorted lists.
func merge(a, b []string) []string {
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return slices.Compact(all)
}

// describe makes stations of one kind, with what the server tells of them. Where it refuses, they have less.
func (b *Bus) describe(ctx context.Context, kind bus.Kind, raws, shadows []string) ([]bus.Station, error) {
	all := make([]bus.Station, 0, len(raws))
	var errs []error
	for part := range slices.Chunk(raws, chunk) {
		stations := make([]bus.Station, len(part))
		for i, raw := range part {
			_, shadowed := slices.BinarySearch(shadows, raw)
			stations[i] = bus.Station{Name: written(kind, raw, shadowed), Kind: kind, Readable: true, Subjects: []string{raw}, Consumers: -1, Reading: readings[kind]}
		}
		var err error
		switch kind {
		case bus.Pattern:
			for i := range stations {
				stations[i].Separators = separators
			}
		case bus.Log:
			stations, err = b.measure(ctx, stations)
		case bus.Channel, bus.Sharded:
			err = b.count(ctx, kind, stations)
		}
		all = append(all, stations...)
		errs = append(errs, err)
	}
	return all, errors.Join(errs...)
}

// separators part the names of channels and keys into words.
const separators = ":."

// readings say how each kind is read.
var readings = map[bus.Kind]string{
	bus.Log:     "XREAD on a connection of its own, no group; nothing is acknowledged or removed",
	bus.Channel: "SUBSCRIBE; what is published while nobody is connected is lost",
	bus.Pattern: "PSUBSCRIBE; what is published while nobody is connected is lost",
	bus.Sharded: "SSUBSCRIBE; what is published while nobody is connected is lost",
}

// measure fills in what there is to know of streams, and leaves out those that were deleted since they were found,
// unless the session is concerned with them.
func (b *Bus) measure(ctx context.Context, stations []bus.Station) ([]bus.Station, error) {
	infos, errs := b.desk.ask(ctx, rawNames(stations))
	var failed error
	kept := stations[:0]
	for i, s := range stations {
		s.Replayable, s.Positions = true, bus.TimedIDs
		switch {
		case errs[i] == nil:
			s = measured(s, infos[i])
		case fault.Absent(errs[i]):
			if !b.places.isLog(s.Subjects[0]) {
				continue
			}
		default:
			failed = fmt.Errorf("describe the stream %s: %w", s.Subjects[0], fault.Explain(errs[i]))
		}
		kept = append(kept, s)
	}
	return kept, failed
}

func measured(s bus.Station, info *inspection) bus.Station {
	s.Messages, s.Bytes = uint64(info.length), uint64(info.memory)
	s.First, s.Last = info.first, info.last
	s.Consumers = int(info.groups)
	s.Details = []bus.Detail{{Name: "groups", Value: strconv.FormatInt(info.groups, 10)}, {Name: "last generated ID", Value: idOf(info.generated)}}
	if info.added > 0 {
		s.Details = append(s.Details,
			bus.Detail{Name: "entries added", Value: strconv.FormatInt(info.added, 10)},
			bus.Detail{Name: "newest deleted ID", Value: idOf(info.deleted)})
	}
	if info.bytes > heavyRate {
		s.Details = append(s.Details, bus.Detail{Name: "asked about", Value: "every " + info.rest().Round(time.Second).String() +
			": each answer brings the first and the last entry, " + strconv.FormatInt(info.bytes, 10) + " bytes"})
	}
	return s
}

// count fills in how many subscribe to channels, ourselves left out.
func (b *Bus) count(ctx context.Context, kind bus.Kind, stations []bus.Station) error {
	counts, err := b.subscribers(ctx, kind, rawNames(stations))
	if err != nil {
		return err
	}
	for i := range stations {
		stations[i].Consumers = int(counts[stations[i].Subjects[0]])
	}
	return nil
}

func rawNames(stations []bus.Station) []string {
	raws := make([]string, len(stations))
	for i, s := range stations {
		raws[i] = s.Subjects[0]
	}
	return raws
}

// subscribers counts who subscribes to channels, ourselves left out.
func (b *Bus) subscribers(ctx context.Context, kind bus.Kind, raws []string) (map[string]int64, error) {
	counts := make(map[string]int64, len(raws))
	err := b.each(ctx, func(_ string, node *redis.Client) error {
		ask := node.PubSubNumSub
		if kind == bus.Sharded {
			ask = node.PubSubShardNumSub
		}
		there, err := ask(ctx, raws...).Result()
		for raw, n := range there {
			counts[raw] += n
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count subscribers of channels: %w", fault.Explain(err))
	}
	for _, raw := range raws {
		if b.lines.has(topic{kind, raw}) {
			counts[raw] = max(counts[raw]-1, 0)
		}
	}
	return counts, nil
}

package redisbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/names"
	"signalbox/bus/redisbus/internal/streams"
)

// describe makes stations of one kind, with what the server tells of them; where it refuses, with less. streams are the names
// of streams, sorted, where they shadow channels.
func (b *Bus) describe(ctx context.Context, kind bus.Kind, raws, streams []string) ([]bus.Station, error) {
	all := make([]bus.Station, 0, len(raws))
	var errs []error
	for part := range slices.Chunk(raws, askAtOnce) {
		stations := make([]bus.Station, len(part))
		for i, raw := range part {
			_, shadowed := slices.BinarySearch(streams, raw)
			stations[i] = bus.Station{Name: names.Write(kind, raw, shadowed), Kind: kind, Readable: true, Subjects: []string{raw}, Consumers: -1, Reading: readings[kind]}
		}
		var err error
		switch kind {
		case bus.Pattern:
			for i := range stations {
				stations[i].Separators, stations[i].Gathers = names.Separators, true
			}
		case bus.Log:
			stations, err = b.measure(ctx, stations)
		case bus.Channel, bus.Sharded:
			var counts map[string]int64
			counts, err = b.channels.Count(ctx, kind, part)
			for i := range stations {
				if err == nil {
					stations[i].Consumers = int(counts[part[i]])
				}
			}
		}
		all = append(all, stations...)
		errs = append(errs, err)
	}
	return all, errors.Join(errs...)
}

// readings say how each kind is read.
var readings = map[bus.Kind]string{
	bus.Log:     "XREAD on a connection of its own, no group; nothing is acknowledged or removed",
	bus.Channel: "SUBSCRIBE; what is published while nobody is connected is lost",
	bus.Pattern: "PSUBSCRIBE; what is published while nobody is connected is lost",
	bus.Sharded: "SSUBSCRIBE; what is published while nobody is connected is lost",
}

// measure fills in what there is to know of streams, and leaves out those that were deleted since they were found,
// unless they are known by name.
func (b *Bus) measure(ctx context.Context, stations []bus.Station) ([]bus.Station, error) {
	infos, errs := b.inspector.Ask(ctx, rawNames(stations))
	var failed error
	kept := stations[:0]
	for i, s := range stations {
		s.Replayable, s.Positions, s.Untold = true, bus.TimedIDs, "who reads without a group"
		s.Channel = names.Write(bus.Channel, names.Raw(s), true)
		switch {
		case errs[i] == nil:
			s = measured(s, infos[i])
		case fault.Absent(errs[i]):
			if !b.known.hasStream(s.Subjects[0]) {
				continue
			}
			s.Presumed = true
		default:
			failed = fmt.Errorf("describe the stream %s: %w", s.Subjects[0], fault.Explain(errs[i]))
		}
		kept = append(kept, s)
	}
	return kept, failed
}

func measured(s bus.Station, info *streams.Info) bus.Station {
	s.Messages, s.Bytes = uint64(info.Length), uint64(info.Memory)
	s.First, s.Last = info.First, info.Last
	s.Removed = info.Added > info.Length || info.Length == 0 && !info.Generated.IsZero()
	s.Consumers = int(info.Groups)
	s.Details = []bus.Detail{{Name: "groups", Value: strconv.FormatInt(info.Groups, 10)}, {Name: "last generated ID", Value: entries.ID(info.Generated)}}
	if info.Added > 0 {
		s.Details = append(s.Details,
			bus.Detail{Name: "entries added", Value: strconv.FormatInt(info.Added, 10)},
			bus.Detail{Name: "newest deleted ID", Value: entries.ID(info.Deleted)})
	}
	if info.Large() {
		s.Details = append(s.Details, bus.Detail{Name: "asked about", Value: "every " + info.Rest().Round(time.Second).String() +
			": each answer brings the first and the last entry, " + strconv.FormatInt(info.Bytes, 10) + " bytes"})
	}
	return s
}

func rawNames(stations []bus.Station) []string {
	raws := make([]string, len(stations))
	for i, s := range stations {
		raws[i] = s.Subjects[0]
	}
	return raws
}

package redisbus

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/names"
)

// askAtOnce is how many keys or channels one pipeline asks about.
const askAtOnce = 100

// Stations implements bus.Bus.
func (b *Bus) Stations(ctx context.Context, wanted ...string) ([]bus.Station, error) {
	ctx, cancel := b.session.During(ctx)
	defer cancel()
	if b.session.Ended() {
		return nil, fault.ErrClosed
	}
	if len(wanted) == 0 {
		return b.discover(ctx)
	}
	var all []bus.Station
	var errs []error
	for _, name := range wanted {
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
	kind, raw := names.Parse(name)
	var err error
	if kind == "" {
		kind = bus.Channel
		var of string
		if of, err = b.servers.TypeOf(ctx, raw); of == "stream" {
			kind = bus.Log
		} else if err != nil {
			if !fault.Refused(err) && !errors.Is(err, bus.ErrRefused) {
				return bus.Station{}, err
			}
			err = fmt.Errorf("%w; it is taken for a channel, write stream:%s if it is a stream", err, raw)
		}
	}
	if kind == bus.Keys {
		return b.keys.Station(ctx, raw)
	}
	b.known.addNamed(kind, raw, name)
	found, failed := b.describe(ctx, kind, []string{raw}, nil)
	station := found[0]
	station.Name = names.Write(kind, raw, kind == bus.Channel && name != raw)
	station.Presumed = kind == bus.Channel && name == raw && station.Consumers == 0 && err == nil || station.Presumed
	return station, errors.Join(err, failed)
}

// discover lists the channels that somebody subscribes to and the streams found so far.
func (b *Bus) discover(ctx context.Context) ([]bus.Station, error) {
	var all []bus.Station
	var errs []error
	add := func(kind bus.Kind, raws, streams []string, err error) {
		found, failed := b.describe(ctx, kind, raws, streams)
		all = append(all, found...)
		errs = append(errs, err, failed)
	}
	keys, err := b.search.Continue(ctx)
	keys = merge(keys, b.known.of(bus.Log))
	add(bus.Log, keys, nil, err)
	channels, err := b.channels.List(ctx, bus.Channel)
	add(bus.Channel, channels, keys, err)
	if b.servers.AtLeast(7, 0) {
		sharded, err := b.channels.List(ctx, bus.Sharded)
		add(bus.Sharded, sharded, nil, err)
	}
	return all, errors.Join(errs...)
}

// merge is the sorted union of two sorted lists.
func merge(a, b []string) []string {
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return slices.Compact(all)
}

package redisbus

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/groups"
	"signalbox/bus/redisbus/internal/names"
)

// Consumers implements bus.ConsumerLister: the groups of the streams that are known, and the subscribers of the
// channels that are named or open; as long as nothing is, those of all channels that somebody subscribes to. The session
// itself is not among them.
func (b *Bus) Consumers(ctx context.Context) ([]bus.Consumer, error) {
	ctx, cancel := b.session.During(ctx)
	defer cancel()
	if b.session.Ended() {
		return nil, fault.ErrClosed
	}
	streams, searched := b.search.Known(ctx)
	anything := b.known.empty()
	var errs []error
	if !searched && anything {
		var err error
		streams, err = b.search.Continue(ctx)
		errs = append(errs, err)
	}
	var all []bus.Consumer
	streams = merge(streams, b.known.of(bus.Log))
	for part := range slices.Chunk(streams, askAtOnce) {
		groups, err := b.groups.List(ctx, part)
		all, errs = append(all, groups...), append(errs, err)
	}
	shadowed := merge(streams, b.known.prefixed())
	for _, kind := range []bus.Kind{bus.Channel, bus.Sharded} {
		named := b.known.of(kind)
		if anything && (kind == bus.Channel || b.servers.AtLeast(7, 0)) {
			var err error
			named, err = b.channels.List(ctx, kind)
			errs = append(errs, err)
		}
		subscribers, err := b.channels.Consumers(ctx, kind, named, shadowed)
		all, errs = append(all, subscribers...), append(errs, err)
	}
	return all, errors.Join(errs...)
}

// Standing implements bus.Tracker for groups. Done says that the group is past a message and does not hold it: Redis
// tells no more, neither whether it was acknowledged nor whether it came before the group began.
func (b *Bus) Standing(c bus.Consumer, _ string, at bus.Position) (bus.Standing, string) {
	return groups.Standing(c, at)
}

// Work implements bus.Worker. On a stream it is a member of the group that the job names, which begins with the oldest
// entry when it is new; what it does not acknowledge is claimed again after AckWait, and what was delivered MaxDeliver
// times is acknowledged and so given up. A channel is subscribed to: every message comes once, whatever the verdict.
func (b *Bus) Work(ctx context.Context, job bus.Job, handle func(ctx context.Context, m bus.Message, delivery int) bus.Verdict) error {
	own, cancel := b.session.During(ctx)
	defer cancel()
	station, err := b.resolve(own, job.Station)
	if err == nil && station.Kind == bus.Log {
		err = b.groups.Work(own, job, names.Raw(station), handle)
	} else if err == nil {
		err = b.listen(own, station, handle)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case b.session.Ended():
		return fault.ErrClosed
	}
	return fmt.Errorf("work on %s: %w", job.Station, err)
}

// listen hands over what comes on a channel.
func (b *Bus) listen(ctx context.Context, station bus.Station, handle groups.Handler) error {
	feed, err := b.Open(ctx, station, bus.From{})
	if err != nil {
		return err
	}
	defer func() { _ = feed.Close() }()
	for {
		batch, err := feed.Next(ctx)
		if err != nil {
			return err
		}
		for _, m := range batch.Messages() {
			handle(ctx, m, 1)
		}
		batch.Release()
	}
}

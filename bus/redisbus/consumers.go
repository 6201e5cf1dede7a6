package redisbus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"signalbox/bus"
	"signalbox/bus/hands"
	"signalbox/bus/redisbus/internal/fault"
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
	b.groups.CountDead(all)
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
	return b.groups.Standing(c, at)
}

// Work implements bus.Worker. On a stream it is a member of the group that the job names, which begins with the oldest
// entry when it is new; what it does not acknowledge is claimed again after AckWait. What was delivered MaxDeliver times, and
// what is refused, it puts into the stream's dead-letter stream and acknowledges: see DeadLetters. A channel is subscribed to: every
// message comes once, whatever the verdict.
func (b *Bus) Work(ctx context.Context, job bus.Job, handle bus.Handler) error {
	own, cancel := b.session.During(ctx)
	defer cancel()
	name := job.Station
	if kind, raw := names.Parse(name); job.Unkept && kind == "" {
		name = names.Write(bus.Channel, raw, true)
	}
	station, err := b.resolve(own, name)
	if err == nil && station.Kind == bus.Log {
		err = b.groups.Work(own, job, names.Raw(station), handle)
	} else if err == nil {
		err = b.listen(own, station, job, handle)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case b.session.Ended():
		return fault.ErrClosed
	}
	return fmt.Errorf("work on %s: %w", job.Station, err)
}

// DeadLetters implements bus.DeadLetterLister. Redis itself has none. What is told are the entries that workers have put into the
// dead-letter streams of those that are known, called STREAM:dead-letters: this session's workers and others'.
func (b *Bus) DeadLetters(ctx context.Context) ([]bus.DeadLetter, error) {
	ctx, cancel := b.session.During(ctx)
	defer cancel()
	if b.session.Ended() {
		return nil, fault.ErrClosed
	}
	streams, _ := b.search.Known(ctx)
	streams = merge(streams, b.known.of(bus.Log))
	all, err := b.groups.DeadLetters(ctx, nil)
	for part := range slices.Chunk(streams, askAtOnce) {
		var failed error
		all, failed = b.groups.DeadLetters(ctx, part)
		err = cmp.Or(err, failed)
	}
	return all, err
}

// listen is Work on a channel: while the gate is shut it is not subscribed.
func (b *Bus) listen(ctx context.Context, station bus.Station, job bus.Job, handle bus.Handler) error {
	for ctx.Err() == nil {
		open, leave := job.Gate.Pass(ctx)
		err := b.hear(ctx, open, station, job, handle)
		leave()
		if err != nil && open.Err() == nil {
			return err
		}
	}
	return ctx.Err()
}

// hear hands over what comes until open ends, and waits until all of it is handled.
func (b *Bus) hear(ctx, open context.Context, station bus.Station, job bus.Job, handle bus.Handler) error {
	feed, err := b.Open(open, station, bus.From{})
	if err != nil {
		return err
	}
	job.Gate.Begin()
	at := hands.New(job.AtOnce)
	defer at.Wait()
	defer func() { _ = feed.Close() }()
	for {
		batch, err := feed.Next(open)
		if err != nil {
			return err
		}
		batch.Settle() // it is not released: its messages are handled while others come
		for _, m := range batch.Messages() {
			if err := at.Take(open); err != nil {
				return err
			}
			at.Do(func() { handle(ctx, m, 1) })
		}
	}
}

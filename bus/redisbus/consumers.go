package redisbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
)

// maxPending is how many of a group's pending entries are listed, the oldest first; maxMembers how many members.
const (
	maxPending = 100
	maxMembers = 1000
)

// Kinds of consumers.
const (
	groupKind      = "group"
	subscriberKind = "subscribers"
)

// Consumers implements bus.ConsumerLister: the groups of the streams that are known, and the subscribers of the
// channels that are named or open. The session itself is not among them.
func (b *Bus) Consumers(ctx context.Context) ([]bus.Consumer, error) {
	ctx, cancel := b.during(ctx)
	defer cancel()
	if b.ctx.Err() != nil {
		return nil, fault.ErrClosed
	}
	streams, searched := b.search.known(ctx)
	var errs []error
	if !searched && b.places.empty() {
		var err error
		streams, err = b.streams(ctx)
		errs = append(errs, err)
	}
	var all []bus.Consumer
	streams = merge(streams, b.places.of(bus.Log))
	for part := range slices.Chunk(streams, chunk) {
		groups, err := b.groups(ctx, part)
		all, errs = append(all, groups...), append(errs, err)
	}
	for _, kind := range []bus.Kind{bus.Channel, bus.Sharded} {
		listeners, err := b.listeners(ctx, kind, b.places.of(kind), streams)
		all, errs = append(all, listeners...), append(errs, err)
	}
	return all, errors.Join(errs...)
}

// groups lists the consumer groups of some streams.
func (b *Bus) groups(ctx context.Context, keys []string) ([]bus.Consumer, error) {
	infos := make([]*redis.XInfoGroupsCmd, len(keys))
	_, _ = b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, key := range keys {
			infos[i] = p.XInfoGroups(ctx, key)
		}
		return nil
	})
	var all []bus.Consumer
	var failed error
	for i, key := range keys {
		groups, err := infos[i].Result()
		if err != nil && !fault.Absent(err) {
			failed = fmt.Errorf("list the groups of the stream %s: %w", key, fault.Explain(err))
		}
		for _, g := range groups {
			all = append(all, b.group(key, g))
		}
	}
	return all, errors.Join(failed, b.members(ctx, all))
}

func (b *Bus) group(key string, g redis.XInfoGroup) bus.Consumer {
	c := bus.Consumer{Station: written(bus.Log, key, false), Name: g.Name, Kind: groupKind, Lag: g.Lag, Unacked: g.Pending,
		Redelivered: -1, Waiting: -1, Positions: bus.TimedIDs, Delivered: positionOf(g.LastDeliveredID)}
	if !b.atLeast(7, 0) {
		c.Lag = -1
	}
	if g.Pending == 0 {
		c.AckFloor = c.Delivered
	}
	return c
}

// members fills in the members of groups and their oldest pending entries.
func (b *Bus) members(ctx context.Context, groups []bus.Consumer) error {
	if len(groups) == 0 {
		return nil
	}
	members, pending := make([]*redis.XInfoConsumersCmd, len(groups)), make([]*redis.XPendingExtCmd, len(groups))
	_, _ = b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, c := range groups {
			key := rawName(bus.Station{Kind: bus.Log, Name: c.Station})
			members[i] = p.XInfoConsumers(ctx, key, c.Name)
			if c.Unacked > 0 {
				pending[i] = p.XPendingExt(ctx, &redis.XPendingExtArgs{Stream: key, Group: c.Name, Start: "-", End: "+", Count: maxPending})
			}
		}
		return nil
	})
	var failed error
	for i := range groups {
		list, err := members[i].Result()
		if err != nil && !fault.Absent(err) {
			failed = fmt.Errorf("list the members of %s: %w", groups[i].Name, fault.Explain(err))
		}
		b.addMembers(&groups[i], list)
		if pending[i] == nil {
			continue
		}
		oldest, err := pending[i].Result()
		if err != nil && !fault.Absent(err) {
			failed = errors.Join(failed, fmt.Errorf("list what is pending for %s: %w", groups[i].Name, fault.Explain(err)))
		}
		addPending(&groups[i], oldest)
	}
	return failed
}

func (b *Bus) addMembers(c *bus.Consumer, list []redis.XInfoConsumer) {
	now := time.Now()
	for _, m := range list[:min(len(list), maxMembers)] {
		inactive, active := m.Inactive, m.Idle
		if b.atLeast(7, 2) && inactive >= 0 {
			active = inactive
		} else {
			inactive = -1 // the server does not tell, or it has never read anything
		}
		c.Members = append(c.Members, bus.Member{Name: m.Name, Pending: m.Pending, Idle: m.Idle, Inactive: inactive})
		if at := now.Add(-active); at.After(c.LastActive) {
			c.LastActive = at
		}
	}
}

func addPending(c *bus.Consumer, oldest []redis.XPendingExt) {
	for _, p := range oldest {
		c.Pending = append(c.Pending, bus.Pending{Position: positionOf(p.ID), Member: p.Consumer, Age: p.Idle, Deliveries: p.RetryCount})
	}
	if len(c.Pending) > 0 {
		c.AckFloor = before(c.Pending[0].Position)
	}
}

// Standing implements bus.Tracker for groups. Done says that the group is past a message and does not hold it: Redis
// tells no more, neither whether it was acknowledged nor whether it came before the group began.
func (b *Bus) Standing(c bus.Consumer, _ string, at bus.Position) (bus.Standing, string) {
	if c.Kind != groupKind || at.IsZero() {
		return bus.Unknown, ""
	}
	if c.Delivered.Less(at) {
		return bus.Waiting, ""
	}
	for _, p := range c.Pending {
		if p.Position == at {
			return bus.Delivered, p.Member
		}
	}
	listed := len(c.Pending)
	switch {
	case c.Unacked <= int64(listed): // all that is pending is listed
		return bus.Done, ""
	case listed > 0 && at.Less(c.Pending[listed-1].Position): // the oldest are
		return bus.Done, ""
	}
	return bus.Unknown, ""
}

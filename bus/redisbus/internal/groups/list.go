package groups

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/names"
)

// How much is listed of a group: pending entries, the oldest first, and members.
const (
	maxPending = 100
	maxMembers = 1000
)

// List lists the groups of some streams. Partial results come with an error.
func (g *Groups) List(ctx context.Context, keys []string) ([]bus.Consumer, error) {
	infos := make([]*redis.XInfoGroupsCmd, len(keys))
	_, _ = g.session.Servers.Client.Pipelined(ctx, func(p redis.Pipeliner) error {
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
		for _, one := range groups {
			all = append(all, g.consumer(key, one))
		}
	}
	return all, errors.Join(failed, g.members(ctx, all))
}

func (g *Groups) consumer(key string, one redis.XInfoGroup) bus.Consumer {
	c := bus.Consumer{Station: names.Write(bus.Log, key, false), Name: one.Name, Kind: Kind, Lag: one.Lag, Unacked: one.Pending,
		Redelivered: -1, Waiting: -1, Positions: bus.TimedIDs, Delivered: entries.Position(one.LastDeliveredID)}
	if !g.session.Servers.AtLeast(7, 0) {
		c.Lag = -1
	}
	if one.Pending == 0 {
		c.AckFloor = c.Delivered
	}
	return c
}

// CountDead fills in how much groups have given up, as far as DeadLetters has read.
func (g *Groups) CountDead(all []bus.Consumer) { g.dead.count(all) }

// members fills in the members of groups and their oldest pending entries.
func (g *Groups) members(ctx context.Context, groups []bus.Consumer) error {
	if len(groups) == 0 {
		return nil
	}
	members, pending := make([]*redis.XInfoConsumersCmd, len(groups)), make([]*redis.XPendingExtCmd, len(groups))
	_, _ = g.session.Servers.Client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, c := range groups {
			key := names.Raw(bus.Station{Kind: bus.Log, Name: c.Station})
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
		g.addMembers(&groups[i], list)
		if pending[i] == nil {
			countRedelivered(&groups[i])
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

// addMembers lists the members of a group, those that hold something first where there are too many.
func (g *Groups) addMembers(c *bus.Consumer, list []redis.XInfoConsumer) {
	now := time.Now()
	if c.MoreMembers = max(0, len(list)-maxMembers); c.MoreMembers > 0 {
		slices.SortStableFunc(list, func(a, b redis.XInfoConsumer) int { return cmp.Compare(b.Pending, a.Pending) })
	}
	for i, m := range list {
		inactive, active := m.Inactive, m.Idle
		if g.session.Servers.AtLeast(7, 2) && inactive >= 0 {
			active = inactive
		} else {
			inactive = -1 // the server does not tell, or it has never read anything
		}
		if i < maxMembers {
			c.Members = append(c.Members, bus.Member{Name: m.Name, Pending: m.Pending, Idle: m.Idle, Inactive: inactive})
		}
		if at := now.Add(-active); at.After(c.LastActive) {
			c.LastActive = at
		}
	}
}

func addPending(c *bus.Consumer, oldest []redis.XPendingExt) {
	for _, p := range oldest {
		c.Pending = append(c.Pending, bus.Pending{Position: entries.Position(p.ID), Member: p.Consumer, Age: p.Idle, Deliveries: p.RetryCount})
	}
	if len(c.Pending) > 0 {
		c.AckFloor = entries.Before(c.Pending[0].Position)
	}
	countRedelivered(c)
}

// countRedelivered counts the pending entries that were delivered more than once, where they are all listed.
func countRedelivered(c *bus.Consumer) {
	if c.Unacked > int64(len(c.Pending)) {
		return
	}
	c.Redelivered = 0
	for _, p := range c.Pending {
		if p.Deliveries > 1 {
			c.Redelivered++
		}
	}
}

// Standing says how far a group is with a message, and which member holds it. Done says that the group is past it and does
// not hold it: Redis tells no more, neither whether it was acknowledged nor whether it came before the group began.
func (g *Groups) Standing(c bus.Consumer, at bus.Position) (standing bus.Standing, member string) {
	if c.Kind != Kind || at.IsZero() {
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
	if dead, known := g.dead.of(c, at); known {
		return dead, ""
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

package groups

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/session"
)

// Group is one consumer group.
type Group struct {
	session      *session.Session
	stream, name string
}

// Group is the group of a stream's key with a name, whether or not it exists.
func (g *Groups) Group(stream, name string) Group { return Group{g.session, stream, name} }

// transferStep is how many entries are taken over at once, transferMost how many in one go.
const (
	transferStep = 500
	transferMost = 100_000
)

// claim gives one entry to a member. Its deliveries are not counted up: the member has not got it yet.
func (g Group) claim(ctx context.Context, entry, to, idle string) (string, error) {
	wait, err := g.claimArguments(to, idle)
	if err != nil {
		return "", err
	}
	p, err := g.pending(ctx, entry)
	if err != nil {
		return "", err
	}
	if p.Idle < wait {
		return "", fmt.Errorf("%s was delivered to %s only %s ago, and may be worked on; say a shorter idle to claim it all the same",
			p.ID, p.Consumer, p.Idle.Round(time.Millisecond))
	}
	n, err := g.give(ctx, to, wait, []string{p.ID})
	if err != nil {
		return "", err
	}
	if n == 0 {
		return "", fmt.Errorf("%s was not claimed: it was acknowledged, delivered again or deleted meanwhile", p.ID)
	}
	return fmt.Sprintf("%s of %s is %s's now, no longer %s's", p.ID, g.name, to, p.Consumer), nil
}

func (g Group) claimArguments(to, idle string) (time.Duration, error) {
	if to == "" {
		return 0, errors.New("say the member that gets it (to)")
	}
	if idle == "" {
		return 0, nil
	}
	wait, err := time.ParseDuration(idle)
	if err != nil || wait < 0 {
		return 0, fmt.Errorf("idle is %q; want a time such as 30s or 5m", idle)
	}
	return wait, nil
}

// pending finds a pending entry.
func (g Group) pending(ctx context.Context, entry string) (redis.XPendingExt, error) {
	if _, err := bus.TimedIDs.Parse(entry); err != nil {
		return redis.XPendingExt{}, err
	}
	all, err := g.session.Servers.Client.XPendingExt(ctx, &redis.XPendingExtArgs{Stream: g.stream, Group: g.name, Start: entry, End: entry, Count: 1}).Result()
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("%s is not pending for %s (any more): %w", entry, g.name, bus.ErrMissing)
	}
	if err != nil {
		return redis.XPendingExt{}, err
	}
	return all[0], nil
}

func (g Group) give(ctx context.Context, to string, idle time.Duration, ids []string) (int, error) {
	claimed, err := g.session.Servers.Client.XClaimJustID(ctx, &redis.XClaimArgs{Stream: g.stream, Group: g.name, Consumer: to, MinIdle: idle, Messages: ids}).Result()
	return len(claimed), err
}

// takeOver gives all that a member holds to another.
func (g Group) takeOver(ctx context.Context, from, to, idle string) (string, error) {
	wait, err := g.claimArguments(to, idle)
	switch {
	case err != nil:
		return "", err
	case from == "" || from == to:
		return "", errors.New("say the member to take from (from), and another one to give to (to)")
	}
	given, left, start := 0, 0, "-"
	for given+left < transferMost {
		all, err := g.session.Servers.Client.XPendingExt(ctx, &redis.XPendingExtArgs{Stream: g.stream, Group: g.name, Consumer: from, Start: start, End: "+", Count: transferStep}).Result()
		if err != nil {
			return "", fmt.Errorf("after %d entries: %w", given, err)
		}
		if len(all) == 0 {
			break
		}
		ids := make([]string, len(all))
		for i, p := range all {
			ids[i] = p.ID
		}
		n, err := g.give(ctx, to, wait, ids)
		if err != nil {
			return "", fmt.Errorf("after %d entries: %w", given, err)
		}
		given, left = given+n, left+len(all)-n
		start = entries.ID(entries.After(entries.Position(ids[len(ids)-1])))
	}
	text := fmt.Sprintf("%d entries of %s are %s's now, no longer %s's", given, g.name, to, from)
	if given+left >= transferMost {
		text += fmt.Sprintf("; there may be more than these %d: pull it again", given+left)
	}
	if left > 0 {
		text += fmt.Sprintf("; %d stayed: they were delivered less than %s ago, or are deleted from the stream", left, wait)
	}
	return text, nil
}

// acknowledge tells the group that an entry is done.
func (g Group) acknowledge(ctx context.Context, entry string) (string, error) {
	p, err := g.pending(ctx, entry)
	if err != nil {
		return "", err
	}
	n, err := g.session.Servers.Client.XAck(ctx, g.stream, g.name, p.ID).Result()
	switch {
	case err != nil:
		return "", err
	case n == 0:
		return fmt.Sprintf("%s had been acknowledged already", p.ID), nil
	}
	return fmt.Sprintf("%s is acknowledged for %s; it was %s's, delivered %d times", p.ID, g.name, p.Consumer, p.RetryCount), nil
}

// deleteMember removes a member that has nothing pending and does not read any more.
func (g Group) deleteMember(ctx context.Context, name string) (string, error) {
	all, err := g.session.Servers.Client.XInfoConsumers(ctx, g.stream, g.name).Result()
	if err != nil {
		return "", err
	}
	for _, m := range all {
		switch {
		case m.Name != name:
		case m.Pending > 0:
			return "", fmt.Errorf("%s still has %d entries pending, which would be lost to the group: pull %s first, or acknowledge them", name, m.Pending, leverTakeOver)
		case m.Idle < g.session.Pace.Dead:
			return "", fmt.Errorf("%s read only %s ago, so it is not dead", name, m.Idle.Round(time.Millisecond))
		default:
			lost, err := g.session.Servers.Client.XGroupDelConsumer(ctx, g.stream, g.name, name).Result()
			if err != nil {
				return "", err
			}
			if lost > 0 {
				return fmt.Sprintf("deleted %s from %s, and with it %d entries that it had been given in that very moment", name, g.name, lost), nil
			}
			return fmt.Sprintf("deleted %s from %s; it had nothing pending", name, g.name), nil
		}
	}
	return "", fmt.Errorf("%s has no member called %q: %w", g.name, name, bus.ErrMissing)
}

package channels

import (
	"context"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/names"
)

// maxListed is how many channels are listed.
const maxListed = 2000

// List lists the channels, or sharded channels, that somebody subscribes to, sorted. Partial results come with an error.
func (c *Channels) List(ctx context.Context, kind bus.Kind) ([]string, error) {
	what := "list channels"
	if kind == bus.Sharded {
		what = "list sharded channels"
	}
	var all []string
	err := c.session.Servers.Each(ctx, func(_ string, node *redis.Client) error { // each knows its own subscribers alone
		ask := node.PubSubChannels
		if kind == bus.Sharded {
			ask = node.PubSubShardChannels
		}
		some, err := ask(ctx, "*").Result()
		all = append(all, some...)
		return err
	})
	all = slices.DeleteFunc(all, names.ServersOwn)
	slices.Sort(all)
	all = slices.Compact(all)
	switch {
	case err != nil:
		err = fmt.Errorf("%s: %w", what, fault.Explain(err))
	case len(all) > maxListed:
		err = fmt.Errorf("%s: there are %d; name those that matter, or a pattern", what, len(all))
	}
	return all[:min(len(all), maxListed)], err
}

// Count counts who subscribes to some channels or sharded channels. We do not count ourselves.
func (c *Channels) Count(ctx context.Context, kind bus.Kind, channels []string) (map[string]int64, error) {
	counts := make(map[string]int64, len(channels))
	err := c.session.Servers.Each(ctx, func(_ string, node *redis.Client) error {
		ask := node.PubSubNumSub
		if kind == bus.Sharded {
			ask = node.PubSubShardNumSub
		}
		there, err := ask(ctx, channels...).Result()
		for channel, n := range there {
			counts[channel] += n
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count subscribers of channels: %w", fault.Explain(err))
	}
	for _, channel := range channels {
		if c.Subscribed(Topic{kind, channel}) {
			counts[channel] = max(counts[channel]-1, 0)
		}
	}
	return counts, nil
}

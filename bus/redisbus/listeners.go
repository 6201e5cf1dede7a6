package redisbus

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
)

// maxListeners is how many subscribers are named.
const maxListeners = 32

// listeners are the subscribers of channels, one row for each channel: nobody is worth a row, too.
func (b *Bus) listeners(ctx context.Context, kind bus.Kind, raws, shadows []string) ([]bus.Consumer, error) {
	if len(raws) == 0 {
		return nil, nil
	}
	counts, err := b.subscribers(ctx, kind, raws)
	if err != nil {
		return nil, err
	}
	all := make([]bus.Consumer, len(raws))
	for i, raw := range raws {
		_, shadowed := slices.BinarySearch(shadows, raw)
		all[i] = bus.Consumer{Station: written(kind, raw, shadowed && kind == bus.Channel), Name: "subscribers", Kind: subscriberKind, Push: true,
			Lag: -1, Unacked: -1, Redelivered: -1, Waiting: counts[raw]}
		if kind == bus.Channel && counts[raw] > 0 {
			b.roll.name(ctx, &all[i])
		}
	}
	return all, nil
}

// roll is the clients that subscribe to any channel, as CLIENT LIST names them. It does not tell to which.
type roll struct {
	bus *Bus

	mu      sync.Mutex
	when    time.Time
	clients []bus.Member
	err     error
}

// name fills in who listens: for certain when there are as many clients as the channel has subscribers.
func (r *roll) name(ctx context.Context, c *bus.Consumer) {
	clients, err := r.call(ctx)
	switch {
	case err != nil:
		c.Details = append(c.Details, bus.Detail{Name: "names", Value: "CLIENT LIST: " + fault.Explain(err).Error()})
	case int64(len(clients)) == c.Waiting && len(clients) <= maxListeners:
		c.Members = clients
	case len(clients) > 0:
		c.Details = append(c.Details, bus.Detail{Name: "among", Value: named(clients) + "; Redis does not tell who of them listens to this channel"})
	}
}

// named lists some clients.
func named(clients []bus.Member) string {
	var names []string
	for _, m := range clients[:min(len(clients), maxListeners)] {
		names = append(names, m.Name)
	}
	text := strings.Join(names, ", ")
	if more := len(clients) - len(names); more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}

// call asks who subscribes to channels, ourselves left out.
func (r *roll) call(ctx context.Context) ([]bus.Member, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.when) < r.bus.pace.roll {
		return r.clients, r.err
	}
	r.when, r.clients = time.Now(), nil
	ours := r.bus.lines.ids()
	r.err = r.bus.each(ctx, func(addr string, node *redis.Client) error {
		list, err := node.Do(ctx, "CLIENT", "LIST", "TYPE", "pubsub").Text()
		for line := range strings.Lines(list) {
			if id, m, ok := subscriber(line); ok && !ours[addr+" "+id] {
				r.clients = append(r.clients, m)
			}
		}
		return err
	})
	return r.clients, r.err
}

// subscriber reads a line of CLIENT LIST; false for a client without channels. One without a name is called by its address.
func subscriber(line string) (id string, m bus.Member, ok bool) {
	m.Inactive = -1
	addr := ""
	for word := range strings.FieldsSeq(line) {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "id":
			id = value
		case "name":
			m.Name = value
		case "addr":
			addr = value
		case "idle":
			seconds, _ := strconv.Atoi(value)
			m.Idle = time.Duration(seconds) * time.Second
		case "sub":
			ok = value != "0"
		}
	}
	m.Name = cmp.Or(m.Name, addr)
	return id, m, ok
}

package channels

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
	"signalbox/bus/redisbus/internal/names"
)

// maxNamed is how many subscribers are named.
const maxNamed = 32

// SubscribersKind is the kind of the consumers that Consumers lists.
const SubscribersKind = "subscribers"

// Consumers makes one consumer of the subscribers of each channel or sharded channel, even where there are none. streams
// are the names of streams, sorted: they shadow channels.
func (c *Channels) Consumers(ctx context.Context, kind bus.Kind, channels, streams []string) ([]bus.Consumer, error) {
	if len(channels) == 0 {
		return nil, nil
	}
	counts, err := c.Count(ctx, kind, channels)
	if err != nil {
		return nil, err
	}
	all := make([]bus.Consumer, len(channels))
	for i, channel := range channels {
		_, shadowed := slices.BinarySearch(streams, channel)
		all[i] = bus.Consumer{Station: names.Write(kind, channel, shadowed && kind == bus.Channel), Name: "subscribers", Kind: SubscribersKind,
			Push: true, Lag: -1, Unacked: -1, Redelivered: -1, Waiting: counts[channel]}
		if kind == bus.Channel && counts[channel] > 0 {
			c.subscribers.name(ctx, &all[i])
		}
	}
	return all, nil
}

// subscribers are the clients that subscribe to any channel, as CLIENT LIST tells. It does not tell to which.
type subscribers struct {
	channels *Channels

	mu      sync.Mutex // guards what follows; held while the servers are asked
	asked   time.Time
	clients []bus.Member
	err     error
}

// name fills in who subscribes: for certain when there are as many clients as the channel has subscribers.
func (s *subscribers) name(ctx context.Context, c *bus.Consumer) {
	clients, err := s.list(ctx)
	switch {
	case err != nil:
		c.Details = append(c.Details, bus.Detail{Name: "names", Value: "CLIENT LIST: " + fault.Explain(err).Error()})
	case int64(len(clients)) == c.Waiting && len(clients) <= maxNamed:
		c.Members = clients
		for _, m := range clients {
			if m.Name == s.channels.session.Servers.ClientName() {
				c.Sessions++
			}
		}
	case len(clients) > 0:
		c.Details = append(c.Details, bus.Detail{Name: "among", Value: joined(clients) + "; Redis does not tell who of them listens to this channel"})
	}
}

// joined is the names of some clients as a text.
func joined(clients []bus.Member) string {
	var all []string
	for _, m := range clients[:min(len(clients), maxNamed)] {
		all = append(all, m.Name)
	}
	text := strings.Join(all, ", ")
	if more := len(clients) - len(all); more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}

// list asks the servers, not too often. We are not listed ourselves.
func (s *subscribers) list(ctx context.Context) ([]bus.Member, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	session := s.channels.session
	if time.Since(s.asked) < session.Pace.Subscribers {
		return s.clients, s.err
	}
	s.asked, s.clients = time.Now(), nil
	ours := s.channels.clients()
	s.err = session.Servers.Each(ctx, func(addr string, node *redis.Client) error {
		list, err := node.Do(ctx, "CLIENT", "LIST", "TYPE", "pubsub").Text()
		for line := range strings.Lines(list) {
			if id, m, ok := parseClient(line); ok && !ours[addr+" "+id] {
				s.clients = append(s.clients, m)
			}
		}
		return err
	})
	return s.clients, s.err
}

// parseClient reads a line of CLIENT LIST; false for a client that subscribes to no channel. One without a name is called by
// its address.
func parseClient(line string) (id string, m bus.Member, ok bool) {
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

// Package channels reads channels, patterns of channels and sharded channels: what is published while nobody is connected
// is lost, and a Gap says when. It also says which channels there are, and who subscribes to them.
//
// All channels share one connection, because each costs the server a buffer; in a cluster each slot of sharded channels has
// its own. A connection is drained whatever the readers of the feeds do: what they have not taken waits, up to a budget for
// all feeds together, and is then dropped and counted.
//
// All methods may be called from any goroutine. Those with a context block on the network until it ends at the latest. What
// is open when the session ends is closed.
package channels

import (
	"context"
	"sync"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/servers"
	"signalbox/bus/redisbus/internal/session"
)

// Topic is what one subscription is to: a channel, a pattern or a sharded channel.
type Topic struct {
	Kind bus.Kind
	Name string // as Redis knows it
}

// Channels are all subscriptions of a session.
type Channels struct {
	session     *session.Session
	most        int64 // bytes that each feed may hold of the session's budget; 0 is all there is
	subscribers subscribers

	mu          sync.Mutex
	connections map[string]*connection // by the key whose server they lead to
}

// New makes a set without subscriptions. Each feed holds so many bytes of the session's budget at most for its reader; 0 is
// as many as there are.
func New(s *session.Session, most int64) *Channels {
	c := &Channels{session: s, most: most, connections: make(map[string]*connection)}
	c.subscribers.channels = c
	return c
}

// Open subscribes and waits until the server has confirmed it.
func (c *Channels) Open(ctx context.Context, t Topic) (bus.Feed, error) {
	key := ""
	if t.Kind == bus.Sharded && c.session.Servers.Clustered() {
		key = servers.HashTag(t.Name)
	}
	f := c.NewFeed(t)
	if err := c.Subscribe(ctx, f, key); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// Subscribe lets a feed also read from the server of a key, or when key is "" from the one that all channels share. It waits
// until the server has confirmed the subscription.
func (c *Channels) Subscribe(ctx context.Context, f *Feed, key string) error {
	return c.connection(key).open(ctx, f)
}

func (c *Channels) connection(key string) *connection {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.connections[key] == nil {
		c.connections[key] = newConnection(c.session, key)
	}
	return c.connections[key]
}

func (c *Channels) all() []*connection {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]*connection, 0, len(c.connections))
	for _, one := range c.connections {
		all = append(all, one)
	}
	return all
}

// Subscribed tells whether a server has this subscription of ours now.
func (c *Channels) Subscribed(t Topic) bool {
	for _, one := range c.all() {
		if one.subscribed(t) {
			return true
		}
	}
	return false
}

// Matching counts our subscriptions by which a message on a channel comes.
func (c *Channels) Matching(channel string) int64 {
	var n int64
	for _, one := range c.all() {
		n += one.matching(channel)
	}
	return n
}

// clients are our connections, each as its server's address and its number in CLIENT LIST.
func (c *Channels) clients() map[string]bool {
	all := make(map[string]bool)
	for _, one := range c.all() {
		one.mu.RLock()
		if one.conn != nil {
			all[one.conn.Addr+" "+one.conn.Greeting.ID] = true
		}
		one.mu.RUnlock()
	}
	return all
}

package channels

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"signalbox/bus"
	"signalbox/bus/glob"
	"signalbox/bus/goroutine"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
	"signalbox/bus/redisbus/internal/servers"
	"signalbox/bus/redisbus/internal/session"
)

// connection carries subscriptions. It has a goroutine from the first subscription until the session ends, which drains it,
// and connects again when it breaks.
type connection struct {
	session *session.Session
	key     string // it leads to the server that has this key; "": to the one that all channels share

	mu            sync.RWMutex // guards what follows; held while a command is written, too, so that pending is in order
	subscriptions map[Topic]*subscription
	conn          *resp.Conn // nil while there is none
	addr          string     // of conn, or of the one before
	pending       []command  // that the server has not answered yet, oldest first
	failure       error      // why the last attempt to connect failed; nil once one has not
	running       bool

	received received // belongs to the goroutine
}

// command is one that the server will answer.
type command struct {
	subscription *subscription // nil for one whose answer does not matter: to unsubscribe, or PING
	topic        Topic
}

func newConnection(s *session.Session, key string) *connection {
	return &connection{session: s, key: key, subscriptions: make(map[Topic]*subscription)}
}

// open subscribes for a feed and waits until the server has confirmed it.
func (c *connection) open(ctx context.Context, f *Feed) error {
	sub, err := c.join(f)
	if err != nil {
		return err
	}
	select {
	case <-sub.answered:
		return sub.refusal
	case <-ctx.Done():
		if failure := c.lastFailure(); failure != nil {
			return fmt.Errorf("%w (%w)", failure, ctx.Err())
		}
		return ctx.Err()
	case <-c.session.Done():
		return fault.ErrClosed
	}
}

func (c *connection) join(f *Feed) (*subscription, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.running {
		if !c.session.Go("the reader of channels", c.run) {
			return nil, fault.ErrClosed
		}
		c.running = true
	}
	sub := c.subscriptions[f.topic]
	if sub == nil {
		sub = &subscription{answered: make(chan struct{})}
		c.subscriptions[f.topic] = sub
		c.send(verbs[f.topic.Kind].subscribe, command{sub, f.topic})
	}
	sub.feeds = append(sub.feeds, f)
	f.connections = append(f.connections, c)
	return sub, nil
}

// leave takes a feed off its subscription, which ends with its last feed.
func (c *connection) leave(f *Feed) {
	c.mu.Lock()
	defer c.mu.Unlock()
	sub := c.subscriptions[f.topic]
	if sub == nil {
		return
	}
	sub.feeds = slices.DeleteFunc(sub.feeds, func(other *Feed) bool { return other == f })
	if len(sub.feeds) == 0 {
		delete(c.subscriptions, f.topic)
		c.send(verbs[f.topic.Kind].unsubscribe, command{topic: f.topic})
	}
}

func (c *connection) subscribed(t Topic) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	sub := c.subscriptions[t]
	return sub != nil && sub.live()
}

func (c *connection) matching(channel string) int64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var n int64
	for t, sub := range c.subscriptions {
		if sub.live() && (t.Kind == bus.Channel && t.Name == channel || t.Kind == bus.Pattern && glob.MatchRedis(t.Name, channel)) {
			n++
		}
	}
	return n
}

func (c *connection) lastFailure() error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.failure
}

func (c *connection) address() string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.addr
}

// send sends a command; without a connection attach will. mu is held. The goroutine finds out when the write broke the
// connection.
func (c *connection) send(verb string, one command) {
	if c.conn == nil {
		return
	}
	c.pending = append(c.pending, one)
	if err := c.conn.Send(verb, one.topic.Name); err != nil {
		c.conn.Close()
	}
}

func (c *connection) ping() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending = append(c.pending, command{})
	return c.conn.Send("PING")
}

// errMoved breaks a connection whose slot has gone to another server.
var errMoved = errors.New("the slot moved to another server")

// run is the goroutine.
func (c *connection) run(ctx context.Context) {
	defer c.end()
	connected, to := func() {}, fault.Redirect{}
	for {
		conn := c.session.Servers.Redial(ctx, c.key, to, c.failed)
		if conn == nil {
			return
		}
		connected()
		stop := goroutine.AfterFunc(ctx, "what closes a connection", conn.Close)
		breaks := c.session.Breaks()
		err := c.attach(conn)
		if err == nil {
			err = c.receive(conn.In, conn.Addr)
		}
		stop()
		conn.Close()
		c.detach(conn)
		connected = func() { c.explain(err, breaks) }
		var sent bool
		if to, sent = fault.Redirected(err, conn.Addr); !sent && errors.Is(err, errMoved) {
			c.session.Servers.Failed(ctx, "")
			servers.Pause(ctx, servers.FirstRetry)
		}
	}
}

func (c *connection) failed(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failure = err
}

// attach takes a new connection and subscribes to all topics.
func (c *connection) attach(conn *resp.Conn) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn, c.addr, c.pending, c.failure = conn, conn.Addr, nil, nil
	conn.Limit, conn.Ping = session.PingEvery, c.ping
	for t, sub := range c.subscriptions {
		c.pending = append(c.pending, command{sub, t})
		conn.Queue(verbs[t.Kind].subscribe, t.Name)
	}
	return conn.Flush()
}

// detach notes that nothing has come for the subscriptions since the connection was last heard of.
func (c *connection) detach(conn *resp.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn = nil
	for _, sub := range c.subscriptions {
		if sub.lost.IsZero() {
			sub.lost, sub.why = conn.In.Arrived, Reconnected
		}
	}
}

// explain is called once the server answers again. A connection that broke while the link did not was cut off by the server.
// Of a server that the link does not lead to that cannot be told.
func (c *connection) explain(err error, breaks int64) {
	if c.key != "" || c.session.Breaks() != breaks || !c.session.Live() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, sub := range c.subscriptions {
		if sub.why == Reconnected {
			sub.why = CutOff
		}
	}
	c.session.Notify(bus.Warn, "", "the server cut off the subscriptions alone (%s): they were read too slowly for its "+
		"client-output-buffer-limit, or somebody killed them; subscribing again", fault.Words(err))
}

// end closes all feeds.
func (c *connection) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, sub := range c.subscriptions {
		for _, f := range sub.feeds {
			f.queue.Close()
		}
	}
	clear(c.subscriptions)
}

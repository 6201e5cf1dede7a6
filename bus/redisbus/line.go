package redisbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/bus/glob"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// line is a connection that carries subscriptions: one for all channels, and in a cluster others for what only one of
// its servers tells. It has a goroutine from the first subscription until the bus closes, which drains the connection
// whatever the feeds' readers do, and connects again.
type line struct {
	bus *Bus
	tag string // to the server that has this key's slot; "": to the one for all channels

	mu      sync.RWMutex // guards what follows; held shortly for writing commands, in the order of asked
	subs    map[topic]*subscription
	conn    *resp.Conn // nil while there is none
	asked   []ask      // commands that the server has not answered yet, oldest first
	last    error      // why it could not connect, nil once it has
	running bool
	addr    string // of the newest connection

	// What follows belongs to the goroutine.
	name  []byte    // of the message being read
	head  []byte    // how the messages begin that come on its heels
	burst []arrival // what they carry
}

// topic is what one subscription is to: a channel, a pattern or a sharded channel.
type topic struct {
	kind bus.Kind
	name string
}

// subscription is a topic with the feeds that read it.
type subscription struct {
	feeds []*channelFeed
	ready chan struct{} // closed when the server has confirmed or refused it for the first time
	err   error         // its refusal, set before ready is closed
	since time.Time     // when it was lost; zero while it is live
	why   string        // and why
}

// ask is a command that the server will answer.
type ask struct {
	sub   *subscription // nil for a farewell or a ping, whose answers do not matter
	topic topic
}

func newLine(b *Bus, tag string) *line {
	return &line{bus: b, tag: tag, subs: make(map[topic]*subscription)}
}

// open subscribes a feed and waits until the server has confirmed it.
func (l *line) open(ctx context.Context, f *channelFeed) error {
	sub, err := l.join(f)
	if err != nil {
		return err
	}
	select {
	case <-sub.ready:
		err = sub.err
	case <-ctx.Done():
		err = ctx.Err()
		if last := l.trouble(); last != nil {
			err = fmt.Errorf("%w (%w)", last, err)
		}
	case <-l.bus.ctx.Done():
		err = fault.ErrClosed
	}
	return err
}

func (l *line) join(f *channelFeed) (*subscription, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.running {
		if !l.bus.spawn(l.run) {
			return nil, fault.ErrClosed
		}
		l.running = true
	}
	sub := l.subs[f.topic]
	if sub == nil {
		sub = &subscription{ready: make(chan struct{})}
		l.subs[f.topic] = sub
		l.say(verbs[f.topic.kind].join, ask{sub, f.topic})
	}
	sub.feeds = append(sub.feeds, f)
	f.lines = append(f.lines, l)
	return sub, nil
}

// leave takes a feed off its subscription and ends that with the last one.
func (l *line) leave(f *channelFeed) {
	l.mu.Lock()
	defer l.mu.Unlock()
	sub := l.subs[f.topic]
	if sub == nil {
		return
	}
	sub.feeds = slices.DeleteFunc(sub.feeds, func(other *channelFeed) bool { return other == f })
	if len(sub.feeds) == 0 {
		delete(l.subs, f.topic)
		l.say(verbs[f.topic.kind].leave, ask{topic: f.topic})
	}
}

// has tells whether the server has this subscription now.
func (l *line) has(t topic) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	sub := l.subs[t]
	return sub != nil && sub.live()
}

// matching counts our subscriptions that a message to a channel comes through.
func (l *line) matching(channel string) int64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	var n int64
	for t, sub := range l.subs {
		if sub.live() && (t.kind == bus.Channel && t.name == channel || t.kind == bus.Pattern && glob.MatchRedis(t.name, channel)) {
			n++
		}
	}
	return n
}

// trouble is why there is no connection.
func (l *line) trouble() error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.last
}

// say sends one command, if there is a connection; else attach will. mu is held. A write that fails breaks the
// connection, which the goroutine then finds.
func (l *line) say(verb string, a ask) {
	if l.conn == nil {
		return
	}
	l.asked = append(l.asked, a)
	if err := l.conn.Send(verb, a.topic.name); err != nil {
		l.conn.Close()
	}
}

func (l *line) ping() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = append(l.asked, ask{})
	return l.conn.Send("PING")
}

// run is the line's goroutine.
func (l *line) run() {
	ctx := l.bus.ctx
	defer l.end()
	explain, to := func() {}, fault.Redirect{}
	for {
		c := l.bus.redial(ctx, func() (string, fault.Redirect) {
			defer func() { to = fault.Redirect{} }()
			return l.tag, to
		}, l.troubled)
		if c == nil {
			return
		}
		explain()
		stop := context.AfterFunc(ctx, c.Close)
		breaks := l.bus.breaks.Load()
		err := l.attach(c)
		if err == nil {
			err = l.receive(c.In, c.Addr)
		}
		stop()
		c.Close()
		l.detach(c)
		explain = func() { l.explain(err, breaks) }
		var sent bool
		if to, sent = fault.Redirected(err, c.Addr); !sent && errors.Is(err, errMoved) {
			l.bus.fleet.failed(ctx, "")
			pause(ctx, firstRetry)
		}
	}
}

// errMoved breaks a connection whose slot has gone to another server.
var errMoved = errors.New("the slot moved to another server")

func (l *line) troubled(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = err
}

// attach makes c the connection and subscribes all there is.
func (l *line) attach(c *resp.Conn) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn, l.asked, l.last, l.addr = c, nil, nil, c.Addr
	c.Limit, c.Ping = pulseEvery, l.ping
	for t, sub := range l.subs {
		l.asked = append(l.asked, ask{sub, t})
		c.Queue(verbs[t.kind].join, t.name)
	}
	return c.Flush()
}

// detach notes that the subscriptions are lost since the connection last said something.
func (l *line) detach(c *resp.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn = nil
	for _, sub := range l.subs {
		if sub.since.IsZero() {
			sub.since, sub.why = c.In.Arrived, reconnected
		}
	}
}

// The reasons of gaps.
const (
	reconnected = "reconnected"
	cutOff      = "slow reader cut off"
	forbidden   = "permission"
)

// explain tells, once the server answers again, a connection that broke with the link from one that was cut off alone.
// Of other servers than the link's that cannot be told.
func (l *line) explain(err error, breaks int64) {
	if l.tag != "" || l.bus.breaks.Load() != breaks || l.bus.Info().Link != bus.Live {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, sub := range l.subs {
		if sub.why == reconnected {
			sub.why = cutOff
		}
	}
	l.bus.say(bus.Warn, "", "the server cut off the subscriptions alone (%s): they were read too slowly for its "+
		"client-output-buffer-limit, or somebody killed them; subscribing again", fault.Words(err))
}

// end closes all feeds.
func (l *line) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, sub := range l.subs {
		for _, f := range sub.feeds {
			f.end()
		}
	}
	clear(l.subs)
}

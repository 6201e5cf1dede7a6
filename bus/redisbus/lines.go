package redisbus

import (
	"context"
	"sync"

	"signalbox/bus"
)

// lines are the connections for subscriptions, by the key whose server they lead to.
type lines struct {
	bus *Bus

	mu  sync.Mutex
	all map[string]*line
}

func newLines(b *Bus) *lines { return &lines{bus: b, all: make(map[string]*line)} }

// to is the line to the server of a key, or of all channels when that is "".
func (l *lines) to(tag string) *line {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all[tag] == nil {
		l.all[tag] = newLine(l.bus, tag)
	}
	return l.all[tag]
}

// open starts to read a channel, a pattern or a sharded channel.
func (l *lines) open(ctx context.Context, t topic) (bus.Feed, error) {
	tag := ""
	if t.kind == bus.Sharded && l.bus.fleet.cluster != nil {
		tag = hashTag(t.name)
	}
	f := newChannelFeed(l.bus, t)
	if err := l.to(tag).open(ctx, f); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

func (l *lines) list() []*line {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]*line, 0, len(l.all))
	for _, one := range l.all {
		all = append(all, one)
	}
	return all
}

// has tells whether the server has this subscription of ours now.
func (l *lines) has(t topic) bool {
	for _, one := range l.list() {
		if one.has(t) {
			return true
		}
	}
	return false
}

// matching counts our subscriptions that a message to a channel comes through.
func (l *lines) matching(channel string) int64 {
	var n int64
	for _, one := range l.list() {
		n += one.matching(channel)
	}
	return n
}

// ids are our lines, each as its server's address and the number it has in CLIENT LIST.
func (l *lines) ids() map[string]bool {
	ids := make(map[string]bool)
	for _, one := range l.list() {
		one.mu.RLock()
		if one.conn != nil {
			ids[one.conn.Addr+" "+one.conn.Greeting.ID] = true
		}
		one.mu.RUnlock()
	}
	return ids
}

package redisbus

import (
	"context"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
)

// Bounds of messages of many: how many commands travel together, for how long it counts what a name was found to be, and how many
// names that is remembered of.
const (
	mostTogether = 512
	nameAge      = time.Second
	mostNames    = 1_000
)

// many is what messages of many have together. The zero many is ready.
type many struct {
	mu      sync.Mutex
	busy    bool          // commands are travelling: those that come meanwhile are the next to go
	waiting []*travelling // in the order in which they came
	names   map[string]named
}

// travelling is a command that somebody waits for.
type travelling struct {
	command redis.Cmder
	turn    chan struct{} // holds one, when whoever waits for this command is to send those that wait
	done    chan struct{} // closed when it was answered
}

// named is whether a name was a stream's.
type named struct {
	stream bool
	asked  time.Time
}

// send has a server do a command, once; one of many goes together with others. A cluster has many servers, and each command goes to its
// own.
func (b *Bus) send(ctx context.Context, command redis.Cmder, out bus.Outgoing) error {
	if !out.Many || b.servers.Clustered() {
		return b.redis.Process(ctx, once{command})
	}
	x := b.many.join(command)
	if out.Gone != nil {
		out.Gone()
	}
	select {
	case <-x.turn:
	case <-x.done:
		return command.Err()
	case <-ctx.Done():
		return b.leave(ctx, x)
	}
	b.lead(ctx)
	return command.Err()
}

// join adds a command to those that wait. Where none travels, its own turn has come.
func (m *many) join(command redis.Cmder) *travelling {
	x := &travelling{command: command, turn: make(chan struct{}, 1), done: make(chan struct{})}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waiting = append(m.waiting, x)
	if !m.busy {
		m.busy = true
		x.turn <- struct{}{}
	}
	return x
}

// take takes those that go next.
func (m *many) take() []*travelling {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := min(len(m.waiting), mostTogether)
	batch := m.waiting[:n:n]
	m.waiting = m.waiting[n:]
	return batch
}

// pass has the first of those that wait send them.
func (m *many) pass() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.busy = len(m.waiting) > 0; m.busy {
		m.waiting[0].turn <- struct{}{}
	}
}

// lead sends those that wait, and hands the turn on. Others wait for the answer, too: it ends with the session, or with the time that
// connections have for an answer, not with the one who leads.
func (b *Bus) lead(ctx context.Context) {
	defer b.many.pass()
	batch := b.many.take()
	ctx, cancel := b.session.During(context.WithoutCancel(ctx))
	defer cancel()
	pipe := b.redis.Pipeline()
	for _, x := range batch {
		_ = pipe.Process(ctx, x.command)
	}
	_, _ = pipe.Exec(ctx) // each command has its own error
	for _, x := range batch {
		close(x.done)
	}
}

// leave gives a command up that has not gone yet. One that has gone is waited for by nobody.
func (b *Bus) leave(ctx context.Context, x *travelling) error {
	m := &b.many
	m.mu.Lock()
	for i, other := range m.waiting {
		if other == x {
			m.waiting = append(m.waiting[:i:i], m.waiting[i+1:]...)
			break
		}
	}
	m.mu.Unlock()
	select {
	case <-x.turn: // it came meanwhile
		m.pass()
	default:
	}
	return ctx.Err()
}

// isStream tells whether a name is a stream's: where it may not be asked, it is a channel's.
func (b *Bus) isStream(ctx context.Context, raw string, isMany bool) bool {
	m := &b.many
	if isMany {
		m.mu.Lock()
		known, there := m.names[raw]
		m.mu.Unlock()
		if there && time.Since(known.asked) < nameAge {
			return known.stream
		}
	}
	is, err := b.servers.TypeOf(ctx, raw)
	stream := err == nil && is == "stream"
	if isMany {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.names == nil || len(m.names) >= mostNames {
			m.names = map[string]named{}
		}
		m.names[raw] = named{stream, time.Now()}
	}
	return stream
}

package core

import (
	"context"
	"sync"

	"github.com/nats-io/nats.go"
)

// SendMany is Send for one of many messages: those that are sent at the same time ask together whether the server has them. For gone
// see RequestMany.
func (c *Client) SendMany(ctx context.Context, m *nats.Msg, gone func()) error {
	if c.vague.doubts(m.Subject) {
		return c.Send(ctx, m)
	}
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	ctx, done := c.watch(ctx, &call{subject: m.Subject})
	defer done()
	before := c.Conn.LastError()
	if err := c.Conn.PublishMsg(m); err != nil {
		return c.explain(err)
	}
	gone()
	failed := c.asked.do(ctx, func() error {
		// Others wait for the answer, too, and they may have more time.
		asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), Timeout)
		defer cancel()
		return c.Conn.FlushWithContext(asking)
	})
	return c.sent(m.Subject, c.taken(ctx, m.Subject, before, failed))
}

// together asks one question for all who have it while another is being asked. The zero together is ready.
type together struct {
	mu     sync.Mutex
	asking bool
	next   *round
}

// round is a question that several wait for.
type round struct {
	turn chan struct{} // holds one, once the question may be asked: by whoever takes it
	done chan struct{} // closed when it was answered
	err  error
}

// do waits for a question that is asked after this, or asks it.
func (t *together) do(ctx context.Context, ask func() error) error {
	r := t.join()
	select {
	case <-r.turn:
	case <-r.done:
		return r.err
	case <-ctx.Done():
		return ctx.Err()
	}
	t.mu.Lock()
	t.next = nil
	t.mu.Unlock()
	r.err = ask()
	close(r.done)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.next == nil {
		t.asking = false
	} else {
		t.next.turn <- struct{}{}
	}
	return r.err
}

// join is the question that has not been asked yet.
func (t *together) join() *round {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.next == nil {
		t.next = &round{turn: make(chan struct{}, 1), done: make(chan struct{})}
		if !t.asking {
			t.asking = true
			t.next.turn <- struct{}{}
		}
	}
	return t.next
}

package bus

import (
	"context"
	"sync"
)

// Gate holds a worker back: while it is shut no message is fetched, and the consumer stays. Its methods may be called from any
// goroutine; the zero Gate is open, and so is nil.
type Gate struct {
	mu     sync.Mutex
	opened chan struct{}                   // while it is shut: closed once it is open
	passed map[*passage]context.CancelFunc // those who fetch now
	left   chan struct{}                   // while somebody waits for that: closed once nobody fetches
	at     bool                            // a worker is at work since the gate was opened
	begins chan struct{}                   // while somebody waits for that: closed once one is
}

// passage is one way through a gate.
type passage struct{ _ byte }

// Open lets messages be fetched.
func (g *Gate) Open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.opened != nil {
		close(g.opened)
		g.opened = nil
	}
}

// Shut lets no more be fetched, also by those who wait for one.
func (g *Gate) Shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.opened != nil {
		return
	}
	g.opened, g.at = make(chan struct{}), false
	for _, end := range g.passed {
		end()
	}
}

// Pass waits until the gate is open. The context that it returns ends with ctx, and when the gate is shut; leave has to be
// called.
func (g *Gate) Pass(ctx context.Context) (open context.Context, leave func()) {
	open, end := context.WithCancel(ctx)
	if g == nil {
		return open, end
	}
	p := &passage{}
	for ctx.Err() == nil {
		g.mu.Lock()
		shut := g.opened
		if shut == nil {
			if g.passed == nil {
				g.passed = map[*passage]context.CancelFunc{}
			}
			g.passed[p] = end
		}
		g.mu.Unlock()
		if shut == nil {
			break
		}
		select {
		case <-shut:
		case <-ctx.Done():
		}
	}
	return open, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		delete(g.passed, p)
		if len(g.passed) == 0 && g.left != nil {
			close(g.left)
			g.left = nil
		}
		end()
	}
}

// Begin says that a worker that has passed is at work: what is sent from now on comes to it.
func (g *Gate) Begin() {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.at = g.opened == nil
	if g.at && g.begins != nil {
		close(g.begins)
		g.begins = nil
	}
}

// Begun waits until a worker is at work.
func (g *Gate) Begun(ctx context.Context) error {
	g.mu.Lock()
	if g.at {
		g.mu.Unlock()
		return ctx.Err()
	}
	return g.wait(ctx, &g.begins)
}

// Still waits until nobody fetches who passed before the gate was shut.
func (g *Gate) Still(ctx context.Context) error {
	g.mu.Lock()
	if g.opened == nil || len(g.passed) == 0 {
		g.mu.Unlock()
		return ctx.Err()
	}
	return g.wait(ctx, &g.left)
}

// IsShut tells whether nothing is to be fetched now.
func (g *Gate) IsShut() bool {
	if g == nil {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.opened != nil
}

// wait waits until a channel is closed, which it makes where nobody waits for it yet. It is called with mu held, and lets it go.
func (g *Gate) wait(ctx context.Context, told *chan struct{}) error {
	if *told == nil {
		*told = make(chan struct{})
	}
	come := *told
	g.mu.Unlock()
	select {
	case <-come:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

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
	g.opened = make(chan struct{})
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
		end()
	}
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

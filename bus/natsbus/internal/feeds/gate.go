package feeds

import (
	"sync"
)

// gate holds subscriptions back while a queue is fetched.
type gate struct {
	mu   sync.Mutex
	pass chan struct{} // closed when open
}

func newGate() gate { return gate{pass: make(chan struct{})} }

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.pass:
	default:
		close(g.pass)
	}
}

func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.pass:
		g.pass = make(chan struct{})
	default:
	}
}

// wait reports false when the feed was closed instead.
func (g *gate) wait(done <-chan struct{}) bool {
	g.mu.Lock()
	pass := g.pass
	g.mu.Unlock()
	select {
	case <-pass:
		return true
	case <-done:
		return false
	}
}

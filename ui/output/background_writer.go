package output

import (
	"io"
	"sync"
)

// maxPending bounds what waits to be written. Whoever prints more waits, up to the engine and, through it, the feeds.
const maxPending = 1 << 20

// BackgroundWriter writes to a stream that may be slow, from a goroutine of its own: what comes while it writes goes out
// with the next write, so that a burst is few writes and a single line is not held back.
type BackgroundWriter struct {
	mu      sync.Mutex
	changed *sync.Cond
	pending []byte
	closed  bool
	err     error
	done    chan struct{}
}

// NewBackgroundWriter starts the goroutine; Close ends it.
func NewBackgroundWriter(out io.Writer) *BackgroundWriter {
	p := &BackgroundWriter{done: make(chan struct{})}
	p.changed = sync.NewCond(&p.mu)
	go p.write(out)
	return p
}

// Write takes bytes to write later, from any goroutine. It waits while too much is pending, until Close.
func (p *BackgroundWriter) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.pending) >= maxPending && p.err == nil && !p.closed {
		p.changed.Wait()
	}
	switch {
	case p.err != nil:
		return 0, p.err
	case p.closed:
		return 0, io.ErrClosedPipe
	}
	p.pending = append(p.pending, b...)
	p.changed.Broadcast()
	return len(b), nil
}

// write is its goroutine. Two buffers take turns.
func (p *BackgroundWriter) write(out io.Writer) {
	defer close(p.done)
	var writing []byte
	for {
		p.mu.Lock()
		for len(p.pending) == 0 && !p.closed {
			p.changed.Wait()
		}
		writing, p.pending = p.pending, writing[:0]
		p.changed.Broadcast()
		p.mu.Unlock()
		if len(writing) == 0 {
			return
		}
		if _, err := out.Write(writing); err != nil {
			p.mu.Lock()
			p.err = err
			p.changed.Broadcast()
			p.mu.Unlock()
			return
		}
	}
}

// Close writes what is pending, ends the goroutine and tells whether everything was written.
func (p *BackgroundWriter) Close() error {
	p.mu.Lock()
	p.closed = true
	p.changed.Broadcast()
	p.mu.Unlock()
	<-p.done
	return p.err
}

// Package notes serves what whoever presents a script is to see, for another terminal: by HTTP, as a page of text that is written
// anew whenever it has changed, and each second for its clock. `curl -N` shows it.
//
// Show and the Server's other methods may be called from any goroutine; Show does not wait. Each reader has the newest page alone: one
// that is too slow misses pages, and one that takes nothing for a while is dropped.
package notes

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"signalbox/bus/goroutine"
	"signalbox/ui/deck"
)

// Bounds of readers: how many there are, and how long one may take for a page.
const (
	mostReaders = 16
	patience    = 5 * time.Second
	headTime    = 5 * time.Second
)

// Server serves the page that was shown last.
type Server struct {
	server   http.Server
	listener net.Listener
	life     context.Context
	end      context.CancelFunc
	running  goroutine.Group
	patience time.Duration // how long a reader may take for a page

	mu      sync.Mutex
	page    deck.Page
	changed chan struct{} // closed, and replaced, with each page
	readers int
}

// Listen listens on an address, HOST:PORT.
func Listen(address string) (*Server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listening on %s for notes: %w", address, err)
	}
	s := &Server{listener: listener, changed: make(chan struct{}), patience: patience}
	s.life, s.end = context.WithCancel(context.Background())
	s.server = http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: headTime, MaxHeaderBytes: 8 << 10,
		BaseContext: func(net.Listener) context.Context { return s.life }}
	s.running.Go("what serves notes", func() { _ = s.server.Serve(listener) }) // it ends by Close
	return s, nil
}

// Address is where it listens.
func (s *Server) Address() string { return s.listener.Addr().String() }

// Show has readers see a page.
func (s *Server) Show(page deck.Page) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.page = page
	close(s.changed)
	s.changed = make(chan struct{})
}

// Close ends all readers.
func (s *Server) Close() error {
	s.end()
	err := s.server.Close()
	s.running.Wait()
	return err
}

func (s *Server) latest() (page deck.Page, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.page, s.changed
}

// enter counts a reader; false where there are too many.
func (s *Server) enter(by int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.readers+by > mostReaders {
		return false
	}
	s.readers += by
	return true
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	goroutine.Call("a reader of notes", func() { s.read(w, r) })
}

// read writes pages for one reader until it goes, or takes nothing any more.
func (s *Server) read(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		http.Error(w, "want GET", http.StatusMethodNotAllowed)
		return
	}
	if !s.enter(+1) {
		http.Error(w, "too many read these notes", http.StatusServiceUnavailable)
		return
	}
	defer s.enter(-1)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	to := http.NewResponseController(w)
	clock := time.NewTicker(time.Second)
	defer clock.Stop()
	for first := true; ; first = false {
		page, changed := s.latest()
		text := draw(page, time.Now())
		if first {
			text = wholeScreen + text
		}
		if err := to.SetWriteDeadline(time.Now().Add(s.patience)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return
		}
		if _, err := w.Write([]byte(text)); err != nil || to.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-clock.C:
		case <-r.Context().Done():
			return
		case <-s.life.Done():
			return
		}
	}
}

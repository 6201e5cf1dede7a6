package output

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"signalbox/bus/goroutine"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// Bounds of what waits to be printed. Whoever prints more waits, up to the engine and, through it, the feeds.
const (
	mostPending = 1 << 20   // bytes of copied events
	handedOver  = 512 << 10 // of them that the goroutine is woken for, before Flush
	leastWrite  = 256 << 10 // bytes that are written at once while more events wait
)

// EventPrinter prints events from a goroutine of its own, so that neither the engine nor a feed waits for their text to
// be made. It is woken for many events at once, or by Flush: a burst is few writes, and a single event is not held back.
type EventPrinter struct {
	form    func(to []byte, e *sources.Event) []byte // appends one line
	event   sources.Event                            // that is printed now; it belongs to the goroutine
	mu      sync.Mutex
	changed *sync.Cond
	pending *sources.Copies
	wanted  bool // what is pending is to be printed now
	closed  bool
	err     error
	left    uint64 // events that are not written yet
	done    chan struct{}
	full    atomic.Bool
	room    chan struct{}
}

// NewEventPrinter starts the goroutine; Close ends it. The form appends what is written of an event, its line break
// included.
func NewEventPrinter(out io.Writer, form func(to []byte, e *sources.Event) []byte) *EventPrinter {
	p := &EventPrinter{form: form, pending: &sources.Copies{}, done: make(chan struct{}), room: make(chan struct{}, 1)}
	p.changed = sync.NewCond(&p.mu)
	widen(out)
	goroutine.Go("what prints events", func() { p.run(out) })
	return p
}

// Print copies an event to print it when there are many, or Flush is called, from any goroutine. It waits while too much is
// pending, until Enough or Close.
func (p *EventPrinter) Print(e *sources.Event) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.pending.Size() >= mostPending && p.err == nil && !p.closed {
		p.changed.Wait()
	}
	switch {
	case p.err != nil:
		return p.err
	case p.closed:
		return io.ErrClosedPipe
	}
	p.left++
	p.pending.Add(e)
	size := p.pending.Size()
	if size >= handedOver {
		p.want()
	}
	if size >= mostPending {
		p.full.Store(true)
	}
	return nil
}

// Full tells whether so much is pending that Print would wait.
func (p *EventPrinter) Full() bool { return p.full.Load() }

// Room has a value when the printer is no longer full.
func (p *EventPrinter) Room() <-chan struct{} { return p.room }

// hasRoom lets all who wait go on; p is locked.
func (p *EventPrinter) hasRoom() {
	p.changed.Broadcast()
	if p.full.CompareAndSwap(true, false) {
		select {
		case p.room <- struct{}{}:
		default:
		}
	}
}

// Flush has what is pending printed.
func (p *EventPrinter) Flush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pending.Len() > 0 {
		p.want()
	}
}

// want wakes the goroutine, once; p is locked.
func (p *EventPrinter) want() {
	if !p.wanted {
		p.wanted = true
		p.changed.Broadcast()
	}
}

// run is the goroutine. Two sets of copies take turns.
func (p *EventPrinter) run(out io.Writer) {
	defer close(p.done)
	printing := &sources.Copies{}
	var text []byte
	for {
		p.mu.Lock()
		for !p.wanted && !p.closed {
			p.changed.Wait()
		}
		printing, p.pending, p.wanted = p.pending, printing, false
		p.hasRoom()
		p.mu.Unlock()
		if printing.Len() == 0 {
			return
		}
		var err error
		text, err = p.write(out, printing, text[:0])
		p.mu.Lock()
		p.err = err
		if err != nil {
			p.hasRoom()
		}
		p.mu.Unlock()
		if err != nil {
			return
		}
		printing.Reset()
	}
}

// write writes events in as few pieces as there is text for, and returns the memory of the text.
func (p *EventPrinter) write(out io.Writer, events *sources.Copies, text []byte) ([]byte, error) {
	first := 0
	for i := range events.Len() {
		events.Read(i, &p.event)
		text = p.form(text, &p.event)
		if len(text) < leastWrite && i+1 < events.Len() {
			continue
		}
		if _, err := out.Write(text); err != nil {
			return text, err
		}
		text = text[:0]
		p.mu.Lock()
		p.left -= uint64(i + 1 - first)
		p.mu.Unlock()
		first = i + 1
	}
	return text, nil
}

// Enough says that no more events are wanted: those that are pending are printed, and Print takes none and does not wait.
func (p *EventPrinter) Enough() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.hasRoom()
}

// Close prints what is pending, ends the goroutine and tells whether everything was written.
func (p *EventPrinter) Close() error {
	p.Enough()
	<-p.done
	if errors.Is(p.err, ErrUnread) {
		return fmt.Errorf("%s not printed: %w", screen.Plural(p.left, "event"), p.err)
	}
	return p.err
}

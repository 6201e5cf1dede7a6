package pipe

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/muesli/cancelreader"

	"signalbox/bus"
	"signalbox/bus/goroutine"
)

// atOnce is how many bytes are read at once.
const atOnce = 64 << 10

// reader is the goroutine that reads the lines into one feed after the other.
type reader struct {
	bus     *Bus
	lines   cancelreader.CancelReader
	in      *bufio.Reader
	opened  chan *feed // capacity 1: the one to go on with
	over    chan struct{}
	end     sync.Once
	reading goroutine.Group

	// What follows is the goroutine's own.
	to    *feed
	line  []byte // the one at hand
	count uint64
}

func (b *Bus) read() (*reader, error) {
	lines, err := cancelreader.NewReader(b.options.Lines)
	if err != nil { // a file that never waits
		lines, err = cancelreader.NewReader(struct{ io.Reader }{b.options.Lines})
	}
	if err != nil {
		return nil, err
	}
	r := &reader{bus: b, lines: lines, in: bufio.NewReaderSize(lines, atOnce), opened: make(chan *feed, 1), over: make(chan struct{})}
	r.reading.Go("what reads lines", r.run)
	return r, nil
}

// take has what follows go to a feed; the one before it is closed.
func (r *reader) take(f *feed) {
	select {
	case <-r.opened: // it was closed before anything came
	default:
	}
	r.opened <- f
}

// run reads until there are no more lines, and then tells each feed so.
func (r *reader) run() {
	if !r.wait() {
		return
	}
	for {
		size, err := r.next()
		if errors.Is(err, cancelreader.ErrCanceled) || len(r.line) > 0 && !r.deliver(size) {
			return
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			r.bus.ended(r.count, err)
			break
		}
		if !r.hasLine() {
			r.to.Flush()
		}
	}
	for ok := true; ok; ok = r.wait() {
		r.to.Ended()
	}
}

// wait waits for a feed to deliver to, and reports false at the end.
func (r *reader) wait() bool {
	select {
	case r.to = <-r.opened:
		return true
	case <-r.over:
		return false
	}
}

// hasLine tells whether a whole line was read already, which comes at once.
func (r *reader) hasLine() bool {
	buffered, _ := r.in.Peek(r.in.Buffered()) // never more than there is
	return bytes.IndexByte(buffered, '\n') >= 0
}

// next reads a line, of which as much is kept as a message may hold, and tells how long it is.
func (r *reader) next() (size int, err error) {
	r.line = r.line[:0]
	for {
		piece, err := r.in.ReadSlice('\n')
		size += len(piece)
		r.line = append(r.line, piece[:min(int64(len(piece)), r.bus.options.Body-int64(len(r.line)))]...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			if bytes.HasSuffix(piece, []byte("\n")) {
				size--
			}
			if size < len(r.line) {
				r.line = r.line[:size]
			}
			if last := len(r.line) - 1; last >= 0 && size == len(r.line) && r.line[last] == '\r' {
				r.line, size = r.line[:last], last
			}
			return size, err
		}
	}
}

// deliver hands over the line at hand, of so many bytes. It reports false at the end.
func (r *reader) deliver(size int) bool {
	r.count++
	m := bus.Message{Subject: Name, Data: r.line, Position: bus.Position{Major: r.count}, UnixNano: time.Now().UnixNano(), Size: size}
	if size == len(r.line) {
		open(&m)
	}
	if r.bus.options.Place != nil {
		r.bus.options.Place(&m)
	}
	for !r.to.Add(&m) {
		if !r.wait() {
			return false
		}
	}
	return true
}

// close ends the goroutine; its feed is closed.
func (r *reader) close() error {
	var err error
	r.end.Do(func() {
		close(r.over)
		r.lines.Cancel()
		r.reading.Wait()
		err = r.lines.Close()
	})
	return err
}

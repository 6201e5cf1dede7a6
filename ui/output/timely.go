package output

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"signalbox/bus/goroutine"
)

// ErrUnread says that nobody took what was written when the program was to end.
var ErrUnread = errors.New("nobody reads what is printed")

// How long a stream may take once the program is to end: for all that is still written, and for each write after that.
const (
	unreadTime = time.Second
	lastTime   = 250 * time.Millisecond
)

// copied is how much is copied of what is written: whoever writes little uses the memory again, also after an error.
const copied = 64 << 10

// timely is a stream that holds nobody up for long once ctx has ended: a pipe that nobody reads, a terminal that was stopped.
// What is written in large pieces must not change after ErrUnread.
type timely struct {
	onto io.Writer
	ctx  context.Context

	mu    sync.Mutex
	until time.Time // set once ctx has ended
	given bool      // up
}

// Timely is out, but a write that nobody takes ends with ErrUnread, soon after ctx has ended.
func Timely(ctx context.Context, out io.Writer) io.Writer { return &timely{onto: out, ctx: ctx} }

// Write writes as the stream does.
func (t *timely) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.given {
		return 0, ErrUnread
	}
	if len(text) <= copied {
		text = append([]byte(nil), text...)
	}
	type result struct {
		n   int
		err error
	}
	done := make(chan result, 1)
	goroutine.Go("what writes the output", func() {
		failed := result{err: ErrUnread} // after a panic
		defer func() { done <- failed }()
		n, err := t.onto.Write(text)
		failed = result{n, err}
	})
	select {
	case r := <-done:
		return r.n, r.err
	case <-t.ctx.Done():
	}
	if t.until.IsZero() {
		t.until = time.Now().Add(unreadTime)
	}
	timer := time.NewTimer(max(time.Until(t.until), lastTime))
	defer timer.Stop()
	select {
	case r := <-done:
		return r.n, r.err
	case <-timer.C:
		t.given = true
		return 0, ErrUnread
	}
}

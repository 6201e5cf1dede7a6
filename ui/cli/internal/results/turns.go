package results

import (
	"bytes"
	"io"
	"sync"
)

// Turns print what scripts say that run at the same time: of each whole, one after the other, in their order. What the first of them
// says that has not ended is printed at once. It may be used from any goroutine.
type Turns struct {
	out io.Writer

	mu    sync.Mutex
	at    int
	all   []turn
	wrong error // of writing
}

// turn is what one of them says.
type turn struct {
	said  bytes.Buffer
	ended bool
	last  func()        // printed behind it, elsewhere
	come  chan struct{} // closed when it is its turn
}

// mostSaid bounds what is kept of a script that says much before its turn: then it waits for that.
const mostSaid = 1 << 20

// NewTurns makes the turns of so many scripts.
func NewTurns(out io.Writer, n int) *Turns {
	t := &Turns{out: out, all: make([]turn, n)}
	for i := range t.all {
		t.all[i].come = make(chan struct{})
	}
	if n > 0 {
		close(t.all[0].come)
	}
	return t
}

// Of is where one of them writes.
func (t *Turns) Of(i int) io.Writer { return turnWriter{t, i} }

type turnWriter struct {
	turns *Turns
	i     int
}

// Write prints, or keeps for later.
func (w turnWriter) Write(text []byte) (int, error) {
	t := w.turns
	own := &t.all[w.i]
	if t.full(own) {
		<-own.come
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.wrong != nil {
		return 0, t.wrong
	}
	if w.i != t.at {
		return own.said.Write(text)
	}
	n, err := t.out.Write(text)
	t.wrong = err
	return n, err
}

func (t *Turns) full(own *turn) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return own.said.Len() > mostSaid
}

// End says that one of them has ended; last is called in its turn.
func (t *Turns) End(i int, last func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all[i].ended, t.all[i].last = true, last
	for t.at < len(t.all) && t.all[t.at].ended {
		t.all[t.at].last()
		if t.at++; t.at == len(t.all) {
			return
		}
		next := &t.all[t.at]
		if _, err := t.out.Write(next.said.Bytes()); err != nil && t.wrong == nil {
			t.wrong = err
		}
		next.said = bytes.Buffer{}
		close(next.come)
	}
}

package scripts

import (
	"context"
	"sync"
	"time"

	"signalbox/scenarios/script"
)

// mostSent bounds what is remembered of what a script has sent: the newest.
const mostSent = 32

// between is the least time between two takings of news: nobody sees more, and a script may send thousands a second.
const between = 33 * time.Millisecond

// Kinds of steps: that say something, tell something to whoever presents the script, and wait for somebody.
const sayKind, noteKind, pauseKind = "say", "note", "pause"

// news is what a script has told and the deck has not taken yet. Its goroutines write it, the deck's commands take it. It holds one
// piece for each step, the newest line, and the newest of what was sent.
type news struct {
	mu    sync.Mutex
	told  told
	since time.Time     // of the last taking
	wake  chan struct{} // of capacity 1: there is something to take
}

// told is a piece of it.
type told struct {
	steps   []script.Progress
	line    string
	said    bool               // a line is new
	read    context.CancelFunc // ends the reading of the line; nil while nobody waits for that
	note    string             // of a step inside another; "" for no new one
	sent    []script.Sent
	dropped int // of what was sent: older than those
	ended   bool
}

func newNews() *news { return &news{wake: make(chan struct{}, 1)} }

// tell changes what is to be taken.
func (n *news) tell(change func(*told)) {
	n.mu.Lock()
	change(&n.told)
	n.mu.Unlock()
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// progress is news of a step, or of one inside it. What was told of it before and not taken yet is out of date, but for notes inside of it.
func (n *news) progress(p script.Progress) {
	n.tell(func(t *told) {
		if in := p.Inner; in != nil && in.Kind == noteKind && in.State == script.Passed {
			t.note = in.Note
		}
		for i := range t.steps {
			if t.steps[i].Index == p.Index {
				t.steps[i] = p
				return
			}
		}
		t.steps = append(t.steps, p)
	})
}

func (n *news) seen(sent script.Sent) {
	n.tell(func(t *told) {
		if t.sent = append(t.sent, sent); len(t.sent) > mostSent {
			t.sent = append([]script.Sent(nil), t.sent[1:]...)
			t.dropped++
		}
	})
}

// next waits until there is something, and takes it.
func (n *news) next() told {
	<-n.wake
	if rest := between - time.Since(n.since); rest > 0 {
		<-time.After(rest)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.since = time.Now()
	taken := n.told
	n.told = told{read: taken.read}
	return taken
}

package standin

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"signalbox/bus"
)

// Condition is how a stand-in is at work. People change it while it plays.
type Condition string

// The conditions.
const (
	On      Condition = "on"
	Off     Condition = "off"     // it takes nothing, after what it has in hand; its consumer stays, and so what waits is its lag
	Slow    Condition = "slow"    // it takes ten times as long, and no less than a second
	Failing Condition = "failing" // it refuses all that it is handed, which comes again
	Crashed Condition = "crashed" // it has died with what it had in hand, which nobody acknowledges; its consumer stays
)

// Conditions are all of them, and what they mean for people.
var Conditions = []struct {
	Condition Condition
	About     string
}{
	{On, "it works as its domain file says"},
	{Off, "it takes nothing more: what comes is its lag"},
	{Slow, "it takes ten times as long, and no less than a second, for each message"},
	{Failing, "it refuses all that it is handed: that is delivered again, until it is given up"},
	{Crashed, "it dies: what it has in hand is not acknowledged, and delivered again after its ack wait"},
}

// Words are the conditions as people write them.
func Words() []string {
	words := make([]string, len(Conditions))
	for i, c := range Conditions {
		words[i] = string(c.Condition)
	}
	return words
}

// ParseCondition reads a condition as people write it.
func ParseCondition(word string) (Condition, error) {
	for _, c := range Conditions {
		if string(c.Condition) == word || c.Condition == Crashed && word == "crash" || c.Condition == Failing && word == "fail" {
			return c.Condition, nil
		}
	}
	return "", fmt.Errorf("%q: want %s", word, strings.Join(Words(), ", "))
}

// How much longer a slow one takes.
const (
	slowFactor = 10
	slowLeast  = time.Second
)

// desk is what a role has in hand, and how it is at work. Its methods may be called from any goroutine.
type desk struct {
	gate bus.Gate

	mu        sync.Mutex
	condition Condition
	inHand    map[*hold]context.CancelFunc
	counts    Counts
}

// hold is one message that is handled, or one answer that waits.
type hold struct{ message bool }

// Counts are what a stand-in has done so far.
type Counts struct {
	InHand  int
	Handled int // acknowledged
	Failed  int // refused, so that it comes again
	Refused int // for good
	Lost    int // in a crash, until it comes again
}

// set changes the condition.
func (d *desk) set(to Condition) {
	d.mu.Lock()
	d.condition = to
	if to == Crashed {
		for _, die := range d.inHand {
			die()
		}
	}
	d.mu.Unlock()
	if to == Off || to == Crashed {
		d.gate.Shut()
	} else {
		d.gate.Open()
	}
}

// beginTime bounds how long a stand-in is waited for that is to begin its work: its broker may refuse it, which it says.
const beginTime = 5 * time.Second

// settle waits until a condition has come into effect: what comes after that is treated by it.
func (d *desk) settle(ctx context.Context, to Condition) error {
	if to == Off || to == Crashed {
		return d.gate.Still(ctx)
	}
	return d.begun(ctx)
}

// begun waits until it works, but not for long.
func (d *desk) begun(ctx context.Context) error {
	patient, cancel := context.WithTimeout(ctx, beginTime)
	defer cancel()
	_ = d.gate.Begun(patient)
	return ctx.Err()
}

// is the condition.
func (d *desk) is() Condition {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.condition
}

// begin takes something in hand. What it returns ends with ctx, and in a crash.
func (d *desk) begin(ctx context.Context, message bool) (context.Context, *hold) {
	ctx, die := context.WithCancel(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	h := &hold{message}
	d.inHand[h] = die
	if message {
		d.counts.InHand++
	}
	if d.condition == Crashed {
		die()
	}
	return ctx, h
}

// end lets go of something, and counts what became of a message.
func (d *desk) end(h *hold, verdict bus.Verdict) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inHand[h]()
	delete(d.inHand, h)
	if !h.message {
		return
	}
	d.counts.InHand--
	switch verdict {
	case bus.Ack:
		d.counts.Handled++
	case bus.Nak:
		d.counts.Failed++
	case bus.Term:
		d.counts.Refused++
	default:
		d.counts.Lost++
	}
}

// slowed is how long something takes in the present condition.
func (d *desk) slowed(usual time.Duration) time.Duration {
	if d.is() != Slow {
		return usual
	}
	return max(slowFactor*usual, slowLeast)
}

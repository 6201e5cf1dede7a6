// Package hands is those who handle the messages of a worker: so many at the same time, and no message is fetched before there is
// somebody to handle it.
//
// One goroutine takes hands and gives them messages; Wait is for the same. Take blocks until its context ends at the latest.
package hands

import (
	"context"

	"signalbox/bus/goroutine"
)

// Hands handle messages.
type Hands struct {
	busy chan struct{}
	work goroutine.Group
}

// New makes hands for so many messages at once, at least one.
func New(atOnce int) *Hands { return &Hands{busy: make(chan struct{}, max(atOnce, 1))} }

// Take waits until a hand is free, and takes it.
func (h *Hands) Take(ctx context.Context) error {
	select {
	case h.busy <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Free lets go of a hand that has nothing to do.
func (h *Hands) Free() { <-h.busy }

// Do has the hand that was taken do something, after which it is free.
func (h *Hands) Do(what func()) {
	h.work.Go("a message that is handled", func() {
		defer h.Free()
		what()
	})
}

// Wait waits until all that was begun is done.
func (h *Hands) Wait() { h.work.Wait() }

package goroutine

import (
	"sync"
	"sync/atomic"
)

// Branches are goroutines that do a part of the work of the one that waits for them: a panic of any is a panic of that one, which
// Wait raises there. The zero Branches is ready, and must not be copied.
type Branches struct {
	End     func() // has the others end when one panics; may be nil
	running sync.WaitGroup
	first   atomic.Pointer[Panic]
}

// Go runs work on a goroutine.
func (b *Branches) Go(name string, work func()) {
	b.running.Go(func() {
		guarded(name, work, b.caught)
	})
}

func (b *Branches) caught(p Panic) {
	if b.first.CompareAndSwap(nil, &p) && b.End != nil {
		b.End()
	}
}

// Wait waits until all of them have returned, or panicked. It panics with the first Panic.
func (b *Branches) Wait() {
	b.running.Wait()
	if p := b.first.Load(); p != nil {
		panic(*p)
	}
}

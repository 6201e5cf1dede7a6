// Package goroutine starts goroutines, all of the program's: a panic of one ends the program in good order. Go ends a program
// at once when any goroutine panics, with the terminal as it was drawn on and brokers as they were set; what starts here
// is recovered from, and the function given to OnPanic puts back what has to be put back, tells, and ends the process. Those of
// Branches panic where they are waited for.
//
// A function that a library calls on a goroutine of its own runs by Call. goroutines_test.go, beside imports_test.go, refuses
// what starts a goroutine in any other way.
//
// All functions may be called from any goroutine. Names are for people, with their article: "the engine".
package goroutine

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// Panic is a panic that was recovered from.
type Panic struct {
	Name  string // of the goroutine
	Value any
	Stack []byte // of the goroutine, where it panicked
}

// String says what happened, in a line.
func (p Panic) String() string { return fmt.Sprintf("panic in %s: %v", p.Name, p.Value) }

var (
	onPanic atomic.Pointer[func(Panic)]
	onStart atomic.Pointer[func(name string)]
	first   atomic.Bool // a panic is being handled
)

// OnPanic has handle called for the first panic, on a goroutine of its own; it has to end the process. Those that follow
// are ignored. Without it a panic ends the process as usual. Tests undo it.
func OnPanic(handle func(Panic)) (undo func()) {
	onPanic.Store(&handle)
	return func() {
		onPanic.Store(nil)
		first.Store(false)
	}
}

// Panicked tells whether there was a panic: the process is about to be ended.
func Panicked() bool { return first.Load() }

// OnStart has f called at the beginning of each goroutine and Call, on it. It is for tests, which panic there.
func OnStart(f func(name string)) { onStart.Store(&f) }

// Call runs work and reports whether it returned. After a panic it reports false, and the caller should return: the program is
// about to end.
func Call(name string, work func()) (returned bool) { return guarded(name, work, caught) }

// guarded is Call, with what is done about a panic.
func guarded(name string, work func(), caught func(Panic)) (returned bool) {
	defer func() {
		if returned {
			return
		}
		switch value := recover().(type) {
		case nil:
		case Panic: // of a branch
			caught(value)
		default:
			caught(Panic{name, value, debug.Stack()})
		}
	}()
	if f := onStart.Load(); f != nil {
		(*f)(name)
	}
	work()
	return true
}

// caught hands the first panic over. The goroutine that panicked goes on to its end, because what puts things back may
// wait for it.
func caught(p Panic) {
	handle := onPanic.Load()
	if handle == nil {
		panic(fmt.Sprintf("%v\n\n%s", p, p.Stack))
	}
	if first.CompareAndSwap(false, true) {
		go (*handle)(p)
	}
}

// Go runs work on a goroutine.
func Go(name string, work func()) { go Call(name, work) }

// AfterFunc is context.AfterFunc.
func AfterFunc(ctx context.Context, name string, work func()) (stop func() bool) {
	return context.AfterFunc(ctx, func() { Call(name, work) })
}

// After is time.AfterFunc.
func After(wait time.Duration, name string, work func()) *time.Timer {
	return time.AfterFunc(wait, func() { Call(name, work) })
}

// Group is a sync.WaitGroup: goroutines that are waited for. The zero Group is ready, and must not be copied.
type Group struct{ running sync.WaitGroup }

// Go runs work on a goroutine of the group.
func (g *Group) Go(name string, work func()) {
	g.running.Go(func() { Call(name, work) })
}

// Wait waits until all of them have returned, or panicked.
func (g *Group) Wait() { g.running.Wait() }

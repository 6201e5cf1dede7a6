package event

import (
	"fmt"
	"sync/atomic"

	"signalbox/sources/state"
)

// Filter tells what is wanted. A nil one wants everything. Filters are compared with ==: each that is made differs from
// all others.
type Filter[T any] struct {
	wants  func(*T) bool
	ages   bool
	states bool
	fields []string
	alone  bool // see Fields
	unread bool // see AsksStatesOnly
	failed atomic.Uint64
	why    atomic.Pointer[string]
	told   bool // that it failed; the engine's
}

// NewFilter makes a filter of a function, which is called on the engine's goroutine, must not keep what it is asked
// about, and must be safe to call again at any time.
func NewFilter[T any](wants func(*T) bool) *Filter[T] { return &Filter[T]{wants: wants} }

// NewAgingFilter makes one of a function that may want something else as time goes by: lists ask it again and again.
func NewAgingFilter[T any](wants func(*T) bool) *Filter[T] {
	return &Filter[T]{wants: wants, ages: true}
}

// Ages tells whether it may want something else as time goes by. A nil one does not.
func (f *Filter[T]) Ages() bool { return f != nil && f.ages }

// AskStates says that it asks for the states of entities, as they were when an event came.
func (f *Filter[T]) AskStates() *Filter[T] {
	f.states = true
	return f
}

// AsksStates tells whether it asks for the states of entities, as they were when an event came. A nil one does not.
func (f *Filter[T]) AsksStates() bool { return f != nil && f.states }

// AskFields says that it asks for these fields of the state after an event, and for nothing else.
func (f *Filter[T]) AskFields(names []string) { f.fields, f.alone, f.unread = names, true, true }

// AskStatesOnly says that it asks for states and for what an event changed of them, and for nothing of the event itself.
func (f *Filter[T]) AskStatesOnly() { f.states, f.unread = true, true }

// AsksStatesOnly tells whether it asks for nothing of an event itself, which need not be read then.
func (f *Filter[T]) AsksStatesOnly() bool { return f.unread }

// Fields are the fields of the state after an event that it asks for, where it asks for nothing else, which alone tells: it says
// the same of two events of one entity if none of the fields is another.
func (f *Filter[T]) Fields() (names []string, alone bool) { return f.fields, f.alone }

// Slots is Fields by the slots of a kind: a bit for each, modulo 64.
func (f *Filter[T]) Slots(k *state.Kind) (slots uint64, alone bool) {
	for _, name := range f.fields {
		if slot, ok := k.Find(name); ok {
			slots |= 1 << (slot % 64)
		}
	}
	return slots, f.alone
}

// Fail counts something of which the filter cannot tell whether it is wanted, and which is left out for it.
func (f *Filter[T]) Fail(why error) {
	if f.failed.Add(1) == 1 {
		text := why.Error()
		f.why.Store(&text)
	}
}

// Failed is how often the filter failed, and why it did the first time. Any goroutine may ask.
func (f *Filter[T]) Failed() (times uint64, why string) {
	if f == nil {
		return 0, ""
	}
	if text := f.why.Load(); text != nil {
		why = *text
	}
	return f.failed.Load(), why
}

// Tell says once that a filter failed.
func (f *Filter[T]) Tell(what string, say func(text string)) {
	if f == nil || f.told {
		return
	}
	if times, why := f.Failed(); times > 0 {
		f.told = true
		say(fmt.Sprintf("the filter cannot tell of some %s whether they are wanted, and leaves them out: %s", what, why))
	}
}

// Wants tells whether x is wanted. A filter that panics does not want it.
func (f *Filter[T]) Wants(x *T) (wanted bool) {
	if f == nil {
		return true
	}
	defer func() {
		if recover() != nil {
			wanted = false
		}
	}()
	return f.wants(x)
}

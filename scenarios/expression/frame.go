package expression

import (
	"errors"
	"fmt"
	"unsafe"
)

// Frame is what one computation knows and remembers. Its owner calls Begin for each event, after the names of the scope
// have got their new values.
type Frame struct {
	Values map[string]any // what the names of a scope made by Named are

	// Unknown says that something was asked of a partial state that is not there, and may be there in truth.
	Unknown bool

	// Partial says that what the names lead to may lack entries of the objects that a fold builds.
	Partial bool

	lets   []Value
	done   uint64 // lets that are computed
	unsure uint64 // and those that came out of something unknown
	err    error

	matching matching
}

// Begin forgets what Let computed for the event before.
func (f *Frame) Begin() { f.done, f.unsure, f.Unknown, f.err, f.matching = 0, 0, false, nil, 0 }

// fail keeps the first thing that went wrong.
func (f *Frame) fail(format string, args ...any) Value {
	if f.err == nil {
		f.err = fmt.Errorf(format, args...)
	}
	return Value{}
}

// errUnknown stands for an error that nobody will see: what is unknown decides nothing.
var errUnknown = errors.New("something of a partial state is unknown")

// missing fails because something is absent that is needed.
func (f *Frame) missing(text string) Value {
	if f.Unknown && f.err == nil {
		f.err = errUnknown
		return Value{}
	}
	if f.err == nil {
		f.err = absent(text)
	}
	return Value{}
}

// absent is the error that something is missing; it is written only when somebody reads it, for filters meet many.
type absent string

// Error implements error.
func (a absent) Error() string { return string(a) + " is missing" }

// withoutValueError is what expr's interpreter says of something that is absent.
type withoutValueError string

// Error implements error.
func (w withoutValueError) Error() string { return string(w) }

// IsMissing tells whether a computation failed only because something is absent that it needs.
func IsMissing(err error) bool {
	if err == nil {
		return false
	}
	if _, ok := errors.AsType[absent](err); ok {
		return true
	}
	_, ok := errors.AsType[withoutValueError](err)
	return ok || errors.Is(err, errUnknown)
}

// View is bytes as a text that shares their memory.
func View(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

package expression

import (
	"errors"
	"fmt"
	"unsafe"

	"signalbox/sources"
)

// Frame is what an expression is computed over. Its owner sets what the roots of the scope read, and calls Begin.
type Frame struct {
	Event   *sources.Event
	State   *sources.State
	Row     *sources.EntityRow
	Now     int64          // the present, in Unix nanoseconds; 0: what the clock says
	Payload Document       // the whole payload
	Data    Document       // what the rules call data
	Body    string         // what the expressions of events call body
	Values  map[string]any // what the names of a scope made by Named are

	// Unknown says that something was asked of a partial state that is not there, and may be there in truth.
	Unknown bool

	lets   []Value
	done   uint64 // lets that are computed
	unsure uint64 // and those that came out of something unknown
	err    error
}

// Begin forgets what Let computed for the event before.
func (f *Frame) Begin() { f.done, f.unsure, f.Unknown, f.err = 0, 0, false, nil }

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
	return f.fail("%s is missing", text)
}

// View is bytes as a text that shares their memory.
func View(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// field reads a field of the state.
func (f *Frame) field(slot int) Value {
	v := f.State.Get(slot)
	if v.Kind() == sources.Absent && f.State.Partial {
		f.Unknown = true
	}
	return v
}

// version is how many events the state has accepted, which a partial one does not know.
func (f *Frame) version() Value {
	if f.State.Partial {
		f.Unknown = true
	}
	return sources.IntValue(int64(f.State.Version))
}

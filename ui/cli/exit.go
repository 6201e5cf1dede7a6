package cli

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"signalbox/bus"
	"signalbox/ui/output"
)

// Exit codes, the same for every command.
const (
	exitDone   = 0 // what was asked is done; ending tail, demo or the deck by a signal is that too
	exitFailed = 1 // an expectation failed, an event was refused, what was asked for is not there, or the work was cut short
	exitUsage  = 2 // bad usage, or a bad file
	exitBus    = 3 // the bus cannot be reached, or refused; or what is printed cannot be written
	exitFault  = 4 // a fault of signalbox itself ended it
)

// failure is the answer "no": the command worked, and what was expected or asked for is not so.
type failure struct{ text string }

func (f failure) Error() string { return f.text }

func failf(format string, args ...any) error { return failure{fmt.Sprintf(format, args...)} }

// busError is what a bus said no to, when the bus did not say itself of what sort its refusal is.
type busError struct{ error }

func (e busError) Unwrap() error { return e.error }

// exitCode grades what a command returned.
func exitCode(err error) int {
	var no failure
	var refused busError
	var subject *bus.SubjectError
	var form *bus.FormError
	var rejection *bus.RejectionError
	var unwritten *output.WriteError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &no), errors.As(err, &rejection), errors.Is(err, output.ErrUnread), errors.Is(err, context.Canceled):
		return exitFailed
	case errors.As(err, &unwritten), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EIO):
		return exitBus
	case errors.As(err, &subject), errors.As(err, &form):
		return exitUsage
	case errors.Is(err, bus.ErrRefused), errors.Is(err, bus.ErrUnreachable), errors.As(err, &refused),
		errors.Is(err, context.DeadlineExceeded):
		return exitBus
	default:
		return exitUsage
	}
}

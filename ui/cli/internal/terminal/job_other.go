//go:build !unix

package terminal

import "context"

// Job is for systems whose shells stop programs.
type Job struct{}

// OpenJob says that here they do not.
func OpenJob(*Terminal, ...any) *Job { return nil }

// Close does nothing.
func (*Job) Close() {}

// Asked never receives a value.
func (*Job) Asked() <-chan struct{} { return nil }

// Continued never receives a value.
func (*Job) Continued() <-chan struct{} { return nil }

// Stoppable says that it is not.
func (*Job) Stoppable() error { return errNoShell }

// Stop stops nothing.
func (*Job) Stop(context.Context) error { return errNoShell }

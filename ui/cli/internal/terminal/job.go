package terminal

import "errors"

// errNoShell says why a program goes on that was told to stop.
var errNoShell = errors.New("signalbox was not started from a shell that could continue it")

// Flush waits until the terminal has taken everything, or is given up.
func (t *Terminal) Flush() { t.flush() }

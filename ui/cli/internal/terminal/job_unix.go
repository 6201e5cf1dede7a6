//go:build unix

package terminal

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"signalbox/bus/goroutine"
)

// How long a stopped program waits: for the signal that it is continued by, which has come once it runs again, and for one that
// ends it, which may come at the same time.
const (
	continuedWithin = time.Second
	endedWithin     = 2 * time.Second
)

// Job is the program as its shell sees it: something that can be stopped, and continued, while it draws on a terminal. Who
// draws has to put the terminal back before it calls Stop. All methods may be called from any goroutine.
type Job struct {
	terminal *Terminal
	streams  Settings // of those that are terminals
	stopping atomic.Bool
	resumed  chan struct{} // it was stopped by Stop, and is continued

	asked, continued chan struct{}
	close            func()
}

// OpenJob hears the signals that stop and continue the program, until Close. Streams are all that it may set or write to.
func OpenJob(t *Terminal, streams ...any) *Job {
	j := &Job{terminal: t, streams: Note(streams...), resumed: make(chan struct{}, 1),
		asked: make(chan struct{}, 1), continued: make(chan struct{}, 1)}
	came, over := make(chan os.Signal, 8), make(chan struct{})
	signal.Notify(came, syscall.SIGTSTP, syscall.SIGCONT)
	var hearing goroutine.Group
	hearing.Go("what hears the shell", func() {
		for {
			select {
			case s := <-came:
				j.hear(s)
			case <-over:
				return
			}
		}
	})
	j.close = func() {
		signal.Stop(came)
		close(over)
		hearing.Wait()
	}
	return j
}

// Close ends what OpenJob began.
func (j *Job) Close() { j.close() }

// Asked receives a value when somebody asks the program to stop, as with kill -TSTP: Stop is to be called.
func (j *Job) Asked() <-chan struct{} { return j.asked }

// Continued receives a value when the program goes on after it was stopped without having been asked: its terminal may be set as
// the shell likes it, and show anything.
func (j *Job) Continued() <-chan struct{} { return j.continued }

func (j *Job) hear(s os.Signal) {
	to := j.asked
	if s == syscall.SIGCONT {
		if to = j.continued; j.stopping.Load() {
			to = j.resumed
		}
	}
	select {
	case to <- struct{}{}:
	default: // it knows already
	}
}

// Stop stops the program, with those that it was started together with, until its shell has it go on in the foreground or ctx
// ends. The error says why it was not stopped.
func (j *Job) Stop(ctx context.Context) error {
	j.terminal.Flush()
	j.stopping.Store(true)
	defer j.stopping.Store(false)
	for ctx.Err() == nil {
		if !j.stop() {
			return errNoShell
		}
		if j.comesToForeground(ctx) {
			return nil
		}
	}
	j.leaveTerminal()
	return nil
}

// comesToForeground waits a short time for the terminal, or for a signal that ended the program while it was stopped.
func (j *Job) comesToForeground(ctx context.Context) bool {
	const pieces = 100 // so that a busy machine has come to the signal meanwhile
	for range pieces {
		switch {
		case j.inForeground():
			return true
		case ctx.Err() != nil:
			return false
		}
		select {
		case <-ctx.Done():
		case <-time.After(endedWithin / pieces):
		}
	}
	return j.inForeground()
}

// stop reports whether the program was stopped, once it goes on. The signal is one that package signal is never told to hear:
// where it was told once it hears for ever, and then SIGTSTP stops nothing. The system itself ignores it where nobody could
// continue the program.
func (j *Job) stop() bool {
	select {
	case <-j.resumed:
	default:
	}
	if syscall.Kill(0, syscall.SIGTTOU) != nil {
		return false
	}
	return resumes(j.resumed)
}

// resumes waits a short time to hear that the program was continued. That time goes on while it is stopped: it is waited for in
// pieces, of which being stopped ends one.
func resumes(resumed <-chan struct{}) bool {
	const pieces = 10
	for range pieces {
		select {
		case <-resumed:
			return true
		case <-time.After(continuedWithin / pieces):
		}
	}
	return false
}

// Stoppable says why the program cannot be stopped, in the usual cases in which nobody would continue it: its parent is of
// another session, or gone. Stop finds out in the others.
func (j *Job) Stoppable() error {
	parent := os.Getppid()
	own, failed := unix.Getsid(0)
	theirs, gone := unix.Getsid(parent)
	if parent == 0 || failed == nil && (gone != nil || own != theirs) {
		return errNoShell
	}
	return nil
}

// inForeground tells whether the terminal is the program's: who sets it from the background is stopped. One that is gone is
// nobody else's.
func (j *Job) inForeground() bool {
	group, err := unix.IoctlGetInt(int(j.terminal.Fd()), unix.TIOCGPGRP)
	return err != nil || group == unix.Getpgrp()
}

// leaveTerminal leaves the terminal to the shell for good.
func (j *Job) leaveTerminal() {
	for fd := range j.streams {
		if own, ok := takeAway(fd); ok {
			_ = unix.Close(int(own))
		}
	}
}

package deck

import (
	"context"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/ui/deck/component"
)

// Job is the program as its shell sees it.
type Job interface {
	Stoppable() error               // why it cannot be stopped
	Stop(ctx context.Context) error // until the shell continues it; the terminal has been put back. The error says why it was not stopped
	Asked() <-chan struct{}         // receives a value when somebody wants it stopped
	Continued() <-chan struct{}     // receives a value when it was stopped all the same, and goes on
}

// Messages about the shell.
type (
	suspendMsg struct{}            // somebody wants the program stopped
	retakeMsg  struct{}            // it goes on after it was stopped: the terminal may show anything
	resumedMsg struct{ err error } // the terminal is the deck's again
)

// away is what happens while the terminal is put back. Bubble Tea runs it so, and then draws all anew, for the size that the
// terminal has by then.
type away func() error

// settling is how long the renderer is given to stop: it says that it has, and stops its clock a moment later. Begun again
// before that, it would never draw.
const settling = 100 * time.Millisecond

// Run implements tea.ExecCommand.
func (a away) Run() (err error) {
	time.Sleep(settling)
	goroutine.Call("the deck's way to the shell", func() { err = a() })
	return err
}

// SetStdin implements tea.ExecCommand.
func (away) SetStdin(io.Reader) {}

// SetStdout implements tea.ExecCommand.
func (away) SetStdout(io.Writer) {}

// SetStderr implements tea.ExecCommand.
func (away) SetStderr(io.Writer) {}

// suspend stops the program until its shell continues it. Bubble Tea's own way waits for ever where there is no such shell.
func (m *model) suspend(d *component.Deck) tea.Cmd {
	if err := m.job.Stoppable(); err != nil {
		d.Say(bus.Warn, "not stopped: "+err.Error())
		return nil
	}
	return tea.Exec(away(func() error { return m.job.Stop(d.Life) }), func(err error) tea.Msg { return resumedMsg{err} })
}

// retake sets the terminal again, and draws all anew.
func retake() tea.Cmd {
	return tea.Exec(away(func() error { return nil }), func(err error) tea.Msg { return resumedMsg{err} })
}

// resumed says what went wrong, if anything did.
func (m *model) resumed(msg resumedMsg) tea.Cmd {
	if msg.err != nil && m.Life.Err() == nil {
		m.Say(bus.Warn, "not stopped: "+msg.err.Error())
	}
	return tea.ClearScreen
}

// shellKeys are those for the shell, where there is one.
func (m *model) shellKeys() []component.Key {
	if m.job == nil {
		return nil
	}
	return []component.Key{{Names: []string{"ctrl+z"}, Help: "to the shell, from anywhere; fg comes back", Rank: component.RankLast,
		Quiet: true, For: component.Anything, Do: m.suspend}}
}

// hearJob tells the deck what the shell wants.
func hearJob(ctx context.Context, job Job, send func(tea.Msg)) {
	for {
		select {
		case <-job.Asked():
			send(suspendMsg{})
		case <-job.Continued():
			send(retakeMsg{})
		case <-ctx.Done():
			return
		}
	}
}

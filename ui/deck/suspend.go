package deck

import (
	"bytes"
	"context"
	"io"
	"runtime/pprof"
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

// settling is how long the renderer is waited for at most.
const settling = 10 * time.Second

// Run implements tea.ExecCommand. The renderer says that it has stopped, and stops its clock a moment later: begun again before
// that, it would never draw.
func (a away) Run() (err error) {
	for end := time.Now().Add(settling); isDrawing() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if !goroutine.Call("the deck's way to the shell", func() { err = a() }) {
		select {} // the program ends: Bubble Tea would set the terminal again, which is put back meanwhile
	}
	return err
}

// renderer is the function of Bubble Tea that draws at each tick of a clock, and at its end stops that.
const renderer = "charm.land/bubbletea/v2.(*Program).startRenderer."

// isDrawing tells whether a renderer runs in this process.
func isDrawing() bool {
	var stacks bytes.Buffer
	err := pprof.Lookup("goroutine").WriteTo(&stacks, 1)
	return err == nil && bytes.Contains(stacks.Bytes(), []byte(renderer))
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

// Package deck is the dashboard: one screen for what flows, who reads, what is true now, and the levers to send.
//
// It sees only snapshots. It tells its Source what is looked at (Look), is told at most once a frame that there is a
// newer Snapshot, and draws the rows in it; no message of a broker ever reaches it. Nothing it does while handling keys
// or drawing waits, does I/O or grows with what is held: whatever asks the source or a bus runs in a command.
//
// Its model only routes and lays out. What it is made of are rooms below it, listed in parts.go: panes, and overlays to read,
// to answer (dialogs) and to fill in (forms), with what they do to stations and consumers (actions) and scripts. All of
// them see the deck through package component.
//
// Text that came from a broker is made harmless by screen.Clean before it is drawn, and nowhere else.
package deck

import (
	"context"
	"fmt"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/scenarios"
	"signalbox/scenarios/cohort"
	"signalbox/sources"
	"signalbox/ui/deck/cohorts"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/forms"
	"signalbox/ui/deck/panes"
	"signalbox/ui/deck/presenter"
	"signalbox/ui/deck/reload"
	"signalbox/ui/deck/scripts"
	"signalbox/ui/deck/sender"
	"signalbox/ui/deck/timecursor"
)

// Source is what the deck is drawn from; *sources.Engine is one. Its methods may be called from any goroutine; those
// without a context do not block.
type Source interface {
	Look(sources.View)
	Snapshot() *sources.Snapshot
	Changed() <-chan struct{}
	Last() uint64
	component.Engine
}

// Options are what a deck is made of.
type Options struct {
	Engine   Source
	Library  *scenarios.Library // commands and scripts; nil for none
	Buses    []bus.Bus          // to send on
	Attacher Attacher           // attaches to others while the deck is shown; nil where none can be
	Armed    func(bus.Bus) (armed bool, why string)
	Recorder Recorder     // records while the deck is shown; nil where nothing can be
	Marks    []Moment     // that recordings have
	ReadOnly bool         // the levers are not even listed
	Title    string       // beside the name, "demo"
	Domains  reload.Files // domain files that are used anew when they are saved; nil for none
	Offer    *Offer       // what to offer while there is no station; nil for nothing

	// Cohorts are those that were saved, NoCohorts why they could not be read, and KeepCohort saves one by its name, or takes it away
	// where it is nil; it may wait, and may be nil.
	Cohorts    []cohorts.Saved
	NoCohorts  error
	KeepCohort func(name string, c *cohort.Cohort) error

	Favourites Favourites // what was filled in for commands, and saved

	// Production is the mark of a bus as production: it is shown, and each send there asks once more. It may be nil.
	Production func(bus.Bus) Mark

	// Base is the address of the application that commands are posted to, or ""; Application is the one that a URL belongs to. It is
	// called by one goroutine, must not wait, and may be nil.
	Base        string
	Application func(url string) (bus.Bus, error)

	Present *Presentation // shown in place of the panes; nil for none

	NoMouse bool   // begin with the mouse left to the terminal
	Leaving func() // called when somebody quits, before the terminal is put back, which a hanging one can hold up; may be nil
	Now     func() time.Time

	// For programs that drive the deck without a terminal of their own: where keys come from and frames go to, the size
	// to begin with, and the environment (TERM, NO_COLOR).
	Input         io.Reader
	Output        io.Writer
	Width, Height int
	Environment   []string

	// Editor has a text edited by another program, which has the terminal until it returns; nil where there is none.
	Editor func(ctx context.Context, text string) (edited string, err error)

	Pace Pace // of what frames go to; nil where that is never behind
	Job  Job  // nil where no shell stops and continues the program

	standIns component.StandIns // for tests: in place of those of the library

	play scripts.Play // for tests: plays scripts in place of the engine
}

// Pace says how a terminal keeps up. While it is Behind nothing new is drawn: keys work, and only the frame stands still. Caught
// receives a value when that is over.
type Pace interface {
	Behind() bool
	Caught() <-chan struct{}
}

// Attacher attaches to buses and detaches from them.
type Attacher = component.Buses

// Favourites are what was filled in for commands, and saved by name.
type Favourites = forms.Favourites

// FavouriteForm is how a favourite is written, without its name.
const FavouriteForm = forms.FavouriteForm

// ParseFavourite reads one that was written so.
func ParseFavourite(name, text string) (forms.Favourite, error) {
	return forms.ParseFavourite(name, text)
}

// Moment is one that has a mark on the time line.
type Moment = timecursor.Mark

// Mark says that a bus is production.
type Mark = sender.Mark

// Presentation is a script that is shown to an audience.
type Presentation = presenter.Presentation

// Page is what whoever presents one sees beside what the audience does.
type Page = presenter.Page

// Offer is something the deck can do about having found nothing, such as listening to everything.
type Offer = panes.Offer

// Run shows the deck until somebody quits or ctx ends; neither is an error. The terminal is as it was when it returns. After a
// panic it may not return: that ends the program; see package goroutine. All goroutines it started have ended by then, except those of commands that a broker keeps
// waiting; their context has ended.
func Run(ctx context.Context, opt Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m := newModel(ctx, opt)
	opt.Now = m.Now
	program := tea.NewProgram(&guarded{model: m, pace: opt.Pace}, programOptions(opt)...)
	defer goroutine.AfterFunc(ctx, "what quits the deck", program.Quit)()
	m.work.Go("what hands snapshots to the deck", func() { pump(ctx, opt.Engine, program.Send) })
	if engine, ok := opt.Engine.(reload.Engine); ok && m.Reload.Any() {
		m.work.Go("what watches domain files", func() { m.Reload.Run(ctx, engine, opt.Library, m.Now, func() { program.Send(reloaded{}) }) })
	}
	if m.Drift.Any() || m.Reload.Any() || opt.Attacher != nil {
		m.work.Go("what compares with copies", func() { m.Drift.Run(ctx, opt.Engine, func() { program.Send(compared{}) }) })
	}
	if opt.Pace != nil {
		m.work.Go("what hears the terminal", func() { hearPace(ctx, opt.Pace, program.Send) })
	}
	if opt.Job != nil {
		m.work.Go("what hears the job", func() { hearJob(ctx, opt.Job, program.Send) })
	}
	_, err := program.Run()
	cancel()
	m.work.Wait()
	if err != nil {
		return fmt.Errorf("show the deck: %w", err)
	}
	return nil
}

// compared says that what is shown was found to differ from its copies, or not to any more.
type compared struct{}

// programOptions leave ctx and signals out: both end the program as q does, because one that is killed does not wait for
// the goroutine that reads keys. Signals are the caller's to turn into the end of ctx. Panics are caught by guarded: what
// Bubble Tea does about them knows nothing of brokers.
func programOptions(opt Options) []tea.ProgramOption {
	options := []tea.ProgramOption{tea.WithoutSignalHandler(), tea.WithoutCatchPanics(), tea.WithFPS(looks), tea.WithFilter(screening(opt))}
	if opt.Input != nil {
		options = append(options, tea.WithInput(opt.Input))
	}
	if opt.Output != nil {
		options = append(options, tea.WithOutput(opt.Output))
	}
	if opt.Environment != nil {
		options = append(options, tea.WithEnvironment(opt.Environment))
	}
	if opt.Width > 0 && opt.Height > 0 {
		options = append(options, tea.WithWindowSize(opt.Width, opt.Height))
	}
	return options
}

// screening sees every message before the deck does.
func screening(opt Options) func(tea.Model, tea.Msg) tea.Msg {
	merge := mergeWheel(opt.Now)
	return func(model tea.Model, msg tea.Msg) tea.Msg {
		if _, quits := msg.(tea.QuitMsg); quits && opt.Leaving != nil {
			opt.Leaving()
		}
		return merge(model, msg)
	}
}

// Package component is the contract between the deck and what it shows. Panes and overlays are types of their own: the
// program calls them and knows none by name, and they know neither it nor each other. What they need they find in a
// Deck: what to draw, what is chosen, how to say something, how to open an overlay.
//
// All of it runs on the program's one goroutine. Nothing that the deck calls may wait, do I/O, or grow with what is held:
// whatever asks the engine or a bus runs in a command (see Fetch).
package component

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/sources"
	"signalbox/ui/deck/breakpoints"
	"signalbox/ui/deck/cohorts"
	"signalbox/ui/deck/drift"
	"signalbox/ui/deck/layout"
	"signalbox/ui/deck/reload"
	"signalbox/ui/deck/selection"
	"signalbox/ui/deck/sender"
	"signalbox/ui/deck/timecursor"
	"signalbox/ui/screen"
)

// Engine answers questions. Its methods wait: they are for commands.
type Engine interface {
	Preview(context.Context, *sources.Event) (sources.Preview, error)
	Reopen(ctx context.Context, station string, from bus.From) error
	Take(ctx context.Context, station string) error
	EventAt(ctx context.Context, at time.Time) (number uint64, err error)
	EventOn(ctx context.Context, station string, at bus.Position) (number uint64, err error)
	Entity(ctx context.Context, entity sources.Entity, version uint64) (*sources.EntityDetail, error)
	Event(ctx context.Context, number uint64) (*sources.EventDetail, error)
	EventsOf(ctx context.Context, of sources.Entity) ([]sources.EventRef, error)
	WhatIf(ctx context.Context, of sources.Entity, list []sources.Imagined, until uint64) (*sources.WhatIf, error)
	Find(ctx context.Context, busName, station string, at bus.Position) (*sources.EventDetail, error)
	Entities(ctx context.Context, kind string, filter *sources.EntityFilter) ([]sources.EntityRow, error)
	Complete(ctx context.Context, of sources.Entity, progress func(sources.CompleteProgress)) (sources.Completion, error)
	Scan(ctx context.Context, after uint64, see func(*sources.Event)) (last uint64, err error)
	Handling(ctx context.Context, events []*sources.Event) ([]sources.Progress, error)
	Bisect(ctx context.Context, of sources.Entity, holds *sources.EventFilter, progress func(float64)) (sources.Bisection, error)
}

// Deck is what panes and overlays have of the deck.
type Deck struct {
	Theme     *screen.Theme
	Now       func() time.Time
	Time      *timecursor.Cursor
	Marks     *timecursor.Marks
	Breaks    *breakpoints.Breakpoints
	Cohorts   *cohorts.Cohorts
	Selection *selection.Selection
	Drift     *drift.Watch // nil watches nothing
	Reload    *reload.Watch
	Sender    *sender.Sender
	Panes     *Panes
	Trail     *Trail
	Overlays  *Overlays
	Strip     Strip
	Notice    *Notice
	Engine    Engine
	Buses     Buses    // nil where none can be attached
	Recorder  Recorder // nil where nothing can be recorded
	StandIns  StandIns // nil where none can play

	// Editor has a text edited in the person's own editor, and goes on with it; nil where there is none.
	Editor func(text string, then func(text string, err error) tea.Cmd) tea.Cmd

	Life context.Context  // ends with the deck: what commands run under
	Work *goroutine.Group // goroutines that the deck waits for when it ends
}

// Result is a message that says what to do with the answer to something that was asked in a command.
type Result func() tea.Cmd

// Snapshot is what most panes draw from.
func (d *Deck) Snapshot() *sources.Snapshot { return d.Time.Snapshot() }

// Steady is what is drawn from that keeps still in a frozen view: stations and consumers.
func (d *Deck) Steady() *sources.Snapshot { return d.Time.Steady() }

// Entity is the one whose state is shown: the chosen one or, while none is, the first of the list.
func (d *Deck) Entity() sources.Entity {
	if e := d.Snapshot().Entity; e != nil && d.Selection.Entity.IsZero() {
		return e.Entity
	}
	return d.Selection.Entity
}

// HoldEntity chooses the entity whose state is shown.
func (d *Deck) HoldEntity() { d.Selection.Choose(d.Entity()) }

// Detail is the state of the entity that is shown; nil while it is not here.
func (d *Deck) Detail() *sources.EntityDetail {
	if e := d.Snapshot().Entity; e != nil && e.Entity == d.Entity() {
		return e
	}
	return nil
}

// Progress is how far consumers are with the events of the chosen entity; none while that is not known.
func (d *Deck) Progress() []sources.Progress {
	if d.Detail() == nil {
		return nil
	}
	return d.Snapshot().Progress
}

// Layout is where everything is.
func (d *Deck) Layout() *layout.Layout { return &d.Panes.layout }

// Open puts an overlay on top.
func (d *Deck) Open(o Overlay) { d.Overlays.open(o) }

// Close takes the overlay on top away.
func (d *Deck) Close() { d.Overlays.close() }

// Say shows a line for a while, where the keys stand.
func (d *Deck) Say(level bus.Level, text string) { d.Notice.say(d.Now(), level, text) }

// SayError shows an error for a while.
func (d *Deck) SayError(err error) { d.Say(bus.Fail, OneLine(err)) }

// Clock writes a time of day as the deck's own clock would, to the millisecond or to the second.
func (d *Deck) Clock(at time.Time, exact bool) string {
	at = at.In(d.Now().Location())
	if exact {
		return at.Format("15:04:05.000")
	}
	return at.Format(time.TimeOnly)
}

// Fetch asks something that waits, in a command, and hands the answer back; an error is shown.
func Fetch[T any](d *Deck, ask func(context.Context) (T, error), then func(T) tea.Cmd) tea.Cmd {
	return func() tea.Msg {
		got, err := ask(d.Life)
		return Result(func() tea.Cmd {
			if err != nil {
				d.Say(bus.Fail, err.Error())
				return nil
			}
			return then(got)
		})
	}
}

// OneLine is an error in one line.
func OneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", " ") }

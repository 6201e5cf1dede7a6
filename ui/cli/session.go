package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/bus/embedded"
	"signalbox/bus/goroutine"
	"signalbox/bus/recording"
	"signalbox/scenarios"
	"signalbox/sources"
	"signalbox/ui/cli/internal/heap"
	"signalbox/ui/cli/internal/shutdown"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/output"
)

// Names of the embedded server's bus, in the deck and for others.
const (
	deckName = "embedded nats"
	demoName = "demo"
)

// session is what a command works with: the buses that were named, or the embedded demo, and one engine that keeps
// what they say. It is used by one goroutine; close ends and awaits everything that it started.
type session struct {
	library *scenarios.Library
	engine  *sources.Engine
	mu      sync.Mutex // guards the four below while the deck is shown, which may attach to others
	targets []target.Target
	buses   []bus.Bus // one a target
	onExit  []func() error
	closed  bool

	tap recording.Tap // around each of the buses

	demo bus.Bus // the demo's own connection to the embedded server; nil when buses were named

	memory int64       // bytes that may be held; 0 is the engine's usual
	feeds  *bus.Budget // what feeds draw on of it

	options *options
	life    context.Context // of everything that runs besides the command
	end     context.CancelCauseFunc
	begun   goroutine.Group
	err     io.Writer // for what people should know besides
	guard   *shutdown.Guard
}

// open reads the domains, connects and starts the engine. Nothing is read from a bus yet.
func (o *options) open(ctx context.Context, targets []target.Target, tap func(*sources.Event)) (*session, error) {
	library, err := o.library()
	if err != nil {
		return nil, err
	}
	return o.openWith(ctx, library, targets, sources.Options{Tap: tap})
}

// openWith is open for a command that has read the domains itself, and may have wishes for the engine.
func (o *options) openWith(ctx context.Context, library *scenarios.Library, targets []target.Target, how sources.Options) (*session, error) {
	s, err := o.connected(ctx, targets)
	if err != nil {
		return nil, err
	}
	s.library, how.Domains = library, library.Domains()
	s.startEngine(how)
	return s, nil
}

// startEngine starts the engine. Without domains it understands nothing.
func (s *session) startEngine(how sources.Options) {
	how.Feeds = s.feeds
	how.Holds = heap.NewLimit(cmp.Or(s.memory, sources.DefaultMemory), func(work func()) { s.begun.Go("what frees memory", work) }).Holds
	how.Memory = s.memory
	s.engine = sources.NewEngine(how)
	s.run("the engine", s.engine.Run)
}

// connected is a session without an engine.
func (o *options) connected(ctx context.Context, targets []target.Target) (*session, error) {
	budget, err := o.budget()
	if err != nil {
		return nil, err
	}
	s := &session{targets: targets, options: o, err: o.err, guard: o.guard, memory: budget, feeds: sources.FeedBudget(budget)}
	s.life, s.end = context.WithCancelCause(context.WithoutCancel(ctx))
	for _, t := range targets {
		b, err := s.connectTo(ctx, o, t)
		if err != nil {
			return nil, cmp.Or(err, s.close())
		}
		b = s.tap.Around(b)
		s.buses = append(s.buses, b)
		s.closeAtEnd(b.Close)
	}
	return s, nil
}

// closeAtEnd has something closed at the end, whichever way the program ends.
func (s *session) closeAtEnd(closer func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		_ = closer() // it came too late for anybody to be told
		return
	}
	s.onExit = append(s.onExit, closer)
	s.guard.OnExit(closer)
}

// connectTo connects to a target. The embedded demo gets its server, and a connection of its own to play on.
func (s *session) connectTo(ctx context.Context, o *options, t target.Target) (bus.Bus, error) {
	if t.Pipe() && o.lines.taken {
		return o.linesOf(o.settings(s.feeds, s.memory))
	}
	if !t.Embedded() {
		return o.connect(ctx, t, o.settings(s.feeds, s.memory))
	}
	server, err := embedded.Start(ctx, embedded.Options{})
	if err != nil {
		return nil, err
	}
	s.closeAtEnd(server.Close)
	demo, err := server.Connect(ctx, deckName, bus.Settings{}) // for people it is one bus
	if err != nil {
		return nil, err
	}
	s.demo = demo
	s.closeAtEnd(demo.Close)
	return server.Connect(ctx, deckName, o.settings(s.feeds, s.memory))
}

// targetOf is how a bus was named.
func (s *session) targetOf(b bus.Bus) target.Target {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.buses, b); i >= 0 {
		return s.targets[i]
	}
	if len(s.targets) > 0 {
		return target.Target{Context: s.targets[0].Context} // an application, which belongs to what was named
	}
	return target.Target{}
}

// attached are the buses that are attached now.
func (s *session) attached() []bus.Bus {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.buses)
}

// add adds a bus to those that are attached. It is closed at the end, too.
func (s *session) add(b bus.Bus, t target.Target) {
	s.closeAtEnd(b.Close)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.targets, s.buses = append(slices.Clone(s.targets), t), append(slices.Clone(s.buses), b)
}

// remove takes one away.
func (s *session) remove(b bus.Bus) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.buses, b); i >= 0 {
		s.targets, s.buses = slices.Delete(slices.Clone(s.targets), i, i+1), slices.Delete(slices.Clone(s.buses), i, i+1)
	}
}

// run starts what is to go on until close. When it fails, life ends with that as its cause, so that the command ends in good
// order, with the terminal restored, and says why.
func (s *session) run(what string, work func(context.Context) error) {
	s.begun.Go(what, func() {
		if err := work(s.life); err != nil && s.life.Err() == nil {
			s.end(fmt.Errorf("%s: %w", what, err))
		}
	})
}

// within is ctx, ended early when something that the session runs has failed.
func (s *session) within(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := goroutine.AfterFunc(s.life, "what ends the command early", func() { cancel(context.Cause(s.life)) })
	return ctx, func() { stop(); cancel(nil) }
}

// attach reads the stations of every target. It is an error that one which was named is not there.
func (s *session) attach(ctx context.Context, from bus.From) error {
	for i, b := range s.buses {
		if err := s.checkNamed(ctx, b, s.targets[i].Stations, true); err != nil {
			return err
		}
		if err := s.engine.Attach(ctx, b, sources.Selection{Names: s.targets[i].Stations, From: from}); err != nil {
			return attachError(b, err)
		}
	}
	return nil
}

// checkNamed is options.checkStations with what the domains know.
func (s *session) checkNamed(ctx context.Context, b bus.Bus, names []string, reading bool) error {
	var known []string
	if s.library != nil {
		known = s.library.StationNames()
	}
	return s.options.checkStations(ctx, b, names, known, reading)
}

// over closes the session and says how the command ended: what ended the session early goes before what came of it.
func (s *session) over(err error) error { return cmp.Or(s.close(), err) }

func attachError(b bus.Bus, err error) error {
	return busError{fmt.Errorf("attaching to %s: %w", b.Info().Name, err)}
}

// close ends what runs, then the connections, then the embedded server, and waits for each, as long as the last resort
// lets it. It returns what ended the session early, if anything did.
func (s *session) close() error {
	defer s.guard.Within(shutdown.Closing)()
	early := context.Cause(s.life)
	s.end(nil)
	s.begun.Wait()
	errs := []error{early}
	s.mu.Lock()
	onExit := s.onExit
	s.onExit, s.closed = nil, true
	s.mu.Unlock()
	for _, closer := range slices.Backward(onExit) {
		errs = append(errs, closer())
	}
	return errors.Join(errs...)
}

// latest is a snapshot of this moment, or the newest that there is where the engine does not answer.
func (s *session) latest() *sources.Snapshot {
	ctx, cancel := context.WithTimeout(s.life, shutdown.Patience/5)
	defer cancel()
	if now, err := s.engine.Latest(ctx); err == nil {
		return now
	}
	return s.engine.Snapshot()
}

// conclude has the brokers tell what was lost up to now, but waits no longer than people would: what is not told by then
// may be missing from the last figures.
func (s *session) conclude(most time.Duration) {
	ctx, cancel := context.WithTimeout(s.life, most)
	defer cancel()
	_ = s.engine.Conclude(ctx) // when it ended early, that is said elsewhere
}

// report tells what snapshots hold until ctx ends or it is stopped.
func (s *session) report(ctx context.Context, notices *output.Notices) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var reporting goroutine.Group
	reporting.Go("what tells of progress", func() {
		for {
			select {
			case <-s.engine.Changed():
				notices.Tell(s.engine.Snapshot())
			case <-ctx.Done():
				notices.Last(s.latest())
				notices.Progress("")
				return
			}
		}
	})
	return func() {
		cancel()
		reporting.Wait()
	}
}

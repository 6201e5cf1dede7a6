package standin

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/scenarios/script"
	"signalbox/sources"
)

// Group is the stand-ins that play on one bus.
type Group struct {
	ctx       context.Context
	cancel    context.CancelFunc
	domains   func() sources.Domains // makes what one stand-in understands events with
	bus       bus.Bus
	control   *script.Control
	random    *rand.Rand
	Temporary bool          // the consumers made for stand-ins are removed when they end
	Resumes   bool          // stand-ins whose consumers are there go on where those are: their lag is answered, too
	Beside    bool          // stand-ins play also where their consumer is at work, as a further member
	Playing   *Playing      // lists those that play, for people to switch; may be nil
	Tell      func(Handled) // told of each message, from any goroutine; may be nil
	roles     goroutine.Group
	own       Playing // those of this group

	mu       sync.Mutex
	problems map[string]error // the newest of each stand-in, and of the stations
}

// NewGroup makes a group of stand-ins on a bus, none of which plays yet. It ends with ctx.
func NewGroup(ctx context.Context, domains func() sources.Domains, b bus.Bus, control *script.Control, random *rand.Rand) *Group {
	ctx, cancel := context.WithCancel(ctx)
	return &Group{
		ctx: ctx, cancel: cancel, domains: domains, bus: b, control: control, random: random, problems: map[string]error{},
	}
}

// Stop ends the stand-ins and waits for them.
func (g *Group) Stop() {
	g.cancel()
	g.roles.Wait()
}

// Begun waits until those that play take what is sent, but not for long.
func (g *Group) Begun(ctx context.Context) error {
	for _, r := range g.own.all() {
		if r.desk.is() != On {
			continue
		}
		if err := r.desk.begun(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Own are those of this group that play.
func (g *Group) Own() *Playing { return &g.own }

// Problem is what goes wrong, or nil.
func (g *Group) Problem() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	var all []error
	for _, name := range slices.Sorted(maps.Keys(g.problems)) {
		all = append(all, g.problems[name])
	}
	return errors.Join(all...)
}

// Note remembers what goes wrong with something.
func (g *Group) Note(name string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.problems[name] = err
}

// Start has a stand-in play, unless its consumer is at work already, and tells whether it does. What its station holds up to
// history it leaves alone.
func (g *Group) Start(s *StandIn, history bus.Position) (plays bool, err error) {
	there, active, err := g.consumer(s)
	if err != nil || active && !g.Beside {
		return false, err
	}
	if there && g.Resumes {
		history = bus.Position{}
	}
	r, err := newRole(g.domains(), g.bus, s, g.control, rand.New(rand.NewPCG(g.random.Uint64(), g.random.Uint64())))
	if err != nil {
		return false, err
	}
	r.history, r.temporary, r.tell = history, g.Temporary, g.Tell
	r.problem = func(err error) { g.Note(s.FullName(), err) }
	g.Playing.enter(r)
	g.own.enter(r)
	g.roles.Go("a stand-in", func() {
		defer g.own.leave(r)
		defer g.Playing.leave(r)
		r.play(g.ctx)
	})
	return true, nil
}

// recently is how long ago a member of a group may have last asked for messages to count as at work.
const recently = 30 * time.Second

// consumer tells whether a stand-in's consumer is there, and whether somebody fetches for it.
func (g *Group) consumer(s *StandIn) (there, active bool, err error) {
	lister, ok := bus.As[bus.ConsumerLister](g.bus)
	if !ok {
		return false, false, nil
	}
	list, err := lister.Consumers(g.ctx)
	if g.ctx.Err() != nil {
		return false, false, fmt.Errorf("stand-in %s: is it there already: %w", s.FullName(), err)
	}
	for _, x := range list {
		if x.Name == s.as && x.Station == s.reads {
			there, active = true, active || x.Waiting > 0 || slices.ContainsFunc(x.Members, atWork)
		}
	}
	return there, active, nil
}

// atWork tells whether a member is a service. A stand-in that has left is still a member of its group, so those of
// signalbox do not count.
func atWork(m bus.Member) bool { return m.Idle < recently && !strings.HasPrefix(m.Name, "signalbox") }

// Join starts a stand-in in the midst of a system that may have a past: a consumer that is new is handed all of it, but a
// script's service has to answer only what the script sends. It tells whether the stand-in plays; see Start.
func (g *Group) Join(s *StandIn) (plays bool, err error) {
	stations, err := g.bus.Stations(g.ctx, s.reads)
	if err != nil {
		return false, fmt.Errorf("stand-in %s: %w", s.FullName(), err)
	}
	var history bus.Position
	there := false
	for i := range stations {
		if station := &stations[i]; station.Name == s.reads {
			there, history = there || station.Replayable && !station.Presumed, station.Last
		}
	}
	if s.stream && !there {
		return false, fmt.Errorf("stand-in %s: %s has no stream %s, which it reads", s.FullName(), g.bus.Info().Name, s.reads)
	}
	return g.Start(s, history)
}

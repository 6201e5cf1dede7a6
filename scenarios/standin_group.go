package scenarios

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
	"signalbox/scenarios/script"
	"signalbox/sources"
)

// group is the stand-ins that play on one bus.
type group struct {
	ctx     context.Context
	cancel  context.CancelFunc
	domains func() sources.Domains // makes what one stand-in understands events with
	bus     bus.Bus
	control *script.Control
	random  *rand.Rand
	flaky   bool // stand-ins fail as often as they are said to
	guests  bool // the consumers made for stand-ins are removed when they end
	roles   sync.WaitGroup

	mu       sync.Mutex
	troubles map[string]error // the newest of each stand-in, and of the stations
}

func newGroup(ctx context.Context, domains func() sources.Domains, b bus.Bus, control *script.Control, random *rand.Rand) *group {
	ctx, cancel := context.WithCancel(ctx)
	return &group{
		ctx: ctx, cancel: cancel, domains: domains, bus: b, control: control, random: random, troubles: map[string]error{},
	}
}

// stop ends the stand-ins and waits for them.
func (g *group) stop() {
	g.cancel()
	g.roles.Wait()
}

// trouble is what goes wrong, or nil.
func (g *group) trouble() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	var all []error
	for _, name := range slices.Sorted(maps.Keys(g.troubles)) {
		all = append(all, g.troubles[name])
	}
	return errors.Join(all...)
}

// note remembers what goes wrong with something.
func (g *group) note(name string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.troubles[name] = err
}

// start has a stand-in play, unless its consumer is at work already. What its station holds up to history it leaves alone.
func (g *group) start(s *standIn, history bus.Position) error {
	active, err := g.active(s)
	if err != nil || active {
		return err
	}
	r, err := newRole(g.domains(), g.bus, s, g.control, rand.New(rand.NewPCG(g.random.Uint64(), g.random.Uint64())))
	if err != nil {
		return err
	}
	r.history, r.flaky, r.guest = history, g.flaky, g.guests
	r.trouble = func(err error) { g.note(s.fullName(), err) }
	g.roles.Go(func() { r.play(g.ctx) })
	return nil
}

// lately is how long ago a member of a group may have last asked for messages to count as at work.
const lately = 30 * time.Second

// active tells whether somebody fetches for a stand-in's consumer.
func (g *group) active(s *standIn) (bool, error) {
	lister, ok := bus.As[bus.ConsumerLister](g.bus)
	if !ok {
		return false, nil
	}
	list, err := lister.Consumers(g.ctx)
	if g.ctx.Err() != nil {
		return false, fmt.Errorf("stand-in %s: is it there already: %w", s.fullName(), err)
	}
	return slices.ContainsFunc(list, func(x bus.Consumer) bool {
		return x.Name == s.as && x.Station == s.reads && (x.Waiting > 0 || slices.ContainsFunc(x.Members, atWork))
	}), nil
}

// atWork tells whether a member is a service. A stand-in that has left is still a member of its group, so those of
// signalbox do not count.
func atWork(m bus.Member) bool { return m.Idle < lately && !strings.HasPrefix(m.Name, "signalbox") }

// join starts a stand-in in the midst of a system that may have a past: a consumer that is new is handed all of it, but a
// script's service has to answer only what the script sends.
func (g *group) join(s *standIn) error {
	stations, err := g.bus.Stations(g.ctx, s.reads)
	if err != nil {
		return fmt.Errorf("stand-in %s: %w", s.fullName(), err)
	}
	var history bus.Position
	for _, station := range stations {
		if station.Name == s.reads {
			history = station.Last
		}
	}
	return g.start(s, history)
}

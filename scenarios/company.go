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
)

// company is the stand-ins that play on one bus.
type company struct {
	ctx     context.Context
	cancel  context.CancelFunc
	library *Library
	bus     bus.Bus
	control *Control
	random  *rand.Rand
	flaky   bool     // stand-ins fail as often as they are said to
	guests  bool     // the consumers made for stand-ins are removed when they end
	made    []string // stations that were missing
	roles   sync.WaitGroup

	mu       sync.Mutex
	troubles map[string]error // the newest of each stand-in, and of the stations
}

func newCompany(ctx context.Context, l *Library, b bus.Bus, control *Control, random *rand.Rand) *company {
	ctx, cancel := context.WithCancel(ctx)
	return &company{
		ctx: ctx, cancel: cancel, library: l, bus: b, control: control, random: random, troubles: map[string]error{},
	}
}

// stop ends the stand-ins and waits for them.
func (c *company) stop() {
	c.cancel()
	c.roles.Wait()
}

// trouble is what goes wrong, or nil.
func (c *company) trouble() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []error
	for _, name := range slices.Sorted(maps.Keys(c.troubles)) {
		all = append(all, c.troubles[name])
	}
	return errors.Join(all...)
}

// say remembers what goes wrong with something.
func (c *company) say(name string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.troubles[name] = err
}

// cast has a stand-in play, unless its consumer is at work already. What its station holds up to history it leaves alone.
func (c *company) cast(s *standIn, history bus.Position) error {
	active, err := c.active(s)
	if err != nil || active {
		return err
	}
	r, err := newRole(c.library, c.bus, s, c.control, newRandom(c.random))
	if err != nil {
		return err
	}
	r.history, r.flaky, r.guest = history, c.flaky, c.guests
	r.trouble = func(err error) { c.say(s.fullName(), err) }
	c.roles.Go(func() { r.play(c.ctx) })
	return nil
}

// lately is how long ago a member of a group may have last asked for messages to count as at work.
const lately = 30 * time.Second

// active tells whether somebody fetches for a stand-in's consumer.
func (c *company) active(s *standIn) (bool, error) {
	lister, ok := bus.As[bus.ConsumerLister](c.bus)
	if !ok {
		return false, nil
	}
	list, err := lister.Consumers(c.ctx)
	if c.ctx.Err() != nil {
		return false, fmt.Errorf("stand-in %s: is it there already: %w", s.fullName(), err)
	}
	return slices.ContainsFunc(list, func(x bus.Consumer) bool {
		return x.Name == s.as && x.Station == s.reads && (x.Waiting > 0 || slices.ContainsFunc(x.Members, atWork))
	}), nil
}

// atWork tells whether a member is a service. A stand-in that has left is still a member of its group, so those of
// signalbox do not count.
func atWork(m bus.Member) bool { return m.Idle < lately && !strings.HasPrefix(m.Name, "signalbox") }

// Play makes the stations that stand-ins need and plays each of them, by its full name such as "deliveries.courier",
// unless a consumer of that name is at work already. They end with ctx, or with stop, which waits for them; consumers
// that had to be made for them are then removed.
func (l *Library) Play(ctx context.Context, b bus.Bus, needs []string) (stop func(), err error) {
	c, err := l.engage(ctx, b, nil, needs, "")
	if err != nil {
		return nil, err
	}
	return c.stop, nil
}

// gather is Play for a script, whose own stations are made as well.
func (l *Library) gather(ctx context.Context, b bus.Bus, script *Script) (*company, error) {
	return l.engage(ctx, b, script.uses, script.Needs, script.Domain)
}

// engage makes the stations of domains and of the stand-ins needed, and has those play.
func (l *Library) engage(ctx context.Context, b bus.Bus, domains, needs []string, domain string) (*company, error) {
	var standIns []*standIn
	for _, need := range needs {
		s, err := l.standIn(domain, need)
		if err != nil {
			return nil, err
		}
		standIns = append(standIns, s)
		domains = append(domains[:len(domains):len(domains)], s.domain)
	}
	c := newCompany(ctx, l, b, NewControl(1), rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())))
	c.guests = true
	if domains = slices.Compact(slices.Sorted(slices.Values(domains))); len(domains) > 0 {
		// A system may have stations of its own that take the same subjects; then these cannot be made, and need not be.
		var err error
		if c.made, err = l.Make(ctx, b, domains...); err != nil {
			c.say("stations", err)
		}
	}
	for _, s := range standIns {
		if err := c.join(s); err != nil {
			c.stop()
			return nil, err
		}
	}
	return c, nil
}

// join casts a stand-in in the midst of a system that may have a past: a consumer that is new is handed all of it, but a
// script's service has to answer only what the script sends.
func (c *company) join(s *standIn) error {
	stations, err := c.bus.Stations(c.ctx, s.reads)
	if err != nil {
		return fmt.Errorf("stand-in %s: %w", s.fullName(), err)
	}
	var history bus.Position
	for _, station := range stations {
		if station.Name == s.reads {
			history = station.Last
		}
	}
	return c.cast(s, history)
}

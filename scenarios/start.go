package scenarios

import (
	"context"
	"math/rand/v2"
	"slices"

	"signalbox/bus"
	"signalbox/scenarios/script"
	"signalbox/scenarios/standin"
)

// start makes the stations that a script needs and starts its stand-ins, unless the services run. It returns the streams
// that it made.
func (l *Library) start(ctx context.Context, b bus.Bus, script *script.Script) (*standin.Group, []string, error) {
	return l.startNeeds(ctx, b, script.Uses, script.Needs, script.Domain)
}

// startNeeds makes the stations of domains and of the stand-ins needed, and starts those.
func (l *Library) startNeeds(ctx context.Context, b bus.Bus, domains, needs []string, domain string) (g *standin.Group, made []string, err error) {
	var standIns []*standin.StandIn
	for _, need := range needs {
		s, err := l.standIn(domain, need)
		if err != nil {
			return nil, nil, err
		}
		standIns = append(standIns, s)
		domains = append(domains[:len(domains):len(domains)], s.Domain)
	}
	g = standin.NewGroup(ctx, l.Domains, b, script.NewControl(1), rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())))
	g.Temporary = true
	if domains = slices.Compact(slices.Sorted(slices.Values(domains))); len(domains) > 0 {
		// A system may have stations of its own that take the same subjects; then these cannot be made, and need not be.
		if made, err = l.Make(ctx, b, domains...); err != nil {
			g.Note("stations", err)
		}
	}
	for _, s := range standIns {
		if err := g.Join(s); err != nil {
			g.Stop()
			return nil, nil, err
		}
	}
	return g, made, nil
}

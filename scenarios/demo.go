package scenarios

import (
	"context"
	"math/rand/v2"

	"signalbox/bus"
	"signalbox/scenarios/demo"
)

// Demo makes the stations of domains (all of the library's when none is named), plays every stand-in that does not run
// already and sends their traffic, until ctx ends: then it returns nil, once all it started has ended. It returns an
// error when the bus lacks what that takes or goes on refusing what is sent.
func (l *Library) Demo(ctx context.Context, b bus.Bus, domains ...string) error {
	return l.demo(ctx, b, rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())), domains)
}

// demo is Demo with its chances.
func (l *Library) demo(ctx context.Context, b bus.Bus, random *rand.Rand, domains []string) error {
	chosen, err := l.chosen(domains)
	if err != nil {
		return err
	}
	show := demo.Program{Domains: l.Domains, Random: random, Playing: &l.playing, Make: func(ctx context.Context) error {
		_, err := l.Make(ctx, b, domains...)
		return err
	}}
	for _, d := range chosen {
		show.StandIns = append(show.StandIns, d.standIns...)
		show.Stories = append(show.Stories, d.stories...)
	}
	return show.Run(ctx, b)
}

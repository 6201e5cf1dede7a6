package scenarios

import (
	"context"
	"sync"

	"signalbox/bus"
	"signalbox/scenarios/standin"
)

// Shared is what stages have together that run scripts on one bus at the same time: what one of them made or plays stays until the
// last that needs it has ended. The zero Shared is ready, and may be used from any goroutine.
type Shared struct {
	mu       sync.Mutex                // held while something is made, played or taken back
	needed   map[string]int            // how many runs need a station, by its name
	made     map[string]bus.NewStation // those that a run has made
	players  int                       // how many runs need stand-ins
	playing  map[string]bool           // stand-ins that a run plays
	standIns []*standin.Group          // of runs that have ended, and are not the last to need them
}

// need counts a run that needs stations, some of which were made for it.
func (x *Shared) need(names []string, made []bus.NewStation) {
	if x.needed == nil {
		x.needed, x.made, x.playing = map[string]int{}, map[string]bus.NewStation{}, map[string]bool{}
	}
	for _, name := range names {
		x.needed[name]++
	}
	for _, station := range made {
		x.made[station.Name] = station
	}
}

// release counts a run that does not need stations any more, and returns those that were made and nobody needs now.
func (x *Shared) release(names []string) (free []bus.NewStation) {
	for _, name := range names {
		if x.needed[name]--; x.needed[name] > 0 {
			continue
		}
		delete(x.needed, name)
		if station, made := x.made[name]; made {
			delete(x.made, name)
			free = append(free, station)
		}
	}
	return free
}

// rest ends the stand-ins of a run, unless others need them: then they end with the last of these.
func (x *Shared) rest(g *ground) {
	if !g.plays {
		g.standIns.Stop()
		return
	}
	x.standIns = append(x.standIns, g.standIns)
	if x.players--; x.players > 0 {
		return
	}
	for _, one := range x.standIns {
		one.Stop()
	}
	x.standIns = nil
	clear(x.playing)
}

// shared is what the stage shares, if only with itself.
func (s *Stage) shared() *Shared {
	if s.Shared == nil {
		s.Shared = &Shared{}
	}
	return s.Shared
}

// end stops the stand-ins and, on somebody else's bus, removes what was made, unless other runs need it. It returns what people
// should know of that.
func (g *ground) end(ctx context.Context, s *Stage) []string {
	shared := s.shared()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	g.switches.back()
	shared.rest(g)
	return g.takeBack(ctx, s)
}

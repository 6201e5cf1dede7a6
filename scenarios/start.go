package scenarios

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/chance"
	"signalbox/scenarios/script"
	"signalbox/scenarios/standin"
	"signalbox/sources"
)

// AbsentError says that a script cannot prove anything on a bus, because something that it is about is not there.
type AbsentError struct{ text string }

// Error says what is missing, and what to do.
func (e *AbsentError) Error() string { return e.text }

// ground is what a run stands on: what was made and is played for it.
type ground struct {
	standIns *standin.Group
	playing  []*standin.StandIn
	made     []bus.NewStation // for this run
	needs    []string         // stations that may have been made for it
	plays    bool             // it needs stand-ins
	switches switches
	notes    []string
}

// prepare makes the stations of a script and starts stand-ins, as far as the stage is told to, and finds out what is missing.
func (s *Stage) prepare(ctx context.Context, chosen *script.Script, seed uint64) (*ground, error) {
	needed, err := s.Library.needed([]string{chosen.Domain}, chosen.Needs)
	if err != nil {
		return nil, err
	}
	told, err := s.Library.needed(ownDomains(chosen), s.StandIns)
	if err != nil {
		return nil, err
	}
	play := told
	if s.Own {
		play = slices.Concat(needed, told)
	}
	for _, x := range play {
		if err := x.CanPlay(s.Bus); err != nil {
			return nil, err
		}
	}
	shared := s.shared()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	g := &ground{}
	if s.Own || s.Make {
		g.make(ctx, s, domainsOf(chosen, play))
	}
	shared.need(g.needs, g.made)
	if !s.Own {
		if err := s.absent(ctx, chosen, play); err != nil {
			g.takeBack(ctx, s)
			return nil, err
		}
	}
	g.standIns = s.newGroup(context.WithoutCancel(ctx), seed) // others may need them for longer
	if g.plays = len(play) > 0; g.plays {
		shared.players++
	}
	for _, x := range slices.Compact(play) {
		if shared.playing[x.FullName()] {
			g.playing = append(g.playing, x)
			continue
		}
		joined, err := g.standIns.Join(x)
		if err != nil {
			shared.rest(g)
			g.takeBack(ctx, s)
			return nil, err
		}
		shared.playing[x.FullName()] = joined
		if joined {
			g.playing = append(g.playing, x)
		} else if !s.Own {
			g.notes = append(g.notes, x.FullName()+" is at work already, and is not played")
		}
	}
	if err := cmp.Or(g.standIns.Begun(ctx), s.switchable(chosen, g)); err != nil {
		shared.rest(g)
		g.takeBack(ctx, s)
		return nil, err
	}
	if !s.Own {
		g.tellIdle(ctx, s.Bus, needed)
	}
	return g, nil
}

func (s *Stage) newGroup(ctx context.Context, seed uint64) *standin.Group {
	l, b := s.Library, s.Bus
	g := standin.NewGroup(ctx, l.Domains, b, script.NewControl(1), chance.New(seed, "stand-ins").Rand)
	g.Temporary, g.Playing = true, l.Playing()
	if s.service != nil {
		g.Temporary, g.Resumes, g.Beside, g.Tell = !s.service.Keep, true, s.service.Beside, s.service.Tell
	}
	return g
}

// domainsOf are those whose commands a script sends, and those of stand-ins.
func domainsOf(chosen *script.Script, standIns []*standin.StandIn) []string {
	domains := slices.Clone(chosen.Uses)
	for _, x := range standIns {
		domains = append(domains, x.Domain)
	}
	return slices.Compact(slices.Sorted(slices.Values(domains)))
}

// needed are stand-ins, by their names in full or within some domains.
func (l *Library) needed(domains []string, names []string) ([]*standin.StandIn, error) {
	var out []*standin.StandIn
	for _, name := range names {
		x, err := l.standIn(domains, name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out, nil
}

// make makes the stations of domains. A system may have stations of its own that take the same subjects; then these cannot be
// made, and need not be.
func (g *ground) make(ctx context.Context, s *Stage, domains []string) {
	if len(domains) == 0 {
		return
	}
	for _, domain := range domains {
		g.needs = append(g.needs, s.Library.stationsOf(domain)...)
	}
	var err error
	if g.made, err = s.Library.Make(ctx, s.Bus, domains...); err != nil {
		g.notes = append(g.notes, err.Error())
	}
}

// absent says which stations are missing that the script sends to, or that are read by what is played.
func (s *Stage) absent(ctx context.Context, chosen *script.Script, play []*standin.StandIn) error {
	goals := slices.Clone(chosen.Goals)
	for _, x := range play {
		goals = append(goals, script.Goal{Domain: x.Domain, Station: x.Reads()})
	}
	var missing []string
	for _, goal := range goals {
		station, own := s.Library.station(goal)
		if !own || !station.is(kindStream) || slices.Contains(missing, goal.Station) {
			continue
		}
		there, err := placesOf(ctx, s.Bus, goal.Station, station)
		if err != nil {
			return err
		}
		if len(there) == 0 {
			missing = append(missing, goal.Station)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	what := "where this script sends to or a stand-in reads: nothing was sent"
	if s.service != nil {
		what = "which a stand-in reads"
	}
	return &AbsentError{fmt.Sprintf("%s has no %s, %s. Is the application there? --make has such stations made, and taken back at the end",
		s.Bus.Info().Name, strings.Join(missing, ", "), what)}
}

// station is what a domain says of a station of its own.
func (l *Library) station(goal script.Goal) (stationSection, bool) {
	for _, d := range l.now().domains {
		if d.Name == goal.Domain {
			return d.Stations.Get(goal.Station)
		}
	}
	return stationSection{}, false
}

// tellIdle notes which services the script needs that neither are played nor have a consumer.
func (g *ground) tellIdle(ctx context.Context, b bus.Bus, needed []*standin.StandIn) {
	for _, x := range needed {
		if slices.Contains(g.playing, x) {
			continue
		}
		if names, told := script.Readers(ctx, b, x.Reads()); told && !slices.Contains(names, x.Consumer()) {
			g.notes = append(g.notes, fmt.Sprintf("nobody reads %s as %s: --stand-in %s has signalbox play it", x.Reads(), x.Consumer(), x.FullName()))
		}
	}
}

// listening are the stand-ins that hear what is sent on a subject which no station keeps.
func (g *ground) listening(subject string) []string {
	var names []string
	for _, x := range g.playing {
		if x.Reads() == subject && g.hears(x) {
			names = append(names, x.FullName()+" (a stand-in)")
		}
	}
	return names
}

// hears tells whether a stand-in takes what comes.
func (g *ground) hears(x *standin.StandIn) bool {
	p, own := g.standIns.Own().Named(x.FullName(), g.switches.bus)
	return !own || p.Condition != standin.Off && p.Condition != standin.Crashed
}

// takeBackTime bounds the removal of what was made.
const takeBackTime = 5 * time.Second

// takeBack removes the stations that were made, but those that others have begun to read.
func (g *ground) takeBack(ctx context.Context, s *Stage) (notes []string) {
	maker, ok := bus.As[bus.Maker](s.Bus)
	if !ok || s.Own {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), takeBackTime)
	defer cancel()
	var free []bus.NewStation
	var names []string
	for _, station := range s.shared().release(g.needs) {
		if readers, _ := script.Readers(ctx, s.Bus, station.Name); len(readers) > 0 {
			notes = append(notes, fmt.Sprintf("%s was made and stays: %s reads it", station.Name, strings.Join(readers, ", ")))
			continue
		}
		free, names = append(free, station), append(names, station.Name)
	}
	gone, failed := s.takeAway(ctx, names)
	for _, station := range free {
		failed = errors.Join(failed, maker.Unmake(ctx, station))
	}
	gone()
	if failed != nil {
		notes = append(notes, failed.Error())
	}
	return notes
}

// takeAway has the engine, where there is one, leave stations that are about to be removed.
func (s *Stage) takeAway(ctx context.Context, names []string) (gone func(), err error) {
	if s.Engine == nil || len(names) == 0 {
		return func() {}, nil
	}
	gone, err = s.Engine.TakeAway(ctx, s.Bus, names...)
	if errors.Is(err, sources.ErrStopped) {
		err = nil // nobody reads them any more
	}
	return gone, err
}

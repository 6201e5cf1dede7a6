package script

import (
	"context"
	"slices"
	"time"

	"signalbox/sources"
)

// Evidence is what was there when an expectation was not met.
type Evidence struct {
	Entity *sources.EntityDetail // with the newest events of its history; nil: it is about none, or nothing is known of it
	Older  uint64                // events of the history that are not in it
	Around []Around              // events of the run that belong to it, and the last ones of the stations, oldest first
	More   int                   // that belong to it, and are not in Around
}

// Around is an event about the moment of a failure.
type Around struct {
	*sources.Event
	Why string // "its entity", "its story", or "the last on orders"
}

// Bounds of evidence.
const (
	evidenceTime = 2 * time.Second
	mostHistory  = 20
	mostRelated  = 20
	mostStations = 8
	mostLast     = 3 // of each station
)

// gathering looks for the events of an Evidence.
type gathering struct {
	entities map[sources.Entity]bool
	stories  map[string]bool // ids that events of one story carry
	related  []reason
	more     int
	last     map[string][]reason // by station
}

// reason is why an event is shown.
type reason struct {
	number uint64
	why    string
}

// evidence is what can be told of a failure within a moment; nil where nothing can.
func (p *Run) evidence(ctx context.Context, of sources.Entity) *Evidence {
	if p.engine == nil || p.quiet {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, evidenceTime)
	defer cancel()
	g := gathering{entities: map[sources.Entity]bool{}, stories: map[string]bool{}, last: map[string][]reason{}}
	g.named(p.names)
	if (of == sources.Entity{}) && len(g.entities) == 1 {
		for only := range g.entities {
			of = only
		}
	}
	if (of != sources.Entity{}) {
		g.entities = map[sources.Entity]bool{of: true}
	}
	x := &Evidence{}
	if d, err := p.engine.Entity(ctx, of, 0); err == nil && d != nil {
		if n := len(d.History); n > mostHistory {
			d.History, x.Older = d.History[n-mostHistory:], uint64(n-mostHistory)
		}
		x.Entity, x.Older = d, x.Older+d.Missing
	}
	if _, err := p.engine.Scan(ctx, p.start, g.see); err != nil {
		return x
	}
	x.More = g.more
	for _, r := range g.reasons() {
		if e, err := p.engine.Event(ctx, r.number); err == nil && e != nil {
			x.Around = append(x.Around, Around{e.Event, r.why})
		}
	}
	return x
}

// named finds the entities and stories of the events that steps have given names to.
func (g *gathering) named(names map[string]any) {
	for _, value := range names {
		event, _ := value.(map[string]any)
		kind, _ := event["kind"].(string)
		id, _ := event["id"].(string)
		if kind != "" && id != "" {
			g.entities[sources.Entity{Kind: kind, ID: id}] = true
		}
		if story, _ := event["correlation"].(string); story != "" {
			g.stories[story] = true
		}
	}
}

// see is shown each event of the run.
func (g *gathering) see(e *sources.Event) {
	why := ""
	switch {
	case e.Kind != nil && g.entities[e.Entity()]:
		why = "its entity"
		if e.Correlation != "" && len(g.stories) < mostRelated {
			g.stories[e.Clone().Correlation] = true
		}
	case e.Correlation != "" && g.stories[e.Correlation]:
		why = "its story"
	}
	if why == "" {
		g.seeOther(e)
		return
	}
	if g.related = append(g.related, reason{e.Number, why}); len(g.related) > mostRelated {
		g.related = g.related[1:]
		g.more++
	}
}

// seeOther remembers the last events of a station.
func (g *gathering) seeOther(e *sources.Event) {
	last, there := g.last[e.Station]
	if !there && len(g.last) == mostStations {
		return
	}
	station := e.Station
	if !there {
		station = e.Clone().Station
	}
	if last = append(last, reason{e.Number, "the last on " + station}); len(last) > mostLast {
		last = last[1:]
	}
	g.last[station] = last
}

// reasons are all that were found, oldest first.
func (g *gathering) reasons() []reason {
	all := slices.Clone(g.related)
	for _, last := range g.last {
		all = append(all, last...)
	}
	slices.SortFunc(all, func(a, b reason) int { return int(int64(a.number) - int64(b.number)) })
	return all
}

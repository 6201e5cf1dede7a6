package script

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/truth"
)

// How long what differs may be on its way, and how long to rest between two questions.
const (
	driftGrace = 500 * time.Millisecond
	driftRest  = 10 * time.Millisecond
)

// mostFound bounds the drifts that a failure names.
const mostFound = 10

// expectDrift waits until no entity differs from the copies that applications keep, or until some do.
type expectDrift struct {
	some   bool
	within time.Duration
}

func (r *Reader) expectDrift(s ExpectSection, within time.Duration) (action, string, error) {
	r.judges.drift = true
	some, err := s.some(s.Drift)
	return expectDrift{some, within}, quantity(some, "drift"), err
}

func (x expectDrift) perform(ctx context.Context, p *Run) (string, error) {
	if err := p.engine.CaughtUp(ctx); err != nil {
		return "", err
	}
	places := Copied(p.Truths, p.bus)
	if len(places) == 0 {
		return "", errNoCopies
	}
	last, err := poll(ctx, x.within, func(ctx context.Context) seen { return x.look(ctx, p, places) })
	return outcome(last, err, fmt.Sprintf("%s within %s", quantity(x.some, "drift"), x.within))
}

// errNoCopies is why nothing can be said of drift.
var errNoCopies = errors.New("no domain says where its application keeps copies on this bus: write that below truth")

// Copied are the places of a bus where applications keep copies of entities.
func Copied(truths []truth.Place, b bus.Bus) (places []truth.Check) {
	for i := range truths {
		if copies, ok := truths[i].On(b); ok {
			places = append(places, truth.Check{Place: &truths[i], Copies: copies, Grace: driftGrace, Rest: driftRest})
		}
	}
	return places
}

// look compares all that is kept with its copies.
func (x expectDrift) look(ctx context.Context, p *Run, places []truth.Check) seen {
	var compared uint64
	var found []string
	more := "" // there is that was not looked at
	for _, check := range places {
		check.Engine = p.engine
		report, err := check.Run(ctx)
		if err != nil {
			return seen{text: err.Error(), blind: true}
		}
		compared += report.Compared
		if report.More {
			more = " at least"
		}
		for i := range report.Drifts {
			found = append(found, report.Drifts[i].String())
		}
	}
	now := seen{text: fmt.Sprintf("%d compared", compared), met: x.some == (len(found) > 0)}
	switch {
	case len(found) > mostFound:
		now.text = fmt.Sprintf("%s; and %d more%s", strings.Join(found[:mostFound], "; "), len(found)-mostFound, more)
	case len(found) > 0:
		now.text = strings.Join(found, "; ")
	}
	return now
}

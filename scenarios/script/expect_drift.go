package script

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"signalbox/scenarios/truth"
)

// noDrift is the expectation that the copies that applications keep of entities are as their events say.
const noDrift = "no drift"

// How long what differs may be on its way, and how long to rest between two questions.
const (
	driftGrace = 500 * time.Millisecond
	driftRest  = 10 * time.Millisecond
)

type expectNoDrift struct{}

func (expectNoDrift) perform(ctx context.Context, p *Run) (string, error) {
	if err := p.engine.CaughtUp(ctx); err != nil {
		return "", err
	}
	var compared uint64
	var found []string
	more := "" // there is that was not looked at
	places := 0
	for i := range p.Truths {
		copies, ok := p.Truths[i].On(p.bus)
		if !ok {
			continue
		}
		places++
		check := truth.Check{Place: &p.Truths[i], Engine: p.engine, Copies: copies, Grace: driftGrace, Rest: driftRest}
		report, err := check.Run(ctx)
		if err != nil {
			return "", err
		}
		compared += report.Compared
		if report.More {
			more = " at least"
		}
		for i := range report.Drifts {
			found = append(found, report.Drifts[i].String())
		}
	}
	switch {
	case places == 0:
		return "", errors.New("no domain says where its application keeps copies on this bus: write that below truth")
	case len(found) > mostFound:
		return "", &Failure{Expected: "no drift", Found: fmt.Sprintf("%s; and %d more%s", strings.Join(found[:mostFound], "; "), len(found)-mostFound, more)}
	case len(found) > 0:
		return "", &Failure{Expected: "no drift", Found: strings.Join(found, "; ")}
	}
	return fmt.Sprintf("%d compared", compared), nil
}

// mostFound bounds the drifts that a failure names.
const mostFound = 10

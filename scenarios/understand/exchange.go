package understand

import (
	"strings"

	"signalbox/bus"
	"signalbox/sources"
)

// What a type is called when it is that of a reply, or of one by which a service says that it failed.
const (
	replySuffix   = " reply"
	failureSuffix = " error"
)

// reply says of a message at a station with exchanges that it is a reply, and why its service failed if it did.
func (g *generic) reply(e *sources.Event) {
	if !e.StationTraits().Exchanges || e.Headers.Get(bus.TookHeader) == "" {
		return
	}
	if why := e.Headers.Get(bus.FailureHeader); why != "" {
		e.Type, e.Problem, e.Undecodable = g.typeName(e.Type+failureSuffix), why, false
		return
	}
	e.Type = g.typeName(e.Type + replySuffix)
}

// correlated is what requests are tied to that say so themselves, by where their replies are awaited.
type correlated struct{ now, before map[string]string }

// mostCorrelated bounds each of the two.
const mostCorrelated = 4096

// exchanged is what ties a request and its replies to other events: what the request says, else the place where replies are
// awaited.
func (g *generic) exchanged(e *sources.Event, own string) string {
	inbox, x := e.Headers.Get(bus.ExchangeHeader), &g.requests
	switch {
	case inbox == "":
		return own
	case e.Headers.Get(bus.TookHeader) != "":
		for _, of := range []map[string]string{x.now, x.before} {
			if id, is := of[inbox]; is {
				return id
			}
		}
	case own != "":
		if x.now == nil || len(x.now) == mostCorrelated {
			x.now, x.before = map[string]string{}, x.now
		}
		x.now[strings.Clone(inbox)] = strings.Clone(own)
	}
	if own == "" {
		return inbox
	}
	return own
}

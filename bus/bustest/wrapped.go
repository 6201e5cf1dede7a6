package bustest

import (
	"context"

	"signalbox/bus"
)

// Wrapped is a harness whose buses stand around those of another, and do nothing but pass on what package bus lets a bus
// around a bus pass on: whatever it loses of them, the suite finds.
func Wrapped(h Harness) Harness {
	connect := h.Connect
	h.Connect = func(ctx context.Context, url string, o Options) (bus.Bus, error) {
		b, err := connect(ctx, url, o)
		if err != nil {
			return nil, err
		}
		return around{b}, nil
	}
	return h
}

type around struct{ bus.Bus }

// Unwrap leads bus.As to what the bus inside can do.
func (a around) Unwrap() bus.Bus { return a.Bus }

func (a around) Open(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	f, err := a.Bus.Open(ctx, station, from)
	if err != nil {
		return nil, err
	}
	return feedAround{f}, nil
}

type feedAround struct{ bus.Feed }

// Unwrap leads bus.WaitingIn to what waits.
func (f feedAround) Unwrap() bus.Feed { return f.Feed }

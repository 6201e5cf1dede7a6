// Package levers is what a person can do to a stream, a bucket, a consumer or the server: send, pause, purge, create, delete.
// Pull writes to the broker. List never blocks; Pull waits for the server. Both may be called from any goroutine.
package levers

import (
	"context"
	"fmt"
	"strings"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/jsapi"
	"signalbox/bus/natsbus/internal/send"
	"signalbox/bus/natsbus/internal/stations"
)

// Levers are the levers of one connection.
type Levers struct {
	core     *core.Client
	js       *jsapi.Client
	stations *stations.Lister
	send     *send.Sender
}

// New makes the levers of a connection.
func New(c *core.Client, js *jsapi.Client, l *stations.Lister, s *send.Sender) *Levers {
	return &Levers{core: c, js: js, stations: l, send: s}
}

// lever is a lever with what it does.
type lever struct {
	bus.Lever
	pull func(ctx context.Context, l *Levers, on bus.Target, values map[string]string) (string, error)
}

// List lists what can be done to a consumer, a station, or the server. What the server is too old for is left
// out.
func (l *Levers) List(on bus.Target) []bus.Lever {
	var all []bus.Lever
	for _, x := range l.levers(on) {
		all = append(all, x.Lever)
	}
	return all
}

func (l *Levers) levers(on bus.Target) []lever {
	send := sendLevers(on.Station)
	switch {
	case on.Consumer != nil:
		return l.consumerLevers(on.Consumer)
	case on.Station.Kind == bus.Stream, on.Station.Kind == bus.Bucket:
		return append(send, purgeLever(on.Station), createConsumer, deleteStream(on.Station))
	case on.Station.Kind == bus.ObjectStore:
		return []lever{deleteStream(on.Station)}
	case on.Station.Name == "" && !l.js.Absent():
		return append(send, createStream, createBucket)
	default:
		return send
	}
}

// Pull does what a lever says.
func (l *Levers) Pull(ctx context.Context, on bus.Target, name string, values map[string]string) (string, error) {
	for _, x := range l.levers(on) {
		if x.Name != name {
			continue
		}
		filled, err := x.fill(values)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		done, err := x.pull(ctx, l, on, filled)
		if err != nil {
			return "", fmt.Errorf("%s %s: %w", name, leverTarget(on), err)
		}
		return done, nil
	}
	return "", fmt.Errorf("%s: there is no such lever for %s", name, leverTarget(on))
}

// fill takes defaults for values that are missing.
func (l lever) fill(values map[string]string) (map[string]string, error) {
	filled := make(map[string]string, len(l.Fields))
	for _, f := range l.Fields {
		value, given := values[f.Name]
		if !given {
			value = f.Default
		}
		value = strings.TrimSpace(value)
		if value == "" && !f.Optional {
			return nil, fmt.Errorf("say %s: %s", f.Name, f.About)
		}
		filled[f.Name] = value
	}
	for name := range values {
		if _, known := filled[name]; !known {
			return nil, fmt.Errorf("it has no field %q", name)
		}
	}
	return filled, nil
}

func leverTarget(on bus.Target) string {
	switch {
	case on.Consumer != nil:
		return on.Consumer.Name + " of " + on.Consumer.Station
	case on.Station.Name != "":
		return on.Station.Name
	default:
		return "the server"
	}
}

// streamOf is the stream behind a target.
func (l *Levers) streamOf(ctx context.Context, on bus.Target) (string, error) {
	if on.Station.Name != "" {
		return jsapi.StreamName(on.Station), nil
	}
	s, err := l.stations.Resolve(ctx, on.Consumer.Station)
	return jsapi.StreamName(s), err
}

// Package levers is what a person can do to a station, a group or the server of Memphis: all of it by requests that Memphis
// itself takes, so that its database knows. What could be done past it, to streams and consumers, is no lever here.
//
// List never blocks. Pull writes and waits for the server. Both may be called from any goroutine.
package levers

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/control"
	"signalbox/bus/memphisbus/internal/schema"
	"signalbox/bus/memphisbus/internal/stations"
)

// Levers are the levers of one connection.
type Levers struct {
	Control  *control.Client
	Schemas  *control.Schemas
	Stations interface {
		Find(ctx context.Context, name string) (stations.Station, error)
	}
	Send   func(ctx context.Context, out bus.Outgoing) (bus.Receipt, error)
	Resend func(ctx context.Context, station, group string, at bus.Position) (bus.Receipt, error)
}

// lever is a lever with what it does.
type lever struct {
	bus.Lever
	pull func(ctx context.Context, l *Levers, on bus.Target, values map[string]string) (string, error)
}

// List lists what can be done to a group, a station, or the server.
func (l *Levers) List(on bus.Target) []bus.Lever {
	var all []bus.Lever
	for _, x := range of(on) {
		all = append(all, x.Lever)
	}
	return all
}

func of(on bus.Target) []lever {
	switch {
	case on.Consumer != nil:
		return []lever{resend}
	case on.Station.Name == "":
		return []lever{createStation}
	default:
		return []lever{send, showSchema, attachSchema, detachSchema, removeStation}
	}
}

// Pull does what a lever says.
func (l *Levers) Pull(ctx context.Context, on bus.Target, name string, values map[string]string) (string, error) {
	for _, x := range of(on) {
		if x.Name != name {
			continue
		}
		filled, err := x.fill(values)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		done, err := x.pull(ctx, l, on, filled)
		if err != nil {
			return "", fmt.Errorf("%s %s: %w", name, target(on), err)
		}
		return done, nil
	}
	return "", fmt.Errorf("%s: there is no such lever for %s", name, target(on))
}

// fill takes defaults for values that are missing.
func (l lever) fill(values map[string]string) (map[string]string, error) {
	filled := make(map[string]string, len(l.Fields))
	for _, f := range l.Fields {
		value, given := values[f.Name]
		if !given {
			value = f.Default
		}
		if value = strings.TrimSpace(value); value == "" && !f.Optional {
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

func target(on bus.Target) string {
	switch {
	case on.Consumer != nil:
		return on.Consumer.Name + " of " + on.Consumer.Station
	case on.Station.Name != "":
		return on.Station.Name
	default:
		return "the server"
	}
}

var send = lever{
	Lever: bus.Lever{
		Name: "send", Title: "Send a message", About: "It is stored in the station, and given to each of its groups.",
		Fields: []bus.LeverField{
			{Name: "data", Label: "Data", About: "what the message says", Optional: true},
			{Name: "headers", Label: "Headers", About: "name=value, separated by commas", Optional: true},
			{Name: "id", Label: "Message ID", About: "the station stores no second one of the same ID within its window", Optional: true},
			{Name: "key", Label: "Partition key", About: "messages of one key come to one partition; else they come to each in turn", Optional: true},
		},
	},
	pull: func(ctx context.Context, l *Levers, on bus.Target, values map[string]string) (string, error) {
		out := bus.Outgoing{Station: on.Station.Name, Data: []byte(values["data"]), ID: values["id"], Key: values["key"]}
		for pair := range strings.SplitSeq(values["headers"], ",") {
			if pair = strings.TrimSpace(pair); pair == "" {
				continue
			}
			name, value, ok := strings.Cut(pair, "=")
			if !ok || name == "" {
				return "", fmt.Errorf("header %q: want name=value", pair)
			}
			out.Headers = append(out.Headers, bus.Header{Name: name, Value: value})
		}
		return told(l.Send(ctx, out))
	},
}

// told is a receipt in a sentence; that nothing came of it is an error.
func told(r bus.Receipt, err error) (string, error) {
	if err == nil && r.Lost() {
		err = errors.New(r.Text)
	}
	return r.Text, err
}

var resend = lever{
	Lever: bus.Lever{
		Name: "resend", Title: "Hand a message to this group again",
		About:  "A member of the group gets it once more. Nothing is stored, and no other group gets it.",
		Fields: []bus.LeverField{{Name: "position", Label: "Position", About: "which message of the station, as lists show it"}},
	},
	pull: func(ctx context.Context, l *Levers, on bus.Target, values map[string]string) (string, error) {
		at, err := on.Consumer.Positions.Parse(values["position"])
		if err != nil {
			return "", err
		}
		return told(l.Resend(ctx, on.Consumer.Station, on.Consumer.Name, at))
	},
}

var showSchema = lever{
	Lever: bus.Lever{
		Name: "schema", Title: "Show the schema",
		About: "Memphis tells it to producers only: one named signalbox is made, and removed at once.",
	},
	pull: func(ctx context.Context, l *Levers, on bus.Target, _ map[string]string) (string, error) {
		if _, err := l.Stations.Find(ctx, on.Station.Name); err != nil {
			return "", err
		}
		x, err := l.Schemas.Of(ctx, on.Station.Name)
		if err != nil {
			return "", err
		}
		return words(on.Station.Name, x), nil
	},
}

// words tells a schema.
func words(station string, x schema.Schema) string {
	if x.None() {
		return station + " has no schema: its payloads may be anything"
	}
	text := "the schema of " + station + " is " + x.String()
	if why := x.Unchecked(); why != "" {
		text += "; " + why
	}
	return text + ": " + x.Content
}

var attachSchema = lever{
	Lever: bus.Lever{
		Name: "attach-schema", Title: "Attach a schema", About: "Producers send nothing that does not fit it from now on.",
		Fields: []bus.LeverField{{Name: "schema", Label: "Schema", About: "the name of a schema that Memphis has"}},
	},
	pull: func(ctx context.Context, l *Levers, on bus.Target, values map[string]string) (string, error) {
		if err := l.Control.Attach(ctx, on.Station.Name, values["schema"]); err != nil {
			return "", err
		}
		return "payloads of " + on.Station.Name + " must fit the schema " + values["schema"], nil
	},
}

var detachSchema = lever{
	Lever: bus.Lever{
		Name: "detach-schema", Title: "Detach the schema", About: "Payloads may be anything from now on.",
	},
	pull: func(ctx context.Context, l *Levers, on bus.Target, _ map[string]string) (string, error) {
		if err := l.Control.Detach(ctx, on.Station.Name); err != nil {
			return "", err
		}
		return "payloads of " + on.Station.Name + " may be anything", nil
	},
}

var removeStation = lever{
	Lever: bus.Lever{
		Name: "remove", Title: "Remove the station", Harms: true,
		About: "It goes with all its messages, partitions, producers and groups, for good.",
	},
	pull: func(ctx context.Context, l *Levers, on bus.Target, _ map[string]string) (string, error) {
		if err := l.Control.RemoveStation(ctx, on.Station.Name); err != nil {
			return "", err
		}
		l.Schemas.Forget(on.Station.Name)
		return "the station " + on.Station.Name + " is removed", nil
	},
}

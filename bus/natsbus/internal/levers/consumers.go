package levers

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/jsapi"
)

// Servers that can do it since a version.
const (
	CanPause       = "2.11.0"
	CanFilterOften = "2.10.0" // several filters of one consumer
)

// consumerLevers are those of one consumer.
func (l *Levers) consumerLevers(c *bus.Consumer) []lever {
	all := []lever{deleteConsumer}
	switch {
	case !l.core.ServerHas(CanPause):
	case c.PausedUntil.After(time.Now()):
		all = append([]lever{resumeConsumer}, all...)
	default:
		all = append([]lever{pauseConsumer}, all...)
	}
	return all
}

var pauseConsumer = lever{
	Lever: bus.Lever{
		Name: "pause", Title: "Pause the consumer",
		About:  "The server hands it no messages for a while; it goes on by itself afterwards, with nothing lost.",
		Fields: []bus.LeverField{{Name: "for", Label: "For", About: "how long, such as 30s, 10m or 2h", Default: "10m"}},
	},
	pull: func(ctx context.Context, l *Levers, on bus.Target, values map[string]string) (string, error) {
		length, err := time.ParseDuration(values["for"])
		if err != nil || length <= 0 {
			return "", fmt.Errorf("%q is no length of time: want one such as 10m", values["for"])
		}
		until := time.Now().Add(length)
		if err := l.pause(ctx, on, until); err != nil {
			return "", err
		}
		return fmt.Sprintf("%s of %s is paused until %s", on.Consumer.Name, on.Consumer.Station, until.Format(time.TimeOnly)), nil
	},
}

var resumeConsumer = lever{
	Lever: bus.Lever{Name: "resume", Title: "Resume the consumer", About: "The server hands it messages again."},
	pull: func(ctx context.Context, l *Levers, on bus.Target, _ map[string]string) (string, error) {
		if err := l.pause(ctx, on, time.Time{}); err != nil {
			return "", err
		}
		return fmt.Sprintf("%s of %s goes on", on.Consumer.Name, on.Consumer.Station), nil
	},
}

// pause pauses a consumer, or resumes it when until is no time.
func (l *Levers) pause(ctx context.Context, on bus.Target, until time.Time) error {
	stream, err := l.streamOf(ctx, on)
	if err != nil {
		return err
	}
	request := map[string]any{}
	if !until.IsZero() {
		request["pause_until"] = until
	}
	return l.js.Do(ctx, "CONSUMER.PAUSE."+stream+"."+on.Consumer.Name, request, &struct{}{})
}

var deleteConsumer = lever{
	Lever: bus.Lever{
		Name: "delete-consumer", Title: "Delete the consumer", Harms: true,
		About: "How far it had come is lost. The messages stay, except where the stream keeps them only for its consumers.",
	},
	pull: func(ctx context.Context, l *Levers, on bus.Target, _ map[string]string) (string, error) {
		stream, err := l.streamOf(ctx, on)
		if err == nil {
			err = l.js.Do(ctx, "CONSUMER.DELETE."+stream+"."+on.Consumer.Name, nil, &struct{}{})
		}
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%s of %s is deleted", on.Consumer.Name, on.Consumer.Station), nil
	},
}

var createConsumer = lever{
	Lever: bus.Lever{
		Name: "create-consumer", Title: "Create a durable consumer",
		About: "Others pull from it by its name. A stream that keeps messages only for its consumers keeps them for this one, too.",
		Fields: []bus.LeverField{
			{Name: "name", Label: "Name", About: "what the consumer is called"},
			{Name: "filter", Label: "Filter", About: "the subjects it reads, separated by commas; all when empty", Optional: true},
			{Name: "from", Label: "From", About: "all or new", Default: "all"},
		},
	},
	pull: func(ctx context.Context, l *Levers, on bus.Target, values map[string]string) (string, error) {
		config := jetstream.ConsumerConfig{Durable: values["name"], AckPolicy: jetstream.AckExplicitPolicy}
		switch values["from"] {
		case "all":
		case "new":
			config.DeliverPolicy = jetstream.DeliverNewPolicy
		default:
			return "", fmt.Errorf("from %q: want all or new", values["from"])
		}
		filters := splitList(values["filter"])
		for i := range filters {
			filters[i] = jsapi.KeyPrefix(jsapi.StreamName(on.Station)) + filters[i]
		}
		switch {
		case len(filters) == 1:
			config.FilterSubject = filters[0]
		case len(filters) > 1 && !l.core.ServerHas(CanFilterOften):
			return "", fmt.Errorf("the server takes one filter a consumer; several need %s or newer", CanFilterOften)
		default:
			config.FilterSubjects = filters
		}
		if _, err := l.js.JetStream.CreateConsumer(ctx, jsapi.StreamName(on.Station), config); err != nil {
			return "", jsapi.Error(err)
		}
		return fmt.Sprintf("%s reads %s", values["name"], on.Station.Name), nil
	},
}

// splitList takes a list apart that is separated by commas or blanks.
func splitList(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}

package natsbus_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// Levers send a message to a stream, a bucket, a subject or a service, and tell what became of it.
func TestSendLevers(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "orders"})
	if _, err := p.js.CreateKeyValue(t.Context(), jetstream.KeyValueConfig{Bucket: "state"}); err != nil {
		t.Fatal(err)
	}
	p.service("prices", "1.0.0")
	for _, c := range []struct {
		station, lever string
		values         map[string]string
		want           string // of the sentence, or of the error
	}{
		{"orders", "send", map[string]string{"subject": "orders.eu", "data": "1", "headers": "A=1, B=2", "id": "x"}, "stored in orders as 1"},
		{"orders", "send", map[string]string{"subject": "orders.eu", "data": "1", "id": "x"}, "has a message with the ID"},
		{"orders", "send", map[string]string{"subject": "orders.eu", "after": "7"}, "wrong last sequence"},
		{"orders", "send", map[string]string{"subject": "orders.eu", "after": "1"}, "stored in orders as 2"},
		{"orders", "send", map[string]string{"subject": "orders.eu", "headers": "A"}, "name=value"},
		{"state", "send", map[string]string{"subject": "order.17", "data": "{}"}, "stored in state as 1"},
		{"ticks", "send", nil, "nobody listens: it is lost"},
		{"ticks", "request", nil, "nobody listens"},
		{"prices", "request", map[string]string{"data": "17"}, ": 17"},
		{"prices", "request", nil, "Nats-Service-Error: no item"},
	} {
		done, err := p.bus.Pull(t.Context(), bus.Target{Station: p.station(c.station)}, c.lever, c.values)
		if err != nil {
			done = err.Error()
		}
		if !strings.Contains(done, c.want) {
			t.Errorf("%s on %s with %v: %q, want %q", c.lever, c.station, c.values, done, c.want)
		}
	}
	r := p.open("orders", bus.From{Start: bus.FromAll})
	r.untilCaughtUp()
	if len(r.messages) != 2 || !slices.Equal(r.messages[0].Headers[:2], bus.Headers{{Name: "A", Value: "1"}, {Name: "B", Value: "2"}}) {
		t.Errorf("messages %+v, want two, the first with its headers", r.messages)
	}
	if names := p.levers(bus.Target{Station: p.station("prices")}); !slices.Equal(names, []string{"request"}) {
		t.Errorf("levers of a service: %q", names)
	}
}

// Without JetStream there is nothing to make, but there is somewhere to send.
func TestLeversWithoutJetStream(t *testing.T) {
	t.Parallel()
	s := startServer(t, "", "jetstream: disabled", nil)
	b, err := natsbus.Connect(t.Context(), natsbus.Options{URL: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	p := &place{T: t, bus: closing(t, b)}
	if _, err := b.Stations(t.Context()); err != nil {
		t.Fatal(err)
	}
	if names := p.levers(bus.Target{}); !slices.Equal(names, []string{"send", "request"}) {
		t.Errorf("levers of a server without JetStream: %q", names)
	}
}

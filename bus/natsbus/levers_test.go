package natsbus_test

import (
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// pull pulls a lever that must work, and returns what it says.
func (p *place) pull(on bus.Target, lever string, values map[string]string) string {
	p.Helper()
	done, err := p.bus.Pull(p.Context(), on, lever, values)
	if err != nil {
		p.Fatal(err)
	}
	return done
}

func (p *place) levers(on bus.Target) []string {
	var names []string
	for _, l := range p.bus.Levers(on) {
		names = append(names, l.Name)
	}
	return names
}

func TestStreamLevers(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	if names := p.levers(bus.Target{}); !slices.Equal(names, []string{"send", "request", "create-stream", "create-bucket"}) {
		t.Errorf("levers of the server: %q", names)
	}
	p.pull(bus.Target{}, "create-stream", map[string]string{"name": "orders", "subjects": "orders.>, place-order", "retention": "interest", "storage": "memory", "age": "24h"})
	config := p.config("orders")
	if !slices.Equal(config.Subjects, []string{"orders.>", "place-order"}) || config.Retention != jetstream.InterestPolicy ||
		config.Storage != jetstream.MemoryStorage || config.MaxAge != 24*time.Hour {
		t.Errorf("the stream was created as %+v", config)
	}
	p.pull(bus.Target{}, "create-bucket", map[string]string{"name": "state"})
	if config := p.config("KV_state"); config.MaxMsgsPerSubject != 8 {
		t.Errorf("the bucket was created as %+v", config)
	}
	orders := bus.Target{Station: p.station("orders")}
	p.pull(orders, "create-consumer", map[string]string{"name": "mailer", "filter": "orders.eu, orders.us"})
	for _, subject := range []string{"orders.eu", "orders.us", "orders.eu", "orders.us", "orders.us"} {
		p.publish(subject, "x")
	}
	if done := p.pull(orders, "purge", map[string]string{"subject": "orders.us", "keep": "1"}); !strings.Contains(done, "2 messages of orders") {
		t.Errorf("purge of 2 of 3 messages: %q", done)
	}
	if s := p.station("orders"); s.Messages != 3 {
		t.Errorf("the stream holds %d messages, want 3", s.Messages)
	}
	p.pull(bus.Target{Station: p.station("state")}, "purge", map[string]string{"key": "order.17"})
	p.pull(orders, "delete", nil)
	p.pull(bus.Target{Station: p.station("state")}, "delete", nil)
	if found, err := p.bus.Stations(t.Context()); err != nil || len(found) != 0 {
		t.Errorf("stations %+v, %v after all were deleted", found, err)
	}
}

func (p *place) config(stream string) jetstream.StreamConfig {
	p.Helper()
	s, err := p.js.Stream(p.Context(), stream)
	if err != nil {
		p.Fatal(err)
	}
	return s.CachedInfo().Config
}

func TestConsumerLevers(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	s := p.stream(jetstream.StreamConfig{Name: "orders"})
	p.consumer(s, jetstream.ConsumerConfig{Durable: "mailer"})
	on := func() bus.Target { c := p.reader("mailer"); return bus.Target{Consumer: &c} }
	if names := p.levers(on()); !slices.Equal(names, []string{"pause", "delete-consumer"}) {
		t.Errorf("levers of a consumer: %q", names)
	}
	p.pull(on(), "pause", map[string]string{"for": "1h"})
	if rest := time.Until(p.reader("mailer").PausedUntil); rest < 50*time.Minute || rest > time.Hour {
		t.Errorf("paused for %s, want an hour", rest)
	}
	if names := p.levers(on()); !slices.Equal(names, []string{"resume", "delete-consumer"}) {
		t.Errorf("levers of a paused consumer: %q", names)
	}
	p.pull(on(), "resume", nil)
	if until := p.reader("mailer").PausedUntil; !until.IsZero() {
		t.Errorf("resumed, but paused until %s", until)
	}
	gone := on()
	p.pull(gone, "delete-consumer", nil)
	if _, err := p.bus.Pull(t.Context(), gone, "delete-consumer", nil); !errors.Is(err, bus.ErrMissing) {
		t.Errorf("delete a consumer that is gone: %v", err)
	}
}

// A server from before 2.11 cannot pause, and so there is no such lever.
func TestLeversOfAnOldServer(t *testing.T) {
	t.Parallel()
	binary, err := exec.LookPath("nats-server")
	if err != nil {
		t.Skip("no nats-server in PATH")
	}
	p := placeOn(t, startServer(t, binary, "", nil), natsbus.Options{})
	if !strings.HasPrefix(p.bus.Info().Server, "nats-server 2.9.") {
		t.Skip("the nats-server in PATH is no old one")
	}
	s := p.stream(jetstream.StreamConfig{Name: "orders"})
	p.consumer(s, jetstream.ConsumerConfig{Durable: "mailer"})
	c := p.reader("mailer")
	if names := p.levers(bus.Target{Consumer: &c}); !slices.Equal(names, []string{"delete-consumer"}) {
		t.Errorf("levers of a consumer: %q", names)
	}
}

func TestLeversRefuse(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	s := p.stream(jetstream.StreamConfig{Name: "orders"})
	p.consumer(s, jetstream.ConsumerConfig{Durable: "mailer"})
	c := p.reader("mailer")
	orders, mailer := bus.Target{Station: p.station("orders")}, bus.Target{Consumer: &c}
	for _, x := range []struct {
		on     bus.Target
		lever  string
		values map[string]string
		want   string
	}{
		{orders, "explode", nil, "no such lever"},
		{orders, "purge", map[string]string{"keep": "some"}, `"some"`},
		{orders, "purge", map[string]string{"key": "k"}, `no field "key"`},
		{orders, "create-consumer", nil, "say name"},
		{orders, "create-consumer", map[string]string{"name": "x", "from": "then"}, "all or new"},
		{mailer, "pause", map[string]string{"for": "ever"}, `"ever"`},
		{bus.Target{}, "create-stream", map[string]string{"name": "x", "retention": "none"}, "workqueue"},
		{bus.Target{}, "create-stream", map[string]string{"name": "x", "replicas": "many"}, "from 1 to 5"},
		{bus.Target{}, "create-stream", map[string]string{"name": "x", "replicas": "3"}, "replicas"},
		{bus.Target{}, "create-bucket", map[string]string{"name": "x", "replicas": "9"}, "from 1 to 5"},
		{bus.Target{}, "create-stream", map[string]string{"name": "orders", "subjects": "other"}, "orders"},
		{bus.Target{}, "create-bucket", map[string]string{"name": "x", "history": "65"}, "64"},
		{bus.Target{Station: bus.Station{Name: "a.b", Kind: bus.Subject}}, "purge", nil, "no such lever"},
	} {
		if done, err := p.bus.Pull(t.Context(), x.on, x.lever, x.values); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s %v: %q, %v, want an error that says %s", x.lever, x.values, done, err, x.want)
		}
	}
	if s := p.station("orders"); s.Consumers != 1 {
		t.Errorf("the stream has %d consumers after levers that were refused, want 1", s.Consumers)
	}
}

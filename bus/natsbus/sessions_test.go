package natsbus_test

import (
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// What another session reads with is told from consumers of applications.
func TestReadersOfOtherSessions(t *testing.T) {
	p := newPlace(t, "", natsbus.Options{})
	shop := p.stream(jetstream.StreamConfig{Name: "shop"})
	if _, err := shop.CreateConsumer(t.Context(), jetstream.ConsumerConfig{Durable: "mailer"}); err != nil {
		t.Fatal(err)
	}
	other := placeOn(t, p.server, natsbus.Options{})
	f, err := other.bus.Open(t.Context(), bus.Station{Name: "shop", Kind: bus.Stream, Readable: true, Replayable: true}, bus.From{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := p.bus.Consumers(t.Context())
	if err != nil || len(all) != 2 {
		t.Fatalf("consumers %+v, %v, want the application's and the other session's", all, err)
	}
	for _, c := range all {
		if c.Session == (c.Name == "mailer") {
			t.Errorf("%s: of a session %t", c.Name, c.Session)
		}
	}
}

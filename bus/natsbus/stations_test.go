package natsbus_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

func TestDiscovery(t *testing.T) {
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "orders", Subjects: []string{"orders.>", "place-order"}})
	p.stream(jetstream.StreamConfig{Name: "$system", Subjects: []string{"sys.>"}})
	p.stream(jetstream.StreamConfig{Name: "state"})
	for _, bucket := range []string{"state", "copy"} { // one has the name of a stream
		if _, err := p.js.CreateKeyValue(t.Context(), jetstream.KeyValueConfig{Bucket: bucket}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.js.CreateObjectStore(t.Context(), jetstream.ObjectStoreConfig{Bucket: "photos"}); err != nil {
		t.Fatal(err)
	}
	found, err := p.bus.Stations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range found {
		readable := ""
		if !s.Readable {
			readable = " unreadable"
		}
		got = append(got, string(s.Kind)+" "+s.Name+readable)
	}
	slices.Sort(got)
	want := []string{"kv KV_state", "kv copy", "objects photos unreadable", "stream orders", "stream state"}
	if !slices.Equal(got, want) {
		t.Errorf("stations %q, want %q", got, want)
	}
	for name, kind := range map[string]bus.Kind{
		"orders": bus.Stream, "copy": bus.Bucket, "state": bus.Stream, "KV_state": bus.Bucket, "photos": bus.ObjectStore,
		"place-order": bus.Subject, "orders.17": bus.Subject, "orders.>": bus.Subject, "nothing": bus.Subject,
	} {
		if s := p.station(name); s.Kind != kind {
			t.Errorf("%q is a %s, want a %s", name, s.Kind, kind)
		}
	}
	if r := p.open("KV_state", bus.From{Start: bus.FromAll}); r != nil {
		r.untilCaughtUp()
	}
	if _, err := p.bus.Stations(t.Context(), "orders", "a..b"); err == nil || !strings.Contains(err.Error(), "a..b") {
		t.Errorf("stations of a malformed subject: %v", err)
	}
}

// On a server with JetStream > would disturb waiting pulls; it is read only when that was allowed.
func TestListenToEverything(t *testing.T) {
	p := newPlace(t, "", natsbus.Options{})
	s := p.station(">")
	if s.Readable || !strings.Contains(s.Reading, "inboxes") {
		t.Errorf("station %+v, want it unreadable, and why", s)
	}
	if _, err := p.bus.Open(t.Context(), s, bus.From{}); err == nil {
		t.Error("> is opened")
	}
	allowed, err := natsbus.Connect(t.Context(), natsbus.Options{URL: p.server.URL(), AllowAll: true})
	if err != nil {
		t.Fatal(err)
	}
	p.bus = closing(t, allowed)
	if !p.station(">").Readable {
		t.Error("> is not readable, although that is allowed")
	}
}

func closing(t *testing.T, b *natsbus.Bus) *natsbus.Bus {
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func TestServerWithoutJetStream(t *testing.T) {
	p := newPlace(t, "jetstream: disabled", natsbus.Options{})
	if found, err := p.bus.Stations(t.Context()); err != nil || len(found) != 0 {
		t.Errorf("stations %+v, %v, want none", found, err)
	}
	if found, err := p.bus.Consumers(t.Context()); err != nil || len(found) != 0 {
		t.Errorf("consumers %+v, %v, want none", found, err)
	}
	r := p.open(">", bus.From{})
	r.untilCaughtUp()
	receipt, err := p.bus.Publish(t.Context(), bus.Outgoing{Station: "orders", Data: []byte("1")})
	if err != nil || receipt.Receivers != 0 || !strings.Contains(receipt.Text, "no stream") {
		t.Errorf("receipt %+v, %v, want it to say that no stream keeps it", receipt, err)
	}
	r.untilData("1")
}

func TestPublishNeedsAnExactSubject(t *testing.T) {
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "orders"})
	for _, out := range []bus.Outgoing{{Station: "orders"}, {Station: "orders", Subject: "orders.*"}, {Station: "orders", Subject: "a b"}} {
		if receipt, err := p.bus.Publish(t.Context(), out); err == nil || !strings.Contains(err.Error(), "orders") {
			t.Errorf("publish %+v: %+v, %v, want an error", out, receipt, err)
		}
	}
}

func TestConsumers(t *testing.T) {
	p := newPlace(t, "", natsbus.Options{})
	s := p.stream(jetstream.StreamConfig{Name: "orders"})
	until := time.Now().Add(time.Hour)
	p.open("orders", bus.From{Start: bus.FromAll}) // by a consumer of the session, which counts nowhere
	for _, c := range []jetstream.ConsumerConfig{
		{Durable: "billing", AckPolicy: jetstream.AckExplicitPolicy, MaxAckPending: 10, MaxDeliver: 3, FilterSubject: "orders.eu"},
		{Durable: "paused", AckPolicy: jetstream.AckExplicitPolicy, PauseUntil: &until},
	} {
		if _, err := s.CreateConsumer(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	p.publishNumbers("orders.eu", 0, 5)
	p.publishNumbers("orders.us", 5, 7)
	billing, err := s.Consumer(t.Context(), "billing")
	if err != nil {
		t.Fatal(err)
	}
	batch, err := billing.Fetch(3)
	if err != nil {
		t.Fatal(err)
	}
	for m := range batch.Messages() {
		if string(m.Data()) == "0" {
			if err := m.DoubleAck(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	found, err := p.bus.Consumers(t.Context())
	if err != nil || len(found) != 2 {
		t.Fatalf("consumers %+v, %v, want 2", found, err)
	}
	if named, all := p.station("orders"), p.discovered("orders"); named.Consumers != 2 || all.Consumers != 2 {
		t.Errorf("the station counts %d consumers, %d where all are listed, want those that are listed", named.Consumers, all.Consumers)
	}
	at := slices.IndexFunc(found, func(c bus.Consumer) bool { return c.Name == "billing" })
	got := found[at]
	if got.Station != "orders" || got.Kind != "durable" || got.Push || got.Lag != 2 || got.Unacked != 2 || got.AckLimit != 10 ||
		got.MaxDeliver != 3 || got.Delivered.Major != 3 || got.AckFloor.Major != 1 || got.LastActive.IsZero() || got.Created.IsZero() {
		t.Errorf("billing: %+v", got)
	}
	if !slices.Contains(got.Details, bus.Detail{Name: "reads", Value: "orders.eu"}) || !slices.Contains(got.Details, bus.Detail{Name: "acknowledges", Value: "explicit"}) {
		t.Errorf("billing: details %+v", got.Details)
	}
	if other := found[1-at]; other.Lag != 7 || time.Until(other.PausedUntil) < 50*time.Minute {
		t.Errorf("paused: %+v, want lag 7 and paused for an hour", other)
	}
}

// discovered is a station as it is listed among all, once it is: a service answers for itself, and a busy one late.
func (p *place) discovered(name string) (found bus.Station) {
	p.Helper()
	p.eventually("station "+name, func() bool {
		all, err := p.bus.Stations(p.Context())
		if err != nil {
			p.Fatal(err)
		}
		at := slices.IndexFunc(all, func(s bus.Station) bool { return s.Name == name })
		if at >= 0 {
			found = all[at]
		}
		return at >= 0
	})
	return found
}

func TestConnectRefusesBadAddresses(t *testing.T) {
	for _, url := range []string{"http://ann:s3cret@host", "nats://", "nats://ann:s3cret@:4222", "nats://ann:s3cret@ho st:1", "nats://ann:s3cr%zzet@host:1", "nats://127.0.0.1:1,amqp://s3cret@h"} {
		b, err := natsbus.Connect(t.Context(), natsbus.Options{URL: url})
		if err == nil {
			_ = b.Close()
			t.Errorf("connect to %q works", url)
			continue
		}
		if strings.Contains(err.Error(), "s3cr") {
			t.Errorf("connect to %q: %v shows the password", url, err)
		}
	}
	_, err := natsbus.Connect(t.Context(), natsbus.Options{URL: "nats://ann:s3cret@127.0.0.1:1,nats://127.0.0.1:2"})
	if !errors.Is(err, bus.ErrUnreachable) || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "127.0.0.1:1") {
		t.Errorf("connect to servers that are not there: %v", err)
	}
}

// With several servers the first that answers is taken; a token is a user without a password.
func TestConnectSeveralAndToken(t *testing.T) {
	s := startServer(t, "", `authorization { token: "t0ken-17" }`, url.User("t0ken-17"))
	b, err := natsbus.Connect(t.Context(), natsbus.Options{URL: "nats://127.0.0.1:1, " + s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	closing(t, b)
	if info := b.Info(); info.URL != "nats://127.0.0.1:1,"+s.As("nats", nil) || info.Link != bus.Live || !strings.HasPrefix(info.Server, "nats-server 2.") {
		t.Errorf("info %+v", info)
	}
	for _, user := range []*url.Userinfo{nil, url.User("wr0ng")} {
		if _, err := natsbus.Connect(t.Context(), natsbus.Options{URL: s.As("nats", user)}); !errors.Is(err, bus.ErrRefused) || strings.Contains(err.Error(), "wr0ng") {
			t.Errorf("connect as %v: %v, want it refused", user, err)
		}
	}
}

// A subject whose messages a stream that is named as well has is listed only: else they would be shown twice.
func TestStationsOnce(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "orders", Subjects: []string{"orders.*", "places.>"}})
	for name, read := range map[string]bool{
		"orders.eu": false, "orders.*": false, "places.a.b": false, "places.>": false, "places.*": false,
		"orders.>": true, "orders.eu.x": true, "*.eu": true, "places": true,
	} {
		found, err := p.bus.Stations(t.Context(), name, "orders")
		if err != nil || len(found) != 2 || found[0].Readable != read || !found[1].Readable {
			t.Errorf("%s with the stream: %+v, %v, want it read: %t", name, found, err, read)
		}
		if s := p.station(name); !s.Readable {
			t.Errorf("%s alone is not read: %s", name, s.Reading)
		}
	}
}

// What a stream and a subscription both deliver is shown once, as the stream's, as long as the stream is read.
func TestStreamAndSubjectDeliverOnce(t *testing.T) {
	t.Parallel()
	for name, retention := range map[string]jetstream.RetentionPolicy{"ordered": jetstream.LimitsPolicy, "queue": jetstream.WorkQueuePolicy} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t, "", natsbus.Options{})
			p.stream(jetstream.StreamConfig{Name: "orders", Subjects: []string{"orders.>"}, Retention: retention})
			subject := p.open("*.new", bus.From{})
			stream := p.open("orders", bus.From{})
			p.publish("orders.new", "both")
			if err := p.conn.Publish("parcels.new", []byte("one")); err != nil {
				t.Fatal(err)
			}
			stream.untilData("both")
			subject.untilData("one")
			if len(subject.messages) != 1 {
				t.Errorf("the subject brings %d messages, want the one that is in no stream", len(subject.messages))
			}
			stream.feed.Close()
			p.publish("orders.new", "alone")
			subject.untilData("alone")
		})
	}
}

// A subject's messages are shown as its own again when the stream that took them was deleted.
func TestDeletedStreamLeavesItsSubjects(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "orders", Subjects: []string{"orders.>"}})
	subject := p.open("*.new", bus.From{})
	p.open("orders", bus.From{})
	if err := p.js.DeleteStream(t.Context(), "orders"); err != nil {
		t.Fatal(err)
	}
	for notice := range p.bus.Notices() {
		if strings.Contains(notice.Text, "was deleted") {
			break
		}
	}
	if err := p.conn.Publish("orders.new", []byte("alone")); err != nil {
		t.Fatal(err)
	}
	subject.untilData("alone")
}

package memphisbus_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/memphisbus"
	"signalbox/bus/natsbus"
)

// Behind nats:// a Memphis is recognised by the streams of its own, whoever asks; another server is none.
func TestRecognised(t *testing.T) {
	server := startMemphis(t, rights, url.UserPassword("root", "memphis"))
	plain := startPlain(t, "", nil)
	for _, c := range []struct {
		url string
		is  bool
	}{
		{server.As("nats", server.User), true},
		{server.As("nats", url.UserPassword("guest", "gu-3st")), true},
		{plain.As("nats", nil), false},
	} {
		b, err := natsbus.Connect(t.Context(), natsbus.Options{URL: c.url})
		if err != nil {
			t.Fatal(err)
		}
		got, is := memphisbus.Broker.Recognise(t.Context(), b)
		if is != c.is {
			t.Errorf("%s is recognised: %t", bus.Redact(c.url), is)
		}
		if is && (got.Info().Product != "Memphis 1.4.4" || !strings.HasPrefix(got.Info().URL, "memphis://127.0.0.1:")) {
			t.Errorf("%s is %+v", bus.Redact(c.url), got.Info())
		}
		if !is {
			got = b
		}
		if err := got.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Where nothing shows that a server is Memphis, memphis:// is believed, and it is said.
func TestURLIsBelieved(t *testing.T) {
	p := placeOn(t, startPlain(t, "", nil), "")
	if n := <-p.bus.Notices(); n.Level != bus.Warn || !strings.Contains(n.Text, "the URL says so") {
		t.Errorf("the notice is %+v", n)
	}
}

// A user with a role that reads one station has that one, under its name or listed, and is told what he has not.
func TestRestrictedUser(t *testing.T) {
	server := startMemphis(t, rights, url.UserPassword("root", "memphis"))
	for _, name := range []string{"public", "secret"} {
		station(t, server.URL(), name, 1)
	}
	p := placeOn(t, server, server.As("memphis", url.UserPassword("guest", "gu-3st")))
	p.group("public", "esdb.workers", 1)
	p.produce("public", 1, "x")

	list, err := p.bus.Stations(t.Context())
	if len(list) != 1 || list[0].Name != "public" || list[0].Messages != 1 {
		t.Errorf("stations: %+v", list)
	}
	if !errors.Is(err, bus.ErrRefused) || !strings.HasSuffix(err.Error(), "this user has no role that reads secret") {
		t.Errorf("stations: %v", err)
	}
	if got := p.read(p.one("Public"), bus.From{Start: bus.FromAll}, 1); string(got[0].Data) != "x" {
		t.Errorf("read %+v", got)
	}
	_, err = p.bus.Stations(t.Context(), "secret")
	if !errors.Is(err, bus.ErrRefused) || !strings.Contains(err.Error(), "station secret: refused: there is none, or this user has no role that reads it") {
		t.Errorf("the other station: %v", err)
	}
	_, err = p.bus.Consumers(t.Context())
	if !errors.Is(err, bus.ErrRefused) || !strings.Contains(err.Error(), "this user may not list the groups of public") {
		t.Errorf("consumers: %v", err)
	}
	p.control("$memphis_consumer_creations", `{"name":"esdb-1","station_name":"public","consumers_group":"esdb.workers"}`)
	p.eventually("a group is known by its member", func() bool {
		all, _ := p.bus.Consumers(t.Context())
		return len(all) == 1 && all[0].Name == "esdb.workers" && all[0].Lag == -1 && len(all[0].Members) == 1
	})
}

// A station of Memphis 0.x is one stream, whose producers name themselves in another header.
func TestBeforeOne(t *testing.T) {
	p := newPlace(t)
	station(t, p.server.URL(), "Orders.EU", 0)
	m := nats.NewMsg("orders#eu.final")
	m.Data = []byte(`{"id":1}`)
	m.Header["producedBy"], m.Header["connectionId"], m.Header["Nats-Msg-Id"] = []string{"till-1"}, []string{"c-1"}, []string{"1"}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if _, err := p.js.PublishMsg(ctx, m); err != nil {
		t.Fatal(err)
	}
	s := p.one("Orders.EU")
	if s.Name != "orders.eu" || s.Partitions != 0 || s.Last != (bus.Position{Major: 1}) || detail(s.Details, "generation") == "" {
		t.Errorf("the station is %+v", s)
	}
	got := p.read(s, bus.From{Start: bus.FromAll}, 1)
	if got[0].Subject != "orders.eu" || got[0].Headers.Get("producedBy") != "till-1" {
		t.Errorf("read %+v", got[0])
	}
	if producer := detail(p.one("Orders.EU").Details, "producer"); !strings.HasPrefix(producer, "till-1, sent last ") {
		t.Errorf("the producer is %q", producer)
	}
}

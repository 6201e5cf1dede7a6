package natsbus_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nats.go/micro"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// Services that answer are stations: the instances of one name together, with what their endpoints did.
func TestServices(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "billing"})
	for _, version := range []string{"1.2.0", "1.3.0"} {
		p.service("prices", version)
	}
	p.service("billing", "1.0.0")
	for range 3 {
		if _, err := p.conn.Request("prices.ask", []byte("17"), patience); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.conn.Request("prices.ask", nil, patience); err != nil {
		t.Fatal(err)
	}
	found, err := p.bus.Stations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range found {
		names = append(names, string(s.Kind)+" "+s.Name)
	}
	if want := []string{"stream billing", "service $SRV.billing", "service prices"}; !slices.Equal(names, want) {
		t.Fatalf("stations %q, want %q", names, want)
	}
	s := found[2]
	if !s.Readable || s.Messages != 4 || detail(s.Details, "instances") != "2" || !slices.Equal(s.Subjects, []string{"prices.ask"}) {
		t.Errorf("service %+v", s)
	}
	if got := detail(s.Details, "version"); got != "1.2.0, 1.3.0" {
		t.Errorf("version %q", got)
	}
	if got := detail(s.Details, "endpoint ask"); !strings.Contains(got, "4 requests, 1 errors") || !strings.Contains(got, "400:no item") {
		t.Errorf("endpoint %q", got)
	}
	for _, name := range []string{"prices", "$SRV.billing"} {
		if s := p.station(name); s.Kind != bus.Service || s.Name != name || len(s.Details) == 0 {
			t.Errorf("the station %q is %+v, want the service", name, s)
		}
	}
	if s := p.station("billing"); s.Kind != bus.Stream {
		t.Errorf("the station billing is a %s, want the stream", s.Kind)
	}
	if s := p.station("nobody"); s.Kind != bus.Subject {
		t.Errorf("the station nobody is a %s, want the subject", s.Kind)
	}
}

// service runs a service that answers all but empty questions.
func (p *place) service(name, version string) micro.Service {
	p.Helper()
	s, err := micro.AddService(p.conn, micro.Config{Name: name, Version: version})
	if err == nil {
		err = s.AddGroup(name).AddEndpoint("ask", micro.HandlerFunc(func(r micro.Request) {
			if len(r.Data()) == 0 {
				_ = r.Error("400", "no item", nil)
				return
			}
			_ = r.Respond(r.Data())
		}))
	}
	if err != nil {
		p.Fatal(err)
	}
	return s
}

func detail(all []bus.Detail, name string) string {
	for _, d := range all {
		if d.Name == name {
			return d.Value
		}
	}
	return ""
}

// What sessions of signalbox ask, and what they are answered, is no event; what others ask is one, and so is what people send with it.
func TestOwnQuestionsAreNoEvents(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]natsbus.Options{"usual": {AllowAll: true}, "with a prefix": {AllowAll: true, InboxPrefix: "_IN.ann"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, "", o)
			p.stream(jetstream.StreamConfig{Name: "billing"})
			p.service("prices", "1.2.0")
			r := p.open(">", bus.From{})
			other := placeOn(t, p.server, natsbus.Options{InboxPrefix: "_IN.bob"})
			for range 2 {
				other.station("prices")
				p.station("prices") // asks services and JetStream; the second time, the feed is read from the wire
			}
			if _, err := p.conn.Request("$SRV.PING.prices", []byte("somebody else"), patience); err != nil {
				t.Fatal(err)
			}
			if _, _, err := p.bus.Request(t.Context(), bus.Outgoing{Station: "prices.ask", Data: []byte("17")}); err != nil {
				t.Fatal(err)
			}
			if err := p.conn.Publish("last", []byte("last")); err != nil {
				t.Fatal(err)
			}
			r.untilData("last")
			var seen []string
			for _, m := range r.messages {
				if !strings.HasPrefix(m.Subject, "_INBOX.") && !strings.HasPrefix(m.Subject, "$JS.EVENT.") { // answers to somebody else; the server's own
					seen = append(seen, m.Subject)
				}
			}
			if want := []string{"$SRV.PING.prices", "prices.ask", "last"}; !slices.Equal(seen, want) {
				t.Errorf("seen were %q, want %q", seen, want)
			}
		})
	}
}

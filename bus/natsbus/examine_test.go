package natsbus_test

import (
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// finding looks a finding up.
func finding(t *testing.T, all []bus.Finding, section, name string) bus.Finding {
	t.Helper()
	for _, f := range all {
		if f.Section == section && f.Name == name {
			return f
		}
	}
	t.Fatalf("no finding %q in the section %q of %+v", name, section, all)
	return bus.Finding{}
}

func wantFinding(t *testing.T, all []bus.Finding, section, name string, level bus.Level, text string) {
	t.Helper()
	if f := finding(t, all, section, name); f.Level != level || !strings.Contains(f.Value, text) {
		t.Errorf("%s, %s: level %d, %q, want level %d and %q", section, name, f.Level, f.Value, level, text)
	}
}

// An administrator may do all; nothing changes by finding that out.
func TestExamine(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "orders"})
	p.stream(jetstream.StreamConfig{Name: "jobs", Retention: jetstream.WorkQueuePolicy})
	p.publish("jobs.a", "1")
	r := p.open("orders", bus.From{Start: bus.FromAll})
	r.untilCaughtUp()
	before := readers(t, p.server.URL())
	all := p.bus.Examine(t.Context())
	wantFinding(t, all, "server", "server", bus.Say, "nats-server 2.")
	wantFinding(t, all, "server", "JetStream", bus.Say, "yes")
	wantFinding(t, all, "server", "streams", bus.Say, "2, of unlimited")
	wantFinding(t, all, "rights", "list streams", bus.Say, "yes")
	wantFinding(t, all, "rights", "create streams", bus.Say, "yes")
	wantFinding(t, all, "rights", "send", bus.Say, "all subjects")
	if slices.ContainsFunc(all, func(f bus.Finding) bool { return f.Value == "" }) {
		t.Errorf("findings %+v, one of which says nothing", all)
	}
	wantFinding(t, all, "reading", "orders", bus.Say, "ordered consumer")
	wantFinding(t, all, "reading", "jobs", bus.Say, "single gets")
	wantFinding(t, all, "trace", "afterwards", bus.Say, "nothing")
	wantFinding(t, all, "trace", "at the moment", bus.Say, "1 stations read, with 1 consumers")
	if after := readers(t, p.server.URL()); strings.Join(before, " ") != strings.Join(after, " ") {
		t.Errorf("consumers %v before and %v after", before, after)
	}
	if found, err := p.bus.Stations(t.Context()); err != nil || len(found) != 2 || p.station("jobs").Messages != 1 {
		t.Errorf("stations %+v, %v: an examination changed something", found, err)
	}
}

// A guest's rights are found by trying, and what is left out is said.
func TestExamineFewRights(t *testing.T) {
	t.Parallel()
	binaries := map[string]string{"required": ""}
	if installed, err := exec.LookPath("nats-server"); err == nil {
		binaries["installed"] = installed
	}
	for name, binary := range binaries {
		t.Run(name, func(t *testing.T) {
			a := secured(t, binary)
			guest, err := natsbus.Connect(t.Context(), natsbus.Options{URL: a.Limited})
			if err != nil {
				t.Fatal(err)
			}
			closing(t, guest)
			all := guest.Examine(t.Context())
			wantFinding(t, all, "rights", "list streams", bus.Warn, "by their names")
			wantFinding(t, all, "rights", "dead letters", bus.Say, "yes")
			wantFinding(t, all, "reading", "public", bus.Say, "ordered consumer")
			wantFinding(t, all, "reading", "streams", bus.Warn, "secret")
			for _, f := range all {
				if strings.Contains(f.Value, "gu-3st") {
					t.Errorf("%+v shows the password", f)
				}
			}
		})
	}
}

// What an old server lacks is said, and what a user is not told, too.
func TestExamineOldServer(t *testing.T) {
	t.Parallel()
	installed, err := exec.LookPath("nats-server")
	if err != nil {
		t.Skip("no nats-server is installed")
	}
	p := placeOn(t, startServer(t, installed, "", nil), natsbus.Options{})
	if !strings.Contains(p.bus.Info().Server, " 2.9.") {
		t.Skip("the nats-server that is installed is " + p.bus.Info().Server)
	}
	all := p.bus.Examine(t.Context())
	wantFinding(t, all, "server", "pausing", bus.Warn, "nats-server 2.11")
	wantFinding(t, all, "server", "filters", bus.Warn, "nats-server 2.10")
	wantFinding(t, all, "rights", "user", bus.Warn, "nats-server 2.10")
}

// A domain, or a prefix of the JetStream API, that nobody answers to is not the same as no JetStream.
func TestJetStreamElsewhere(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	for _, o := range []natsbus.Options{{Domain: "moon"}, {APIPrefix: "moon.API"}} {
		o.URL = p.server.URL()
		b, err := natsbus.Connect(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		closing(t, b)
		wantFinding(t, b.Examine(t.Context()), "server", "JetStream", bus.Fail, "moon")
		if _, err := b.Stations(t.Context()); err == nil || !strings.Contains(err.Error(), "moon") {
			t.Errorf("stations: %v, want it said that nobody answers there", err)
		}
	}
}

// Without JetStream there is little to say. A token is a secret, although the server takes it for the user's name.
func TestExamineWithoutJetStream(t *testing.T) {
	t.Parallel()
	s := startServer(t, "", "jetstream: disabled\nauthorization { token: \"t0ken-17\" }", url.User("t0ken-17"))
	b, err := natsbus.Connect(t.Context(), natsbus.Options{URL: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	closing(t, b)
	all := b.Examine(t.Context())
	wantFinding(t, all, "server", "JetStream", bus.Say, "no")
	wantFinding(t, all, "trace", "afterwards", bus.Say, "nothing")
	for _, f := range all {
		if strings.Contains(f.Value, "t0ken-17") {
			t.Errorf("%+v shows the token", f)
		}
	}
}

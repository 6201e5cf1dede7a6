package core

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"signalbox/bus"
)

// connect starts a server whose user may not use "secret", and connects to it.
func connect(t *testing.T) *Client {
	t.Helper()
	denied := &server.SubjectPermission{Deny: []string{"secret"}}
	s, err := server.NewServer(&server.Options{
		DontListen: true, NoLog: true, NoSigs: true,
		Users: []*server.User{{Username: "guest", Password: "guest", Permissions: &server.Permissions{Publish: denied, Subscribe: denied}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	var c *Client
	connected := make(chan struct{})
	conn, err := nats.Connect("", nats.InProcessServer(s), nats.UserInfo("guest", "guest"),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			<-connected
			c.Refuse(RefusedSubject(err), err)
		}))
	if err != nil {
		t.Fatal(err)
	}
	c = New(conn)
	close(connected)
	t.Cleanup(conn.Close)
	return c
}

func limited(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// What the server forbids fails as refused, at once, by whatever call; the next call is not blamed for it.
func TestRefusalsEndTheirCalls(t *testing.T) {
	c := connect(t)
	began := time.Now()
	for name, call := range map[string]func(subject string) error{
		"request": func(subject string) error { _, err := c.Request(limited(t), nats.NewMsg(subject)); return err },
		"send":    func(subject string) error { return c.Send(limited(t), nats.NewMsg(subject)) },
		"subscribe": func(subject string) error {
			_, err := c.Listen(limited(t), subject, 1000, func(*nats.Msg) {})
			return err
		},
	} {
		for range 2 {
			if err := call("secret"); !errors.Is(err, bus.ErrRefused) {
				t.Errorf("%s: %v, want it refused", name, err)
			}
			if err := call("public." + name); err != nil && !errors.Is(err, nats.ErrNoResponders) {
				t.Errorf("%s of what is allowed, after a refusal: %v", name, err)
			}
		}
	}
	if took := time.Since(began); took > Timeout {
		t.Errorf("it took %s", took)
	}
	if len(c.pending) > 0 {
		t.Errorf("%d calls are still waiting", len(c.pending))
	}
}

// A function that is busy loses what it has no room for, and that is counted; after Stop it is not called.
func TestListenHoldsWhatItMay(t *testing.T) {
	c := connect(t)
	gate, took := make(chan struct{}), 0
	sub, err := c.Listen(limited(t), "flood", 100*(messageCost+10), func(*nats.Msg) { <-gate; took++ })
	if err != nil {
		t.Fatal(err)
	}
	const sent = 1000
	for n := range sent {
		if err := c.Conn.Publish("flood", fmt.Appendf(nil, "%010d", n)); err != nil {
			t.Fatal(err)
		}
	}
	for sub.Lost() == 0 {
		runtime.Gosched()
	}
	if held := sub.Held(); held == 0 || held > 110*(messageCost+10) {
		t.Errorf("%d bytes are held", held)
	}
	close(gate)
	if err := c.Conn.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := sub.Stop(); err != nil {
		t.Fatal(err)
	}
	if lost := int(sub.Lost()); took > sent-lost || took == 0 {
		t.Errorf("%d of %d messages were taken, %d lost", took, sent, lost)
	}
	c.Conn.Close()
	if err := sub.Stop(); err != nil {
		t.Errorf("Stop on a closed connection: %v", err)
	}
	if _, err := c.Request(limited(t), nats.NewMsg("public")); !errors.Is(err, ErrClosed) {
		t.Errorf("request on a closed connection: %v", err)
	}
}

func TestOlder(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"2.9.10", "2.10.0", true}, {"2.10.0", "2.10.0", false}, {"2.11.0-preview", "2.11.0", false}, {"2.12.1", "2.9.9", false}, {"", "2.9", true},
	} {
		if got := older(c.a, c.b); got != c.want {
			t.Errorf("older(%q, %q) = %t", c.a, c.b, got)
		}
	}
}

func TestHeadersAreSorted(t *testing.T) {
	got := Headers(nats.Header{"b": {"2", "1"}, "a": {"3"}, "C": {"4"}})
	if want := (bus.Headers{{Name: "C", Value: "4"}, {Name: "a", Value: "3"}, {Name: "b", Value: "2"}, {Name: "b", Value: "1"}}); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

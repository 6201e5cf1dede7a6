package natsbus_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// exchange is what was read of a request: its reply, if one was seen.
func (r *reading) exchange(request string) (asked, replied *bus.Message) {
	for i := range r.messages {
		m := &r.messages[i]
		inbox := m.Headers.Get(bus.ExchangeHeader)
		switch {
		case m.Headers.Get(bus.TookHeader) == "" && string(m.Data) == request:
			asked = m
		case asked != nil && inbox == asked.Headers.Get(bus.ExchangeHeader):
			replied = m
		}
	}
	return asked, replied
}

// A service is read beside it: each request with the reply that it got, how long that took, and whether the service failed.
func TestServiceIsRead(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]string{"core": "jetstream: disabled", "JetStream": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, config, natsbus.Options{})
			p.service("prices", "1.0.0")
			p.service("prices", "1.0.0") // the other of the two instances does not get what one of them gets
			r := p.open("prices", bus.From{})
			answered := 0
			for n := range 200 { // with JetStream the first reply to whoever asks may come before it is listened to
				request := strings.Repeat("x", n+1)
				if _, err := p.conn.Request("prices.ask", []byte(request), patience); err != nil {
					t.Fatal(err)
				}
				if _, err := p.conn.Request("other.ask", nil, patience); !errors.Is(err, nats.ErrNoResponders) {
					t.Fatalf("nobody answers there: %v", err)
				}
				r.until("the request", func() bool { asked, _ := r.exchange(request); return asked != nil })
				if n == 0 && name != "core" {
					p.eventually("the inbox is listened to", func() bool { return p.answersSeen(r, "again") })
				}
				answered++
				r.until("the reply", func() bool { _, replied := r.exchange(request); return replied != nil || n == 0 && name != "core" })
				if answered == 3 {
					break
				}
			}
			asked, replied := r.exchange("xxx")
			took, err := time.ParseDuration(replied.Headers.Get(bus.TookHeader))
			if err != nil || took <= 0 || took > patience || replied.Subject != "prices.ask" || string(replied.Data) != "xxx" || replied.UnixNano < asked.UnixNano {
				t.Errorf("reply %+v to %+v, %v", replied, asked, err)
			}
			m := nats.NewMsg("prices.ask")
			m.Header.Set("Nr", "last")
			if _, err := p.conn.RequestMsg(m, patience); err != nil {
				t.Fatal(err)
			}
			r.until("the failure", func() bool { _, replied := r.exchange(""); return replied != nil })
			asked, replied = r.exchange("")
			if asked.Headers.Get("Nr") != "last" || replied.Headers.Get(bus.FailureHeader) != "400: no item" {
				t.Errorf("failure %+v of %+v", replied, asked)
			}
		})
	}
}

// answersSeen asks once, and tells whether any reply has been seen.
func (p *place) answersSeen(r *reading, request string) bool {
	p.Helper()
	if _, err := p.conn.Request("prices.ask", []byte(request), patience); err != nil {
		p.Fatal(err)
	}
	before := len(r.messages)
	r.until("the request", func() bool { return len(r.messages) > before })
	return slices.ContainsFunc(r.messages, func(m bus.Message) bool { return m.Headers.Get(bus.TookHeader) != "" })
}

// A service that is gone is not listened to, so that whoever asks is told that nobody is there; it is read on once it is back.
func TestServiceThatIsGone(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	service := p.service("prices", "1.0.0")
	r := p.open("prices", bus.From{})
	if err := service.Stop(); err != nil {
		t.Fatal(err)
	}
	p.eventually("nobody listens", func() bool {
		if s := p.station("prices"); s.Kind != bus.Service {
			t.Fatalf("the service that is read became a %s", s.Kind)
		}
		_, err := p.conn.Request("prices.ask", []byte("1"), 100*time.Millisecond)
		return errors.Is(err, nats.ErrNoResponders)
	})
	p.service("prices", "1.0.1")
	p.eventually("it is read again", func() bool {
		p.station("prices")
		return p.answersSeenWithin(r)
	})
	if len(r.gaps) != 1 || r.gaps[0].Why != "nobody answered" {
		t.Errorf("gaps %+v", r.gaps)
	}
}

// answersSeenWithin asks once, and tells whether the request has come by the time that the server has been asked again.
func (p *place) answersSeenWithin(r *reading) bool {
	p.Helper()
	request := time.Now().String()
	if _, err := p.conn.Request("prices.ask", []byte(request), patience); err != nil {
		p.Fatal(err)
	}
	if unread := r.feed.(interface{ Unread() uint64 }).Unread(); unread == 0 {
		return false
	}
	r.until("the gap", func() bool { return len(r.gaps) > 0 })
	return true
}

// Who may not listen to inboxes sees requests, and is told that replies are not seen.
func TestServiceWithoutInboxes(t *testing.T) {
	t.Parallel()
	allowed := &server.Permissions{Subscribe: &server.SubjectPermission{Allow: []string{"_IN.ann.>", "prices.>", "$SRV.>"}}}
	s := runServer(t, &server.Options{Users: []*server.User{{Username: "ann", Password: "pw", Permissions: allowed}, {Username: "bob", Password: "pw"}}})
	url := func(user string) string { return strings.Replace(s.ClientURL(), "://", "://"+user+":pw@", 1) }
	conn, err := nats.Connect(url("bob"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	b, err := natsbus.Connect(t.Context(), natsbus.Options{URL: url("ann"), InboxPrefix: "_IN.ann"})
	if err != nil {
		t.Fatal(err)
	}
	p := &place{T: t, conn: conn, bus: closing(t, b)}
	p.service("prices", "1.0.0")
	r := p.open("prices", bus.From{})
	p.wantNotice("replies of prices are not seen")
	if _, err := conn.Request("prices.ask", []byte("17"), patience); err != nil {
		t.Fatal(err)
	}
	r.until("the request", func() bool { asked, _ := r.exchange("17"); return asked != nil })
}

// Requests that a stream keeps are the stream's.
func TestServiceOfAStream(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "kept", Subjects: []string{"prices.>"}})
	p.service("prices", "1.0.0")
	if s := p.discovered("prices"); s.Readable || !strings.Contains(s.Reading, "kept") {
		t.Errorf("station %+v", s)
	}
}

package memphisbus_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
)

// letters are the dead letters, each as station, group, position, standing and why.
func (p *place) letters() map[string]bus.DeadLetter {
	p.Helper()
	all, err := p.bus.DeadLetters(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	found := map[string]bus.DeadLetter{}
	for _, d := range all {
		name := fmt.Sprintf("%s %s %s: %s", d.Station, d.Consumer, d.Positions.Format(d.Position), d.Standing)
		if _, twice := found[name]; twice {
			p.Errorf("%s is listed twice", name)
		}
		found[name] = d
	}
	return found
}

// fetch pulls so many messages for a group's consumer, and answers each.
func (p *place) fetch(c jetstream.Consumer, count int, answer func(jetstream.Msg) error) {
	p.Helper()
	for got := 0; got < count; {
		batch, err := c.Fetch(count-got, jetstream.FetchMaxWait(patience))
		if err != nil {
			p.Fatal(err)
		}
		for m := range batch.Messages() {
			got++
			if err := answer(m); err != nil {
				p.Error(err)
			}
		}
	}
}

// exhaust has a group be given what it does not answer as often as it may be.
func (p *place) exhaust(c jetstream.Consumer, deliveries int) {
	p.Helper()
	p.fetch(c, deliveries, func(jetstream.Msg) error { return nil })
	p.eventually("it is given up", func() bool { // only a group that asks again gives up
		batch, err := c.FetchNoWait(1)
		if err != nil {
			p.Fatal(err)
		}
		for range batch.Messages() {
			p.Error("it is given what it should not be")
		}
		info, err := c.Info(p.Context())
		return err == nil && info.NumAckPending == 0
	})
}

func patient(c *jetstream.ConsumerConfig) { c.AckWait, c.MaxDeliver = 100*time.Millisecond, 2 }

// What a group gives up, and what it refuses with a reason, has the names that users of Memphis know, and the message.
func TestDeadLetters(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	station(t, p.server.URL(), "Orders.EU", 2)
	groups := p.group("Orders.EU", "esdb.workers", 2, patient)
	if found := p.letters(); len(found) != 0 {
		t.Fatalf("%v before there are any", found)
	}
	p.produce("Orders.EU", 1, `{"n":1}`, "Event-Type", "E")
	p.produce("Orders.EU", 2, `{"n":2}`)
	p.fetch(groups[1], 1, func(m jetstream.Msg) error { return m.Term() })
	p.control("$memphis_nacked_dls", `{"station_name":"orders#eu","error":"cannot parse order","partition":2,"cg_name":"Esdb.Workers","seq":1}`)
	p.exhaust(groups[0], 2)
	given, refused := "orders.eu esdb.workers 1:1: given up", "orders.eu esdb.workers 2:1: terminated"
	var found map[string]bus.DeadLetter
	p.eventually("both are known", func() bool {
		found = p.letters()
		return len(found) == 2 && found[refused].Why == "terminated: cannot parse order"
	})
	for name, want := range map[string]string{given: `{"n":1}`, refused: `{"n":2}`} {
		d := found[name]
		if d.Message == nil || string(d.Message.Data) != want || d.Message.Subject != "orders.eu" || d.Message.Position != d.Position {
			t.Errorf("%s: %+v", name, d)
		}
	}
	if d := found[given]; d.Why != "max deliveries" || d.Deliveries != 2 || d.Message.Headers.Get("Event-Type") != "E" {
		t.Errorf("%+v", d)
	}
}

// A member may refuse what the server says nothing of to this user; whoever may not be told of it is told nothing else.
func TestRefusalAlone(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	station(t, p.server.URL(), "orders", 1)
	p.letters()
	p.produce("orders", 1, `{"n":1}`)
	p.control("$memphis_nacked_dls", `{"station_name":"orders","error":"","partition":1,"cg_name":"od","seq":1}`)
	p.control("$memphis_nacked_dls", `{"station_name":"gone","error":"","partition":1,"cg_name":"od","seq":1}`)
	p.control("$memphis_nacked_dls", `not JSON`)
	p.eventually("it is known", func() bool {
		d, ok := p.letters()["orders od 1: terminated"]
		return ok && d.Why == "terminated" && d.Message != nil
	})
}

// What was given up before the session attached is told from where the group stands, and said to be inferred.
func TestDeadLettersFromBefore(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	station(t, p.server.URL(), "orders", 1)
	c := p.group("orders", "od", 1, patient)[0]
	p.produce("orders", 1, `{"n":1}`)
	p.produce("orders", 1, `{"n":2}`)
	p.fetch(c, 1, func(m jetstream.Msg) error { return m.DoubleAck(t.Context()) })
	p.exhaust(c, 2)
	p.eventually("2 is given up", func() bool {
		info, err := c.Info(t.Context())
		return err == nil && info.NumAckPending == 0 && info.NumRedelivered == 1
	})
	found := p.letters()
	info, err := c.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d, ok := found["orders od 2: given up"]
	if inferred := info.AckFloor.Stream < 2; ok != inferred || ok && !strings.Contains(d.Why, "inferred") {
		t.Errorf("the floor is %d, and %v are told", info.AckFloor.Stream, found)
	}
	all, err := p.bus.Consumers(t.Context())
	if err != nil || len(all) != 1 || all[0].GivenUp != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	if standing, _ := p.bus.Standing(all[0], "orders", bus.Position{Major: 2}); standing == bus.Done {
		t.Error("what was given up is said to be done")
	}
}

// Copies in a dead-letter station are told of where nothing else is known; else the letter says where its copy is.
func TestCopies(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	station(t, p.server.URL(), "orders", 1)
	station(t, p.server.URL(), "orders-dls", 1)
	c := p.group("orders", "od", 1, patient)[0]
	p.letters()
	p.produce("orders", 1, `{"n":1}`)
	p.exhaust(c, 2)
	p.produce("orders-dls", 1, `{"n":1}`, "station", "orders", "type", "unacked")
	p.produce("orders-dls", 1, `{"n":0}`, "station", "orders", "type", "unacked") // from long ago
	p.produce("orders-dls", 1, `{"m":0}`, "station", "orders", "type", "failed_schema")
	var found map[string]bus.DeadLetter
	p.eventually("all are known", func() bool { found = p.letters(); return len(found) == 3 })
	for name, why := range map[string]string{
		"orders od 1: given up":     "max deliveries, copied to orders-dls",
		"orders-dls  2: given up":   "a group of orders gave it up, or refused it: this is the copy, which does not say which group",
		"orders-dls  3: terminated": "it did not fit the schema of orders, which has never had it: this is the copy",
	} {
		if d, ok := found[name]; !ok || d.Why != why || d.Message == nil {
			t.Errorf("%s: %+v, want %q; found %v", name, d, why, found)
		}
	}
	if _, plain := p.letters()["orders  1: given up"]; plain {
		t.Error("a message is taken for a copy")
	}
}

// What is handed to a group again comes to one of its members, wherever its client listens, and nowhere else.
func TestResend(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	newClerk(t, p.server.URL())
	station(t, p.server.URL(), "Orders.EU", 1)
	p.produce("Orders.EU", 1, `{"n":1}`, "Event-Type", "E")
	m, err := p.bus.Get(t.Context(), p.one("orders.eu"), bus.Position{Major: 1})
	if err != nil {
		t.Fatal(err)
	}
	out := bus.Outgoing{Station: "orders.eu", Headers: m.Headers, Data: m.Data}
	if r, err := p.bus.Resend(t.Context(), "esdb.workers", out); err != nil || !r.Lost() || !strings.Contains(r.Text, "no member of esdb.workers") {
		t.Errorf("to nobody: %+v, %v", r, err)
	}
	got := make(chan *nats.Msg, 9)
	for _, subject := range []string{"$memphis_dls_orders#eu.esdb#workers", "$memphis_dls_orders#eu_old"} { // of a newer client, and of an older one
		for range 2 { // members of a group share what comes
			if _, err := p.conn.QueueSubscribe(subject, subject, func(m *nats.Msg) { got <- m; _ = m.Respond([]byte("+ACK")) }); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := p.conn.Flush(); err != nil {
		t.Fatal(err)
	}
	for _, group := range []string{"esdb.workers", "old"} {
		r, err := p.bus.Resend(t.Context(), group, out)
		if err != nil || r.Text != "a member of "+group+" has it, and no other group, and acknowledged it" {
			t.Errorf("%+v, %v", r, err)
		}
		back := <-got
		if string(back.Data) != `{"n":1}` || back.Header["Event-Type"][0] != "E" || back.Header["$memphis_producedBy"][0] != "$memphis_dls" || back.Header["$memphis_pm_cg_name"][0] != group {
			t.Errorf("it got %q with %v", back.Data, back.Header)
		}
	}
	text, err := p.bus.Pull(t.Context(), bus.Target{Consumer: &bus.Consumer{Station: "orders.eu", Name: "old"}}, "resend", map[string]string{"position": "1"})
	if err != nil || !strings.Contains(text, "a member of old has it") {
		t.Error(text, err)
	}
	<-got
	select {
	case m := <-got:
		t.Errorf("another member got %q", m.Data)
	default:
	}
	if s := p.one("orders.eu"); s.Messages != 1 {
		t.Errorf("%d messages are stored, want the one", s.Messages)
	}
}

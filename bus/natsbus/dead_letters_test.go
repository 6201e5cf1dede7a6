package natsbus_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// What a consumer gives up, refuses, or does not accept yet is learnt of, with the message; nothing is left behind.
func TestDeadLetters(t *testing.T) {
	t.Parallel()
	binaries := []string{""}
	if installed, err := exec.LookPath("nats-server"); err == nil {
		binaries = append(binaries, installed)
	}
	for _, binary := range binaries {
		t.Run("server "+binary, func(t *testing.T) { deadLetters(t, binary) })
	}
}

func deadLetters(t *testing.T, binary string) {
	p := placeOn(t, startServer(t, binary, "", nil), natsbus.Options{})
	s := p.stream(jetstream.StreamConfig{Name: "orders"})
	config := jetstream.ConsumerConfig{Durable: "mailer", AckPolicy: jetstream.AckExplicitPolicy, AckWait: time.Hour, MaxDeliver: 2}
	c := p.consumer(s, config)
	if found := p.deadLetters(); len(found) != 0 {
		t.Fatalf("dead letters %+v before there are any", found)
	}
	p.publishNumbers("orders.a", 1, 5)
	answers := map[string]func(jetstream.Msg) error{
		"1": jetstream.Msg.Ack,
		"2": jetstream.Msg.Term,
		"3": func(jetstream.Msg) error { return nil }, // until it is given up
		"4": func(m jetstream.Msg) error { return m.NakWithDelay(time.Hour) },
	}
	reading, err := c.Consume(func(m jetstream.Msg) {
		if err := answers[string(m.Data())](m); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer reading.Stop()
	p.eventually("all but one are answered", func() bool {
		got, _ := p.bus.Standing(p.reader("mailer"), "orders.a", bus.Position{Major: 1})
		return got == bus.Done && len(p.deadLetters()) == 2
	})
	p.expires(s, config)
	want := map[string]string{"2": "terminated", "3": "max deliveries", "4": "not accepted"}
	var found []bus.DeadLetter
	p.eventually("all dead letters are learnt of", func() bool { found = p.deadLetters(); return len(found) == len(want) })
	for _, d := range found {
		if d.Message == nil {
			t.Fatalf("dead letter %+v without its message", d)
		}
		data := string(d.Message.Data)
		if !strings.HasPrefix(d.Why, want[data]) || d.Station != "orders" || d.Consumer != "mailer" || d.Deliveries < 1 ||
			d.Position != d.Message.Position || time.Since(time.Unix(0, d.UnixNano)) > time.Minute {
			t.Errorf("dead letter of message %s: %+v, want %s", data, d, want[data])
		}
	}
	for at, standing := range map[uint64]bus.Standing{1: bus.Done, 2: bus.Terminated, 3: bus.GivenUp} {
		if got, _ := p.bus.Standing(p.reader("mailer"), "orders.a", bus.Position{Major: at}); got != standing {
			t.Errorf("message %d is %s, want %s", at, got, standing)
		}
	}
	if names := readers(t, p.server.URL()); len(names) != 1 {
		t.Errorf("consumers %v, want the application's alone", names)
	}
}

// expires has what a consumer was given and did not answer be delivered again soon.
func (p *place) expires(s jetstream.Stream, config jetstream.ConsumerConfig) {
	p.Helper()
	config.AckWait = 100 * time.Millisecond
	if _, err := s.UpdateConsumer(p.Context(), config); err != nil {
		p.Fatal(err)
	}
}

// Messages are told of again while they are fetched.
func TestDeadLettersAreToldOfAgain(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	const messages = 60
	p.stream(jetstream.StreamConfig{Name: "orders"})
	p.publishNumbers("orders.a", 0, messages)
	p.deadLetters() // from now on it is heard
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; ctx.Err() == nil; n++ {
			text := fmt.Sprintf(`{"stream":"orders","consumer":"mailer","stream_seq":%d,"deliveries":%d}`, 1+n%messages, n)
			if err := p.conn.Publish("$JS.EVENT.ADVISORY.CONSUMER.MSG_NAKED.orders.mailer", []byte(text)); err != nil {
				t.Error(err)
				return
			}
			if n%messages == 0 {
				_ = p.conn.Flush()
			}
		}
	}()
	p.eventually("all are listed, each with its message", func() bool {
		found := p.deadLetters()
		return len(found) == messages && !slices.ContainsFunc(found, func(d bus.DeadLetter) bool { return d.Message == nil })
	})
	cancel()
	<-done
}

// A message that a worker died over, when nobody pulls any more, is shown as stuck.
func TestStuckLetters(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	s := p.stream(jetstream.StreamConfig{Name: "orders"})
	p.consumer(s, jetstream.ConsumerConfig{Durable: "mailer", AckPolicy: jetstream.AckExplicitPolicy, AckWait: 50 * time.Millisecond, FilterSubject: "orders.a"})
	for _, subject := range []string{"orders.a", "orders.b", "orders.a", "orders.b", "orders.a"} {
		p.publish(subject, subject)
	}
	p.fetch(s, "mailer", 2)
	var found []bus.DeadLetter
	p.eventually("what is stuck is found", func() bool { found = p.deadLetters(); return len(found) == 2 })
	for i, d := range found {
		if d.Position.Major != uint64(2*i+1) || !strings.Contains(d.Why, "nobody is pulling") || string(d.Message.Data) != "orders.a" || d.Deliveries != -1 {
			t.Errorf("stuck: %+v", d)
		}
	}
	p.fetch(s, "mailer", 3, 1, 3, 5)
	if found = p.deadLetters(); len(found) != 0 {
		t.Errorf("dead letters %+v, but all was acknowledged in the end", found)
	}
}

// Who may not listen is told so, each time.
func TestDeadLettersRefused(t *testing.T) {
	t.Parallel()
	a := secured(t, "")
	guest, err := natsbus.Connect(t.Context(), natsbus.Options{URL: withUser(a.Limited, "deaf", "de-4f")})
	if err != nil {
		t.Fatal(err)
	}
	closing(t, guest)
	for range 2 {
		if _, err := guest.DeadLetters(t.Context()); !errors.Is(err, bus.ErrRefused) || !strings.Contains(err.Error(), "given up") {
			t.Errorf("dead letters: %v, want them refused", err)
		}
	}
}

func withUser(text, user, password string) string {
	u, err := url.Parse(text)
	if err != nil {
		panic(err)
	}
	u.User = url.UserPassword(user, password)
	return u.String()
}

func (p *place) deadLetters() []bus.DeadLetter {
	p.Helper()
	found, err := p.bus.DeadLetters(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	return found
}

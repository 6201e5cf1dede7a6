package natsbus_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

var _ bus.Requester = (*natsbus.Bus)(nil)

func TestRequest(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	sub, err := p.conn.Subscribe("prices.ask", func(m *nats.Msg) {
		answer := nats.NewMsg("")
		answer.Header["Price"], answer.Data = []string{"17"}, m.Data
		_ = m.RespondMsg(answer)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.conn.Flush(); err != nil {
		t.Fatal(err)
	}
	got, took, err := p.bus.Request(t.Context(), bus.Outgoing{Subject: "prices.ask", Data: []byte("apples")})
	if err != nil || string(got.Data) != "apples" || got.Headers.Get("Price") != "17" || took <= 0 || took > patience {
		t.Errorf("answer %+v after %s, %v", got, took, err)
	}
	if err := sub.Unsubscribe(); err != nil {
		t.Fatal(err)
	}
	if err := p.conn.Flush(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if _, _, err := p.bus.Request(t.Context(), bus.Outgoing{Subject: "prices.ask"}); !errors.Is(err, bus.ErrMissing) || time.Since(began) > patience/2 {
		t.Errorf("a request that nobody answers: %v after %s", err, time.Since(began))
	}
}

// A message that is expected to follow another one is stored after that one only.
func TestPublishExpectsLast(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "orders", Subjects: []string{"orders"}})
	send := func(last string) (bus.Receipt, error) {
		return p.bus.Publish(t.Context(), bus.Outgoing{Station: "orders", Data: []byte("x"), Headers: bus.Headers{{Name: "Nats-Expected-Last-Sequence", Value: last}}})
	}
	for _, last := range []string{"0", "1"} {
		if _, err := send(last); err != nil {
			t.Fatal(err)
		}
	}
	if receipt, err := send("1"); err == nil || !strings.Contains(err.Error(), "nothing was stored") || !strings.Contains(err.Error(), "2") {
		t.Errorf("receipt %+v, %v, want nothing stored after 1, which is not the last", receipt, err)
	}
}

// Further facts about streams: copies of others, and what their subjects hold.
// The largest message that the server takes goes out and comes in; one that is larger is told before it is sent.
func TestLargestMessage(t *testing.T) {
	t.Parallel()
	const most = 8 << 20
	p := newPlace(t, fmt.Sprintf("max_payload: %d", most), natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "orders", Subjects: []string{"orders"}})
	out := bus.Outgoing{Station: "orders", Data: bytes.Repeat([]byte("x"), most)}
	if _, err := p.bus.Publish(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	r := p.open("orders", bus.From{Start: bus.FromAll})
	r.untilCaughtUp()
	if len(r.messages) != 1 || r.messages[0].Size != most {
		t.Errorf("%d messages, want one of %d bytes", len(r.messages), most)
	}
	out.Data = append(out.Data, 'x')
	if _, err := p.bus.Publish(t.Context(), out); err == nil || !strings.Contains(err.Error(), strconv.Itoa(most)) {
		t.Errorf("too large a message: %v, want it said what the server takes", err)
	}
}

func TestStreamDetails(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "orders", Duplicates: time.Minute, MaxAge: time.Hour, MaxMsgSize: 1000})
	p.stream(jetstream.StreamConfig{Name: "copy", Subjects: []string{}, Mirror: &jetstream.StreamSource{Name: "orders"}})
	for _, subject := range []string{"orders.eu", "orders.us", "orders.eu"} {
		p.publish(subject, "x")
	}
	p.eventually("the mirror has all", func() bool {
		s, err := p.js.Stream(t.Context(), "copy")
		return err == nil && s.CachedInfo().State.Msgs == 3
	})
	found, err := p.bus.Stations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range found {
		want := map[string]string{"retention": "limits", "storage": "file", "replicas": "1"}
		if s.Name == "orders" {
			want["duplicates"], want["max age"], want["max message size"] = "recognised within 1m0s", "1h0m0s", "1000"
		} else {
			want["mirror of"] = "orders, 0 behind"
		}
		for name, value := range want {
			if got := detail(s.Details, name); !strings.HasPrefix(got, value) {
				t.Errorf("%s: %s is %q, want %q", s.Name, name, got, value)
			}
		}
		counts := []bus.SubjectCount{{Subject: "orders.eu", Messages: 2}, {Subject: "orders.us", Messages: 1}}
		if !slices.Equal(s.BySubject, counts) || s.MoreSubjects != 0 || detail(s.Details, "orders.eu") != "" {
			t.Errorf("%s: by subject %+v and %d more, details %+v", s.Name, s.BySubject, s.MoreSubjects, s.Details)
		}
	}
}

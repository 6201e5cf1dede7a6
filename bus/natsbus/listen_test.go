package natsbus_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// On a subject that no stream keeps a worker is one of a queue group: of two, one hears a message. What is sent while the gate is
// shut nobody hears.
func TestWorkOnASubject(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	other, err := natsbus.Connect(t.Context(), natsbus.Options{URL: p.server.URL()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	heard, done, gate := make(chan string, 1000), make(chan error, 2), &bus.Gate{}
	for range 2 {
		go func() {
			done <- p.bus.Work(ctx, bus.Job{Station: "news.*", Consumer: "editor", Gate: gate}, func(_ context.Context, m bus.Message, _ int) bus.Verdict {
				heard <- string(m.Data)
				return bus.Nak
			})
		}()
	}
	send := func(text string) int64 {
		t.Helper()
		r, err := other.Publish(t.Context(), bus.Outgoing{Station: "news.*", Subject: "news.today", Data: []byte(text)})
		if err != nil {
			t.Fatal(err)
		}
		return r.Receivers
	}
	until := func(receivers int64) {
		t.Helper()
		for end := time.Now().Add(patience); send("probe") != receivers; {
			if time.Now().After(end) {
				t.Fatalf("there are never %d receivers", receivers)
			}
		}
	}
	times := func(last string) map[string]int {
		got := map[string]int{}
		for got[last] == 0 {
			got[<-heard]++
		}
		return got
	}
	until(1)
	send("a")
	send("b")
	if got := times("b"); got["a"] != 1 {
		t.Errorf("the two members of a group heard a message %d times", got["a"])
	}
	gate.Shut()
	until(0)
	send("lost")
	gate.Open()
	until(1)
	send("later")
	if got := times("later"); got["lost"] != 0 {
		t.Error("what was sent while it was shut was heard")
	}
	cancel()
	for range 2 {
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

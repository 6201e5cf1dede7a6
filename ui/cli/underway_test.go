package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
)

// slowBus is a bus on which messages travel behind one another; what becomes of each the test says.
type slowBus struct {
	bus.Bus
	gone chan string // in the order in which they went
	say  func(ctx context.Context, out *bus.Outgoing) (bus.Receipt, error)
	link bus.Link // live where it is empty
}

func (b *slowBus) Info() bus.Info { return bus.Info{Link: cmp.Or(b.link, bus.Live)} }

func (b *slowBus) Publish(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	b.gone <- string(out.Data)
	out.Gone()
	return b.say(ctx, &out)
}

// What is under way goes in its order, and each message is counted as what became of it; the first refusal ends the sending.
func TestUnderway(t *testing.T) {
	const sent = 500
	answer := make(chan struct{})
	b := &slowBus{gone: make(chan string, 2*sent), say: func(_ context.Context, out *bus.Outgoing) (bus.Receipt, error) {
		<-answer
		switch string(out.Data) {
		case "7":
			return bus.Receipt{}, errors.New("the stream is full")
		case "8":
			return bus.Receipt{}, fmt.Errorf("%w: the connection was lost", bus.ErrUnreachable)
		case "9":
			return bus.Receipt{Text: "nobody listens"}, nil
		}
		return bus.Receipt{Station: "orders"}, nil
	}}
	u := newUnderway(t.Context(), b)
	for n := range sent {
		if err := u.send(t.Context(), bus.Outgoing{Station: "orders", Data: []byte(fmt.Sprint(n))}); err != nil {
			t.Fatal(err)
		}
		if got := <-b.gone; got != fmt.Sprint(n) {
			t.Fatalf("message %s went, want %d", got, n)
		}
	}
	close(answer)
	came, err := u.conclude(false)
	if want := (fates{taken: sent - 2, lost: 1, refused: 1, untold: 1}); came != want || exitCode(err) != exitBus {
		t.Errorf("%+v, %v (code %d), want %+v and a failure of the bus", came, err, exitCode(err), want)
	}
	if text := came.left(); !strings.Contains(text, "1 message lost") || !strings.Contains(text, "1 message refused") || !strings.Contains(text, "of 1 message more") {
		t.Errorf("it says %q", text)
	}
	if again := u.send(t.Context(), bus.Outgoing{Station: "orders"}); !errors.Is(again, err) || len(b.gone) > 0 {
		t.Errorf("after a failure: %v, and %d more went", again, len(b.gone))
	}
}

// An end in the middle waits for the answers that come, and says how many did not.
func TestUnderwayEndsEarly(t *testing.T) {
	b := &slowBus{gone: make(chan string, 10), say: func(ctx context.Context, out *bus.Outgoing) (bus.Receipt, error) {
		if string(out.Data) == "late" {
			<-ctx.Done()
			return bus.Receipt{}, ctx.Err()
		}
		return bus.Receipt{Station: "orders"}, nil
	}}
	ctx, stop := context.WithCancel(t.Context())
	u := newUnderway(ctx, b)
	for _, data := range []string{"a", "late", "b"} {
		if err := u.send(ctx, bus.Outgoing{Station: "orders", Data: []byte(data)}); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	began := time.Now()
	came, err := u.conclude(true)
	if want := (fates{taken: 2, untold: 1}); came != want || err != nil {
		t.Errorf("%+v, %v, want %+v", came, err, want)
	}
	if took := time.Since(began); took < lateAnswers {
		t.Errorf("answers were awaited for %s, want %s", took, lateAnswers)
	}
}

// What fails on a bus that was closed, or lost its broker, may have come there.
func TestUnderwayOnAClosedBus(t *testing.T) {
	b := &slowBus{gone: make(chan string, 10), link: bus.Closed, say: func(context.Context, *bus.Outgoing) (bus.Receipt, error) {
		return bus.Receipt{}, errors.New("closed")
	}}
	u := newUnderway(t.Context(), b)
	if err := u.send(t.Context(), bus.Outgoing{Station: "orders", Data: []byte("a")}); err != nil {
		t.Fatal(err)
	}
	if came, err := u.conclude(false); came != (fates{untold: 1}) || err == nil {
		t.Errorf("%+v, %v", came, err)
	}
}

// Large messages take the place of many.
func TestUnderwayIsBounded(t *testing.T) {
	answer := make(chan struct{})
	b := &slowBus{gone: make(chan string, 10), say: func(context.Context, *bus.Outgoing) (bus.Receipt, error) {
		<-answer
		return bus.Receipt{Station: "orders"}, nil
	}}
	ctx, stop := context.WithCancel(t.Context())
	u := newUnderway(ctx, b)
	large := make([]byte, mostUnderway*bytesOfAPlace)
	if err := u.send(ctx, bus.Outgoing{Station: "orders", Data: large}); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := u.send(ctx, bus.Outgoing{Station: "orders", Data: []byte("b")}); !errors.Is(err, context.Canceled) {
		t.Errorf("another one while all places are taken: %v, want it to wait", err)
	}
	close(answer)
	if came, err := u.conclude(true); err != nil || came.taken != 1 {
		t.Errorf("%+v, %v", came, err)
	}
}

package scenarios

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/state"
)

// played runs the demo on a fake bus for some time, of a clock of its own.
func played(t *testing.T, b *fakeBus, d time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	if err := Builtin().demo(ctx, b, rand.New(rand.NewPCG(1, 2)), nil); err != nil {
		t.Fatal(err)
	}
}

// folds counts what the messages of all stations come to, by the type of the event.
func folds(t *testing.T, l *Library, b *fakeBus) (types map[string]int, rejected map[string]int, lost int) {
	types, rejected = map[string]int{}, map[string]int{}
	for _, d := range l.compiled() {
		w := newWorld(t)
		w.domains = l.Domains()
		for _, s := range []string{"place-order", "order-created", "notify-sales", "election", "deliveries"} {
			if _, own := d.Stations.Get(s); !own {
				continue
			}
			for _, m := range b.messages(s) {
				e := w.take(received(s, m))
				if e.Problem != "" {
					lost++
					continue
				}
				types[e.Type]++
				if e.Rejected != "" {
					rejected[e.Rejected]++
				}
			}
		}
	}
	return types, rejected, lost
}

func TestTheDemoShowsEachKindOfEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFakeBus()
		const minutes = 20
		played(t, b, minutes*time.Minute)
		types, rejected, lost := folds(t, Builtin(), b)
		for _, want := range []string{
			"PlaceOrder", "OrderCreated", "NotifySales",
			"CREATE_DELIVERY", "START_DELIVERY", "PICKUP_PRODUCTS", "DELIVER_PRODUCTS", "INCREASE_BUDGET",
			"ElectionCreated", "ElectionOpened", "ElectionClosed", "CompetitionAdded", "CandidateAdded",
			"VoterRegistered", "BallotCreated", "BallotCandidateRated", "BallotCast",
		} {
			if types[want] == 0 {
				t.Errorf("no %s", want)
			}
		}
		for _, want := range []string{
			"Delivery already started", "Not enough budget", "Not enough quantity", "Ballot has already been cast",
			"A voter with this e-mail is registered already", "The voter has a ballot already",
		} {
			if rejected[want] == 0 {
				t.Errorf("nothing was refused with %q", want)
			}
		}
		if lost == 0 || b.terms+b.gaveUp == 0 {
			t.Errorf("%d messages that nobody can handle, %d given up", lost, b.terms+b.gaveUp)
		}
		if b.naks == 0 {
			t.Error("nothing was delivered twice")
		}
		if rate := float64(b.total()) / (minutes * 60); rate < 3 || rate > 8 {
			t.Errorf("%.1f messages a second, want 3 to 8", rate)
		}
		if placed, sold := types["PlaceOrder"], types["NotifySales"]; sold < placed-5 {
			t.Errorf("%d orders placed, sales heard of %d", placed, sold)
		}
	})
}

func TestTheDemoKeepsAFoldedCopyOfEachDelivery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFakeBus()
		played(t, b, 2*time.Minute)
		w := newWorld(t)
		want := map[string]string{}
		for _, m := range b.messages("deliveries") {
			e := w.take(received("deliveries", m))
			if e.Version > 0 && e.Rejected == "" && e.Failed == "" {
				want["deliveries-state/"+e.ID] = state.TreeValue(fieldsOf(w.states[e.Entity()])).String()
			}
		}
		for key, state := range want {
			if got := string(b.values[key]); got != state {
				t.Errorf("%s is %s, want %s", key, got, state)
			}
		}
		if len(want) == 0 || len(b.values) != len(want) {
			t.Errorf("%d copies, want %d", len(b.values), len(want))
		}
	})
}

// received is a message of a station as an engine has it before it is understood.
func received(station string, m bus.Message) *sources.Event {
	return &sources.Event{Received: sources.Received{
		UnixNano: m.UnixNano, Station: station, Subject: m.Subject, Position: m.Position, Headers: m.Headers, Data: m.Data, Size: m.Size,
	}}
}

func fieldsOf(s *state.State) map[string]state.Value {
	out := map[string]state.Value{}
	for slot := range state.MaxFields {
		if v := s.Get(slot); v.Kind() != state.Absent {
			out[s.Kind.Field(slot)] = v
		}
	}
	return out
}

func TestTheDemoBeginsInAHurry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFakeBus()
		played(t, b, 300*time.Millisecond)
		if n := b.total(); n < 24 || n > 150 {
			t.Errorf("%d messages in the first %v, want a few dozen", n, 300*time.Millisecond)
		}
	})
}

func TestTheDemoEndsWhenNothingCanBeSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFakeBus()
		b.refuse = errors.New("publish: permission denied")
		err := Builtin().Demo(t.Context(), b, "orders")
		if err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("got %v", err)
		}
	})
}

func TestTheDemoNeedsABusThatCan(t *testing.T) {
	l := Builtin()
	for want, b := range map[string]bus.Bus{
		"nothing can be sent on fake": mute{newFakeBus()},
		"stand-in orders.order-service: signalbox cannot play a service on fake, whose consumers it cannot be; it can on NATS and on Redis": struct {
			mute
			bus.Publisher
		}{mute{newFakeBus()}, newFakeBus()},
	} {
		if err := l.Demo(t.Context(), b, "orders"); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if err := l.Demo(t.Context(), newFakeBus(), "order"); err == nil || err.Error() != `no domain "order"; did you mean orders?` {
		t.Errorf("got %v", err)
	}
}

// TestTheDemoOnALiveServer sees each of the three systems through an engine.
func TestTheDemoOnALiveServer(t *testing.T) {
	t.Parallel()
	l := Builtin()
	stage := live(t, l)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Demo(ctx, stage.Bus) }()
	patient, tired := context.WithTimeout(t.Context(), time.Minute)
	defer tired()
	for _, want := range []string{
		"PlaceOrder", "OrderCreated", "NotifySales", "CREATE_DELIVERY", "START_DELIVERY", "PICKUP_PRODUCTS",
		"ElectionCreated", "VoterRegistered", "BallotCast",
	} {
		_, err := stage.Engine.AwaitEvent(patient, 0, func(e *sources.Event) bool { return e.Type == want })
		if err != nil {
			t.Fatalf("%s: %v", want, err)
		}
	}
	created, err := stage.Engine.AwaitEvent(patient, 0, func(e *sources.Event) bool { return e.Type == "CREATE_DELIVERY" })
	if err != nil {
		t.Fatal(err)
	}
	keeper, _ := bus.As[bus.Keeper](stage.Bus)
	for {
		_, err := keeper.Value(patient, "deliveries-state", created.ID)
		if err == nil {
			break
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-patient.Done():
			t.Fatalf("no copy is kept of delivery %s: %v", created.ID, err)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

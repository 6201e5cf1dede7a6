package redisbus

import (
	"context"
	"errors"
	"testing"
	"time"

	"signalbox/bus"
)

// What a group was handed as often as its job allows, and what it refuses, is put into the dead-letter stream with what it was, and
// acknowledged; another session tells of it, and with a temporary group it goes.
func TestWhatIsGivenUpIsInADeadLetterStream(t *testing.T) {
	s := start(t)
	b, other, app, ctx := connect(t, s.URL()), connect(t, s.URL()), client(t, s.URL()), limited(t)
	app.Do(ctx, "XADD", "orders", "*", "type", "Paid", "data", `{"n":1}`)
	app.Do(ctx, "XADD", "orders", "*", "type", "Paid", "data", `{"p":1}`)
	if _, err := other.Stations(ctx, "orders"); err != nil {
		t.Fatal(err)
	}
	work := func(job bus.Job, enough func() bool) map[string][]int {
		t.Helper()
		own, cancel := context.WithCancel(ctx)
		done := make(chan error, 1)
		deliveries := map[string][]int{}
		go func() {
			done <- b.Work(own, job, func(_ context.Context, m bus.Message, n int) bus.Verdict {
				deliveries[string(m.Data)] = append(deliveries[string(m.Data)], n)
				if string(m.Data) == `{"p":1}` {
					return bus.Term
				}
				return bus.Nak
			})
		}()
		eventually(t, "all is given up", enough)
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		return deliveries
	}
	dead := func() int64 { return app.XLen(ctx, "orders:dead-letters").Val() }
	none := func(group string) bool { return app.XPending(ctx, "orders", group).Val().Count == 0 }
	got := work(bus.Job{Station: "orders", Consumer: "mailer", MaxDeliver: 3, AckWait: time.Minute}, func() bool { return dead() == 2 && none("mailer") })
	if n := got[`{"n":1}`]; len(n) != 3 || n[2] != 3 || len(got[`{"p":1}`]) != 1 {
		t.Errorf("deliveries %v, want three and one", got)
	}
	letters, err := other.DeadLetters(ctx)
	if err != nil || len(letters) != 2 {
		t.Fatalf("dead letters %+v, %v", letters, err)
	}
	for _, x := range letters {
		switch {
		case x.Station != "orders" || x.Consumer != "mailer" || x.Position.IsZero() || x.Message.Position != x.Position || x.Message.Headers.Get("type") == "":
		case x.Standing == bus.GivenUp && x.Deliveries == 3 && x.Why == "max deliveries" && string(x.Message.Data) == `{"n":1}`:
			continue
		case x.Standing == bus.Terminated && x.Deliveries == 1 && x.Why == "terminated":
			continue
		}
		t.Errorf("dead letter %+v of %s", x, x.Message.Data)
	}
	if again, err := other.DeadLetters(ctx); err != nil || len(again) != 2 {
		t.Errorf("at a second look %d dead letters, %v", len(again), err)
	}
	list, err := other.Consumers(ctx)
	if err != nil || len(list) != 1 || list[0].GivenUp != 1 || list[0].Terminated != 1 || list[0].Unacked != 0 {
		t.Errorf("consumers %+v, %v", list, err)
	}
	if standing, _ := other.Standing(list[0], "", letters[0].Position); standing != letters[0].Standing {
		t.Errorf("a dead letter is %s", standing)
	}
	work(bus.Job{Station: "orders", Consumer: "guest", MaxDeliver: 1, AckWait: time.Minute, Temporary: true}, func() bool { return dead() == 4 && none("guest") })
	if n := dead(); n != 2 {
		t.Errorf("%d dead letters after a temporary group, want the 2 of another", n)
	}
}

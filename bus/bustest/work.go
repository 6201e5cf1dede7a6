package bustest

import (
	"context"
	"time"

	"signalbox/bus"
)

// shortWait is after how long a message comes again of which nothing is said.
const shortWait = time.Second

// workAtOnce: as many messages are handled at the same time as the job says, the others are lag; a worker that is held back takes
// no more though its consumer stays, and what nothing was said of comes again.
func workAtOnce(s *site) {
	s.sendRange(0, 5)
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	type delivery struct {
		n     int
		count int
		say   chan bus.Verdict
	}
	begun, done, gate := make(chan delivery, 16), make(chan error, 1), &bus.Gate{}
	job := bus.Job{Station: s.station, Consumer: "mailer", AtOnce: 2, Gate: gate, AckWait: shortWait, MaxDeliver: 100}
	go func() {
		done <- can[bus.Worker](s, s.bus).Work(ctx, job, func(ctx context.Context, m bus.Message, count int) bus.Verdict {
			d := delivery{int(number.FindSubmatch(m.Data)[1][0] - '0'), count, make(chan bus.Verdict)}
			begun <- d
			select {
			case v := <-d.say:
				return v
			case <-ctx.Done():
				return bus.None
			}
		})
	}()
	next := func() (d delivery) {
		s.Helper()
		s.eventually("a message is handled", func() bool {
			select {
			case d = <-begun:
				return true
			default:
				return false
			}
		})
		return d
	}
	if err := gate.Begun(s.ctx); err != nil {
		s.Fatalf("the worker does not say that it is at work: %v", err)
	}
	first, second := next(), next()
	s.eventually("the others wait", func() bool { c := s.consumer("mailer"); return c.Lag == 3 && c.Unacked == 2 })
	if len(begun) > 0 {
		s.Fatalf("three messages are handled at the same time, of two that may be")
	}
	gate.Shut()
	if err := gate.Still(s.ctx); err != nil {
		s.Fatalf("the worker fetches from behind a gate that is shut: %v", err)
	}
	second.say <- bus.Ack
	first.say <- bus.None
	s.eventually("nobody takes what is left", func() bool { c := s.consumer("mailer"); return c.Lag == 3 && c.Unacked == 1 })
	gate.Open()
	again := map[int]int{}
	for len(again) < 4 {
		d := next()
		again[d.n] = max(again[d.n], d.count)
		d.say <- bus.Ack
	}
	if again[first.n] < 2 || again[second.n] > 0 {
		s.Errorf("deliveries by message: %v; want %d at least for the second time, and not %d", again, first.n, second.n)
	}
	cancel()
	s.wantError("work with a cancelled context", done, context.Canceled)
}

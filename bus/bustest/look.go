package bustest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"signalbox/bus"
)

// looking: what only looks changes nothing at the broker, whatever it is asked about, and says something of use.
func looking(s *site) {
	s.sendRange(0, 5)
	before := s.state()
	station := s.resolve()
	s.look(station)
	s.eventually("the broker is as it was before everything was looked at", func() bool { return s.state() == before })
}

// state is what can be told of the broker and the station from outside.
func (s *site) state() string {
	s.Helper()
	all, err := s.bus.Stations(s.ctx)
	if err != nil {
		s.Fatalf("stations: %v", err)
	}
	x := s.resolve()
	return fmt.Sprint(s.h.Readers(s, s.server.URL()), len(all), x.Messages, x.First, x.Last, x.Consumers, x.Subjects)
}

// look uses every capability that only looks.
func (s *site) look(station bus.Station) {
	s.Helper()
	targets := []bus.Target{{}, {Station: station}}
	if b, ok := bus.As[bus.ConsumerLister](s.bus); ok {
		all, err := b.Consumers(s.ctx)
		if err != nil {
			s.Fatalf("consumers: %v", err)
		}
		for i := range all {
			targets = append(targets, bus.Target{Station: station, Consumer: &all[i]})
			if tracker, ok := bus.As[bus.Tracker](s.bus); ok {
				_, _ = tracker.Standing(all[i], s.station, station.Last)
			}
		}
	}
	if b, ok := bus.As[bus.Getter](s.bus); ok && station.Replayable {
		if _, err := b.Get(s.ctx, station, station.Last); err != nil {
			s.Errorf("get the newest: %v", err)
		}
	}
	if b, ok := bus.As[bus.Keeper](s.bus); ok {
		_, _ = b.Value(s.ctx, "nowhere", "nothing")
	}
	if b, ok := bus.As[bus.DeadLetterLister](s.bus); ok {
		if all, err := b.DeadLetters(s.ctx); err != nil || len(all) > 0 {
			s.Errorf("dead letters of a station that nobody reads: %+v, %v", all, err)
		}
	}
	if b, ok := bus.As[bus.Operator](s.bus); ok {
		for _, on := range targets {
			s.wantLevers(b.Levers(on))
		}
	}
	if b, ok := bus.As[bus.Examiner](s.bus); ok {
		s.wantFindings(b.Examine(s.ctx))
	}
}

// wantLevers checks that each lever and each of its fields has a name of its own, and is explained.
func (s *site) wantLevers(levers []bus.Lever) {
	s.Helper()
	names := map[string]bool{}
	for _, l := range levers {
		if l.Name == "" || l.Title == "" || l.About == "" || names[l.Name] {
			s.Errorf("lever %+v: want a name of its own, a title and what it does", l)
		}
		names[l.Name] = true
		fields := map[string]bool{}
		for _, f := range l.Fields {
			if f.Name == "" || f.Label == "" || f.About == "" || fields[f.Name] {
				s.Errorf("field %+v of lever %s: want a name of its own, a label and what it is", f, l.Name)
			}
			fields[f.Name] = true
		}
	}
}

func (s *site) wantFindings(findings []bus.Finding) {
	s.Helper()
	sections := []string{"server", "rights", "reading", "trace"}
	last := 0
	for _, f := range findings {
		at := slices.Index(sections, f.Section)
		if at < last || f.Name == "" || f.Value == "" {
			s.Errorf("finding %+v: want a name, a value, and the sections in the order of %v", f, sections)
		}
		last = max(last, at)
	}
	if len(findings) == 0 {
		s.Error("an examination finds nothing")
	}
}

// standing: how far a consumer is with a message, told of one that is done, one that is not acknowledged, and one that
// waits.
func standing(s *site) {
	r := s.open(bus.From{Start: bus.FromAll})
	s.sendRange(0, 2)
	r.untilCount(2)
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	worker, taken, done := can[bus.Worker](s, s.bus), make(chan bool, 16), make(chan error, 1)
	go func() {
		done <- worker.Work(ctx, bus.Job{Station: s.station, Consumer: "mailer", AckWait: time.Minute},
			func(_ context.Context, m bus.Message, _ int) bus.Verdict {
				taken <- true
				if string(m.Data) == string(payload(0, 0)) {
					return bus.Ack
				}
				return bus.None
			})
	}()
	s.eventually("two messages are taken", func() bool { return len(taken) == 2 })
	cancel()
	s.wantError("work with a cancelled context", done, context.Canceled)
	s.sendRange(2, 3)
	r.untilCount(3)
	for i, want := range []bus.Standing{bus.Done, bus.Delivered, bus.Waiting} {
		s.eventually(fmt.Sprintf("message %d is said to be %s", i, want), func() bool {
			c := s.consumer("mailer")
			if want == bus.Waiting && !c.Delivered.Less(r.got[i].at) {
				want = bus.Delivered // to a fetch that the worker left behind, which older servers still answer
			}
			got, _ := can[bus.Tracker](s, s.bus).Standing(c, r.got[i].subject, r.got[i].at)
			return got == want
		})
	}
}

// consumer is a consumer of the station, as it is listed now.
func (s *site) consumer(name string) bus.Consumer {
	s.Helper()
	all, err := can[bus.ConsumerLister](s, s.bus).Consumers(s.ctx)
	if err != nil {
		s.Fatalf("consumers: %v", err)
	}
	at := slices.IndexFunc(all, func(c bus.Consumer) bool { return c.Name == name && c.Station == s.station })
	if at < 0 {
		s.Fatalf("consumers: no %q of %s in %+v", name, s.station, all)
	}
	if form := s.resolve().Positions; all[at].Positions != form {
		s.Errorf("consumer %s: positions of form %d, its station's are %d", name, all[at].Positions, form)
	}
	return all[at]
}

// deadLetters: a message that a consumer does not want is told of while the bus is attached, and once.
func deadLetters(s *site) {
	r := s.open(bus.From{Start: bus.FromAll})
	s.sendRange(0, 1)
	r.untilCount(1)
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	worker, done := can[bus.Worker](s, s.bus), make(chan error, 1)
	all, err := can[bus.DeadLetterLister](s, s.bus).DeadLetters(s.ctx)
	if err != nil || len(all) > 0 { // some buses hear of dead letters from the first question on
		s.Fatalf("dead letters before there is any: %+v, %v", all, err)
	}
	go func() {
		done <- worker.Work(ctx, bus.Job{Station: s.station, Consumer: "mailer"},
			func(context.Context, bus.Message, int) bus.Verdict { return bus.Term })
	}()
	s.eventually("the dead letter is told of", func() bool {
		var err error
		if all, err = can[bus.DeadLetterLister](s, s.bus).DeadLetters(s.ctx); err != nil {
			s.Fatalf("dead letters: %v", err)
		}
		return len(all) > 0
	})
	cancel()
	s.wantError("work with a cancelled context", done, context.Canceled)
	d := all[0]
	if len(all) != 1 || d.Station != s.station || d.Consumer != "mailer" || d.Position.IsZero() || d.Why == "" ||
		d.Positions != s.resolve().Positions || time.Since(time.Unix(0, d.UnixNano)) > time.Minute {
		s.Errorf("dead letters %+v, want the one at %v", all, r.got[0].at)
	}
	// Others forget what is refused, and may have been read without a position.
	if s.shape.Lossless && (d.Position != r.got[0].at || d.Message == nil || string(d.Message.Data) != r.got[0].data) {
		s.Errorf("dead letter %+v of the message at %v", d, r.got[0].at)
	}
}

// waiting: what waits in a feed for its reader is counted, and is nothing once it was read.
func waiting(s *site) {
	r := s.open(bus.From{Start: bus.FromNew})
	r.untilCaughtUp()
	if bus.WaitingIn(r.feed) != 0 {
		s.Errorf("%d bytes wait before anything was sent", bus.WaitingIn(r.feed))
	}
	if err := s.sender.Burst(s.station, payloads(50, 100)); err != nil {
		s.Fatalf("burst: %v", err)
	}
	s.eventually("50 messages wait", func() bool { return bus.WaitingIn(r.feed) >= 50*100 })
	r.untilCount(50)
	s.eventually("nothing waits", func() bool { return bus.WaitingIn(r.feed) == 0 })
}

// emptying: a lever does what it says, and one that is not there nothing.
func emptying(s *site) {
	s.sendRange(0, 5)
	b, on := can[bus.Operator](s, s.bus), bus.Target{Station: s.resolve()}
	if said, err := b.Pull(s.ctx, on, "no such lever", nil); err == nil {
		s.Errorf("a lever that is not there says %q", said)
	}
	if n := s.resolve().Messages; n != 5 {
		s.Errorf("%d messages after a lever that is not there, want 5", n)
	}
	levers := b.Levers(on)
	at := slices.IndexFunc(levers, func(l bus.Lever) bool { return l.Name == s.shape.Empties })
	if at < 0 {
		s.Fatalf("no lever %q in %+v", s.shape.Empties, levers)
	}
	values := map[string]string{}
	for _, f := range levers[at].Fields {
		values[f.Name] = f.Default
	}
	values["keep"] = "0"
	said, err := b.Pull(s.ctx, on, s.shape.Empties, values)
	if err != nil || said == "" || !levers[at].Harms {
		s.Errorf("lever %s: %q, %v, harms %t", s.shape.Empties, said, err, levers[at].Harms)
	}
	s.eventually("the station is empty", func() bool { return s.resolve().Messages == 0 })
}

// requests: a message is answered, and where nobody does that is an error.
func requests(t *testing.T, h Harness) {
	if !h.Capabilities.Requester {
		t.Skip("nobody answers on this broker")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	server := h.Start(t)
	h.Answer(t, server.URL(), "echo")
	b, err := h.Connect(ctx, server.URL(), Options{})
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	defer func() { _ = b.Close() }()
	r := can[bus.Requester](t, b)
	m, took, err := r.Request(ctx, bus.Outgoing{Station: "echo", Data: []byte("hello")})
	if err != nil || string(m.Data) != "hello" || took <= 0 {
		t.Errorf("answer %q after %s, %v", m.Data, took, err)
	}
	if _, _, err := r.Request(ctx, bus.Outgoing{Station: "nobody"}); !errors.Is(err, bus.ErrMissing) {
		t.Errorf("a request that nobody answers: %v, want it to wrap %v", err, bus.ErrMissing)
	}
}

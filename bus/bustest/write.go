package bustest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"signalbox/bus"
)

// publish: what is sent arrives as sent, and the receipt is true.
func publish(s *site) {
	r := s.open(bus.From{Start: bus.FromNew})
	p := can[bus.Publisher](s, s.bus)
	for n := range 3 {
		got, err := p.Publish(s.ctx, bus.Outgoing{Station: s.station, Kind: s.shape.Kind, Headers: s.headers(n), Data: payload(n, 0)})
		if err != nil {
			s.Fatalf("publish: %v", err)
		}
		if got.Text == "" || got.Duplicate || s.shape.Replayable && (got.Station != s.station || got.Position.IsZero()) {
			s.Errorf("receipt %+v of a message to %s", got, s.station)
		}
		r.untilCount(n + 1)
		if s.shape.Lossless && r.got[n].at != got.Position {
			s.Errorf("receipt says %v, read at %v", got.Position, r.got[n].at)
		}
	}
	r.wantNumbers(0, 3)
	r.wantFaithful()
	if s.shape.Dedupes {
		s.publishTwice(p)
		r.untilCount(4)
		r.nothingMore()
	}
}

// publishMany: of many that are sent at the same time each arrives once, and each receipt is of its own message.
func publishMany(s *site) {
	const senders, each = 20, 10
	r := s.open(bus.From{Start: bus.FromNew})
	p := can[bus.Publisher](s, s.bus)
	receipts := make([]bus.Receipt, senders*each)
	var sending sync.WaitGroup
	for sender := range senders {
		sending.Go(func() {
			for n := sender * each; n < (sender+1)*each; n++ {
				var err error
				receipts[n], err = p.Publish(s.ctx, bus.Outgoing{Station: s.station, Kind: s.shape.Kind, Data: payload(n, 0), Many: true})
				if err != nil {
					s.Errorf("publish message %d of many: %v", n, err)
				}
			}
		})
	}
	sending.Wait()
	r.untilCount(senders * each)
	r.nothingMore()
	came := map[int]bool{}
	for _, m := range r.got {
		came[m.n] = true
		if s.shape.Lossless && receipts[m.n].Position != m.at {
			s.Errorf("the receipt of message %d says %v, read at %v", m.n, receipts[m.n].Position, m.at)
		}
	}
	if len(came) != senders*each {
		s.Errorf("%d of %d messages came", len(came), senders*each)
	}
}

// publishInOrder: what is published once the one before is gone comes behind it, and the broker's answer is not waited for where the
// bus says so.
func publishInOrder(s *site) {
	const count = 1000
	r := s.open(bus.From{Start: bus.FromNew})
	p := can[bus.Publisher](s, s.bus)
	var sending sync.WaitGroup
	var gone atomic.Int64
	for n := range count {
		next := make(chan struct{}, 2)
		out := bus.Outgoing{Station: s.station, Kind: s.shape.Kind, Headers: s.headers(n), Data: payload(n, 0), Many: true, Gone: func() {
			gone.Add(1)
			next <- struct{}{}
		}}
		sending.Go(func() {
			if _, err := p.Publish(s.ctx, out); err != nil {
				s.Errorf("publish message %d: %v", n, err)
			}
			next <- struct{}{}
		})
		<-next
	}
	sending.Wait()
	r.untilCount(count)
	r.nothingMore()
	r.wantNumbers(0, count)
	if got := gone.Load(); s.shape.Behind != (got > 0) || got > count {
		s.Errorf("%d of %d messages were said to be gone before they were published; that they can be: %t", got, count, s.shape.Behind)
	}
}

func (s *site) publishTwice(p bus.Publisher) {
	s.Helper()
	out := bus.Outgoing{Station: s.station, Kind: s.shape.Kind, Data: payload(3, 0), ID: "order-17"}
	for _, duplicate := range []bool{false, true} {
		got, err := p.Publish(s.ctx, out)
		if err != nil {
			s.Fatalf("publish with an ID: %v", err)
		}
		if got.Duplicate != duplicate {
			s.Errorf("receipt %+v, want duplicate %t", got, duplicate)
		}
	}
}

// messagesOn: the messages of a subject, from a position on, are as they were read, in their order.
func messagesOn(s *site) {
	s.sendRange(0, 5)
	r := s.open(bus.From{Start: bus.FromAll})
	r.untilCount(5)
	b, station := can[bus.SubjectReader](s, s.bus), s.resolve()
	subject := r.got[0].subject
	var want, got []string
	for _, m := range r.got[2:] {
		if m.subject == subject {
			want = append(want, m.data)
		}
	}
	read := func(from bus.Position, most int) (data []string) {
		err := b.MessagesOn(s.ctx, station, subject, from, func(m *bus.Message) bool {
			data = append(data, string(m.Data))
			return len(data) < most
		})
		if err != nil {
			s.Fatalf("messages on %s: %v", subject, err)
		}
		return data
	}
	if got = read(r.got[2].at, 100); !slices.Equal(got, want) {
		s.Errorf("messages on %s from %v on: %q, want %q", subject, r.got[2].at, got, want)
	}
	if got = read(bus.Position{}, 1); len(got) != 1 || got[0] != r.got[0].data {
		s.Errorf("the first message on %s: %q, want %q", subject, got, r.got[0].data)
	}
	if got = read(bus.Position{Major: 1 << 50}, 100); len(got) != 0 {
		s.Errorf("messages on %s beyond the last: %q", subject, got)
	}
}

// get: one message, by its position, is as it was read.
func get(s *site) {
	s.sendRange(0, 5)
	r := s.open(bus.From{Start: bus.FromAll})
	r.untilCount(5)
	g, station := can[bus.Getter](s, s.bus), s.resolve()
	for _, want := range r.got {
		m, err := g.Get(s.ctx, station, want.at)
		if err != nil {
			s.Fatalf("get %v: %v", want.at, err)
		}
		if string(m.Data) != want.data || m.Position != want.at || m.Subject != want.subject || !m.Time().Equal(want.when) {
			s.Errorf("get %v: %+v, want %+v", want.at, m, want)
		}
		if !slices.Equal(m.Headers, want.headers) {
			s.Errorf("get %v: headers %v, want %v", want.at, m.Headers, want.headers)
		}
	}
	if m, err := g.Get(s.ctx, station, bus.Position{Major: 1 << 50}); !errors.Is(err, bus.ErrMissing) {
		s.Errorf("get of a position that does not exist: %+v, %v, want an error that wraps %v", m, err, bus.ErrMissing)
	}
}

// makes: a station is made once, and one that exists stays as it is.
func makes(s *site) {
	s.sendRange(0, 2)
	m := can[bus.Maker](s, s.bus)
	for _, name := range []string{"fresh", "fresh", s.station} {
		if err := m.Make(s.ctx, bus.NewStation{Name: name, Keyed: s.resolve().Keyed}); err != nil {
			s.Fatalf("make %s: %v", name, err)
		}
	}
	if got := s.resolve(); got.Messages != 2 {
		s.Errorf("making %s again left %d messages, want 2", s.station, got.Messages)
	}
	got, err := s.bus.Stations(s.ctx, "fresh")
	if err != nil || len(got) != 1 || got[0].Kind != s.shape.Kind || got[0].Messages != 0 {
		s.Errorf("stations: %+v, %v, want an empty %s \"fresh\"", got, err, s.shape.Kind)
	}
	for range 2 {
		if err := m.Unmake(s.ctx, bus.NewStation{Name: "fresh", Keyed: s.resolve().Keyed}); err != nil {
			s.Fatalf("unmake: %v", err)
		}
	}
	all, err := s.bus.Stations(s.ctx)
	if err != nil || slices.ContainsFunc(all, func(x bus.Station) bool { return x.Name == "fresh" && !x.Presumed }) {
		s.Errorf("stations: %+v, %v, want \"fresh\" to be gone", all, err)
	}
}

// work: a worker takes each message, again after a nak, never again after a term; its consumer is listed.
func work(s *site) {
	s.sendRange(0, 3)
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	type delivery struct{ n, count int }
	worker := can[bus.Worker](s, s.bus)
	taken, done := make(chan delivery, 16), make(chan error, 1)
	go func() {
		done <- worker.Work(ctx, bus.Job{Station: s.station, Consumer: "mailer"},
			func(_ context.Context, m bus.Message, count int) bus.Verdict {
				n := int(number.FindSubmatch(m.Data)[1][0] - '0')
				taken <- delivery{n, count}
				switch {
				case n == 1 && count == 1:
					return bus.Nak
				case n == 2:
					return bus.Term
				}
				return bus.Ack
			})
	}()
	want := map[delivery]bool{{0, 1}: true, {1, 1}: true, {1, 2}: true, {2, 1}: true}
	s.eventually("the worker takes 0, 1, 1 again and 2", func() bool {
		select {
		case d := <-taken:
			if !want[d] {
				s.Fatalf("the worker got message %d at delivery %d", d.n, d.count)
			}
			delete(want, d)
		default:
		}
		return len(want) == 0
	})
	if lister, ok := bus.As[bus.ConsumerLister](s.bus); ok {
		s.eventually("the worker's consumer has nothing to do", func() bool { return s.idle(lister, "mailer") })
	}
	cancel()
	s.wantError("work with a cancelled context", done, context.Canceled)
	if len(taken) != 0 {
		s.Errorf("the worker got message %d once more", (<-taken).n)
	}
}

// temporaryWork: a consumer that had to be made goes with its worker; one that was there stays.
func temporaryWork(s *site) {
	rounds := []struct{ temporary, after bool }{{true, false}, {false, true}, {true, true}}
	for i, round := range rounds {
		s.sendRange(i, i+1)
		s.workOnce(bus.Job{Station: s.station, Consumer: "guest", Temporary: round.temporary})
		if got := s.listed("guest"); got != round.after {
			s.Errorf("round %d: there afterwards %t, want %t", i, got, round.after)
		}
	}
}

// workOnce works until something was handled and nothing is left to do.
func (s *site) workOnce(job bus.Job) {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	worker := can[bus.Worker](s, s.bus)
	taken, done := make(chan bool, 16), make(chan error, 1)
	go func() {
		done <- worker.Work(ctx, job, func(context.Context, bus.Message, int) bus.Verdict {
			taken <- true
			return bus.Ack
		})
	}()
	s.eventually("the worker is done", func() bool {
		return len(taken) > 0 && s.idle(can[bus.ConsumerLister](s, s.bus), job.Consumer)
	})
	cancel()
	s.wantError("work with a cancelled context", done, context.Canceled)
}

// listed tells whether the station has a consumer of that name.
func (s *site) listed(name string) bool {
	s.Helper()
	all, err := can[bus.ConsumerLister](s, s.bus).Consumers(s.ctx)
	if err != nil {
		s.Fatalf("consumers: %v", err)
	}
	return slices.ContainsFunc(all, func(c bus.Consumer) bool { return c.Name == name && c.Station == s.station })
}

func (s *site) idle(lister bus.ConsumerLister, name string) bool {
	s.Helper()
	all, err := lister.Consumers(s.ctx)
	if err != nil {
		s.Fatalf("consumers: %v", err)
	}
	at := slices.IndexFunc(all, func(c bus.Consumer) bool { return c.Name == name && c.Station == s.station })
	if at < 0 {
		s.Fatalf("consumers: no %q of %s in %+v", name, s.station, all)
	}
	return all[at].Lag == 0 && all[at].Unacked == 0 && !all[at].Delivered.IsZero()
}

// keys: what is put is the value.
func keys(t *testing.T, h Harness) {
	if !h.Capabilities.Keeper {
		t.Skip("the bus has no keys")
	}
	ctx, b := connected(t, h)
	if err := can[bus.Maker](t, b).Make(ctx, bus.NewStation{Name: "state", Keyed: true}); err != nil {
		t.Fatalf("make: %v", err)
	}
	k := can[bus.Keeper](t, b)
	if _, err := k.Value(ctx, "state", "o-1"); !errors.Is(err, bus.ErrMissing) {
		t.Errorf("value of a key that does not exist: %v, want it to wrap %v", err, bus.ErrMissing)
	}
	for _, want := range [][]byte{[]byte(`{"status":"ready"}`), {}, []byte("x\x00y")} {
		if err := k.Put(ctx, "state", "o-1", want); err != nil {
			t.Fatalf("put: %v", err)
		}
		if got, err := k.Value(ctx, "state", "o-1"); err != nil || !bytes.Equal(got, want) {
			t.Errorf("value %q, %v, want %q", got, err, want)
		}
	}
}

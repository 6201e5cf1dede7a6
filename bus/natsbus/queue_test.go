package natsbus_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// Opened in the middle of a flood, each message of a work queue is shown once, and none is taken away.
func TestQueueShowsEachOnce(t *testing.T) {
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "jobs", Retention: jetstream.WorkQueuePolicy, AllowDirect: true})
	const total = 3000
	sent := make(chan struct{})
	halfway := make(chan struct{})
	go func() {
		defer close(sent)
		for n := range total {
			if n == total/3 {
				close(halfway)
			}
			if _, err := p.js.PublishAsync("jobs.a", []byte(strconv.Itoa(n)), jetstream.WithStallWait(patience)); err != nil {
				t.Error(err)
				return
			}
		}
		<-p.js.PublishAsyncComplete()
	}()
	<-halfway
	r := p.open("jobs", bus.From{Start: bus.FromAll})
	r.until("all messages", func() bool { return len(r.messages) >= total })
	<-sent
	p.publish("jobs.a", "end")
	r.untilData("end")
	count := map[string]int{}
	for _, m := range r.messages {
		count[string(m.Data)]++
	}
	if len(count) != total+1 || len(r.messages) != total+1 {
		t.Errorf("%d messages, %d different, want %d", len(r.messages), len(count), total+1)
	}
	if names := readers(t, p.server.URL()); len(names) != 0 {
		t.Errorf("consumers %v on a work queue, want none", names)
	}
	if s := p.station("jobs"); s.Messages != total+1 {
		t.Errorf("the queue holds %d, want %d", s.Messages, total+1)
	}
}

// What workers take from a queue that copies other streams, before it was seen, lies in a gap: it does not come by a subject.
func TestWhatIsTakenUnseenIsTold(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "orders"})
	s, err := p.js.CreateStream(t.Context(), jetstream.StreamConfig{
		Name: "jobs", Retention: jetstream.WorkQueuePolicy, Sources: []*jetstream.StreamSource{{Name: "orders"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	worker, err := s.CreateConsumer(t.Context(), jetstream.ConsumerConfig{Durable: "worker", AckPolicy: jetstream.AckExplicitPolicy})
	if err != nil {
		t.Fatal(err)
	}
	sent := 0
	job := func() {
		p.publish("orders.a", strconv.Itoa(sent))
		sent++
		m, err := worker.Next(jetstream.FetchMaxWait(patience))
		if err == nil {
			err = m.DoubleAck(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	job() // which is no loss: it was done before reading began
	r := p.open("jobs", bus.From{Start: bus.FromAll})
	r.untilCaughtUp()
	missed := uint64(0)
	for seen := 0; missed == 0; {
		for range 5 {
			job()
		}
		if !bus.Conclude(r.feed) {
			t.Fatal("the feed does not conclude")
		}
		r.concluded = false
		r.until("the conclusion", func() bool { return r.concluded })
		for _, gap := range r.gaps[seen:] {
			missed += gap.Missed
			if gap.Unknown || gap.Missed != gap.To.Major-gap.From.Major+1 || gap.Why != "taken or deleted" || gap.Until.Before(gap.Since) {
				t.Errorf("gap %+v", gap)
			}
		}
		seen = len(r.gaps)
	}
	if got := len(r.messages) + int(missed); got != sent-1 {
		t.Errorf("%d messages came and %d were missed, want %d", len(r.messages), missed, sent-1)
	}
}

// Identical messages are as many as were sent.
func TestQueueKeepsTwins(t *testing.T) {
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "jobs", Retention: jetstream.WorkQueuePolicy})
	for range 5 {
		p.publish("jobs.a", "same")
	}
	r := p.open("jobs", bus.From{Start: bus.FromAll})
	r.untilCaughtUp()
	for range 5 {
		p.publish("jobs.a", "same")
	}
	p.publish("jobs.a", "end")
	r.untilData("end")
	if len(r.messages) != 11 {
		t.Errorf("%d messages, want 11", len(r.messages))
	}
}

// On an interest stream the application's consumer gets everything, and what it acknowledged is gone, with a feed open.
func TestInterestStreamIsNotHeldBack(t *testing.T) {
	p := newPlace(t, "", natsbus.Options{})
	s := p.stream(jetstream.StreamConfig{Name: "mail", Retention: jetstream.InterestPolicy})
	consumer, err := s.CreateConsumer(t.Context(), jetstream.ConsumerConfig{Durable: "mailer", AckPolicy: jetstream.AckExplicitPolicy})
	if err != nil {
		t.Fatal(err)
	}
	r := p.open("mail", bus.From{Start: bus.FromAll})
	r.untilCaughtUp()
	p.publishNumbers("mail.a", 0, 50)
	r.untilData("49")
	r.wantNumbers(50)
	batch, err := consumer.Fetch(50)
	if err != nil {
		t.Fatal(err)
	}
	acked := 0
	for m := range batch.Messages() {
		if err := m.DoubleAck(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
		acked++
	}
	if acked != 50 {
		t.Errorf("the consumer got %d, want 50", acked)
	}
	p.eventually("the stream is empty", func() bool { return p.station("mail").Messages == 0 })
}

package natsbus_test

import (
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus/natsbus"
)

// Messages are delivered again and again, or given up. Which ones, and how often, is told as far as it follows from what
// the server says, on an old server too.
func TestUnacked(t *testing.T) {
	t.Parallel()
	servers := map[string]string{"newest": ""}
	if installed, err := exec.LookPath("nats-server"); err == nil {
		servers["installed"] = installed
	}
	for name, binary := range servers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testUnacked(t, placeOn(t, startServer(t, binary, "", nil), natsbus.Options{}))
		})
	}
}

func testUnacked(t *testing.T, p *place) {
	t.Helper()
	// starts makes a stream with so many messages, all on <name>.a but the last, and a consumer of the same name.
	starts := func(name string, messages int, config jetstream.ConsumerConfig) jetstream.Stream {
		t.Helper()
		s := p.stream(jetstream.StreamConfig{Name: name})
		p.publishNumbers(name+".a", 1, messages)
		p.publish(name+".b", "last")
		config.Durable, config.AckPolicy, config.AckWait = name, jetstream.AckExplicitPolicy, 250*time.Millisecond
		p.consumer(s, config)
		return s
	}
	again := func(s jetstream.Stream, consumer string, times int) {
		t.Helper()
		for range times {
			p.fetch(s, consumer, 1)
		}
	}

	s := starts("alone", 3, jetstream.ConsumerConfig{})
	p.fetch(s, "alone", 2, 1, 2)
	p.wantUnacked("alone", 0) // seen while nothing is outstanding
	again(s, "alone", 4)
	p.wantUnacked("alone", 1, sent{3, 4})

	s = starts("filtered", 5, jetstream.ConsumerConfig{FilterSubject: "filtered.b"})
	again(s, "filtered", 3)
	p.wantUnacked("filtered", 1, sent{5, 3})
	p.publishNumbers("filtered.a", 5, 9)
	p.wantUnacked("filtered", 1, sent{5, 3})
	p.publish("filtered.b", "another")
	p.fetch(s, "filtered", 2, 10)
	p.wantUnacked("filtered", 1, sent{5, -1})

	s = starts("single", 2, jetstream.ConsumerConfig{MaxAckPending: 1})
	again(s, "single", 2)
	p.fetch(s, "single", 1, 1)
	again(s, "single", 2)
	p.wantUnacked("single", 1, sent{2, 2})

	s = starts("passed", 5, jetstream.ConsumerConfig{})
	p.fetch(s, "passed", 5, 1, 3, 4, 5)
	again(s, "passed", 2)
	p.wantUnacked("passed", 1, sent{2, -1}) // others came besides: how often it came is not known

	s = starts("late", 2, jetstream.ConsumerConfig{})
	p.fetch(s, "late", 2, 1)
	again(s, "late", 1)
	p.wantUnacked("late", 1, sent{2, -1}) // 1 may have come more than once, too

	s = starts("givesup", 1, jetstream.ConsumerConfig{MaxDeliver: 2})
	again(s, "givesup", 2)
	p.publish("givesup.a", "next")
	p.fetch(s, "givesup", 1, 2)
	p.eventually("1 is given up", func() bool {
		c, err := s.Consumer(t.Context(), "givesup")
		if err == nil {
			_, err = c.FetchNoWait(1) // the server finds that out only when somebody pulls
		}
		return err == nil && p.reader("givesup").GivenUp == 1
	})
	p.publish("givesup.a", "another")
	p.fetch(s, "givesup", 1)
	if c := p.reader("givesup"); c.Unacked != 1 || c.GivenUp != 1 { // what was learnt is remembered, with another outstanding
		t.Errorf("%+v, want one message given up and one unacknowledged", c)
	}

	if _, err := p.bus.DeadLetters(t.Context()); err != nil { // from now on refusals are heard
		t.Fatal(err)
	}
	s = starts("refuses", 3, jetstream.ConsumerConfig{})
	p.fetch(s, "refuses", 3, 2, 3)
	for range 3 {
		p.refuse(s, "refuses", 1)
	}
	p.eventually("the last refusal is heard", func() bool {
		pending := p.reader("refuses").Pending
		return len(pending) == 1 && pending[0].Position.Major == 1 && pending[0].Deliveries == 4
	})
}

// sent is a message with how often it was delivered.
type sent struct {
	sequence   uint64
	deliveries int64
}

func (p *place) wantUnacked(consumer string, redelivered int64, pending ...sent) {
	p.Helper()
	c := p.reader(consumer)
	var got []sent
	for _, x := range c.Pending {
		got = append(got, sent{x.Position.Major, x.Deliveries})
	}
	if c.Redelivered != redelivered || c.GivenUp != 0 || !slices.Equal(got, pending) {
		p.Errorf("%s: redelivered %d, given up %d, pending %v, want %d, 0, %v", consumer, c.Redelivered, c.GivenUp, got, redelivered, pending)
	}
}

// refuse pulls one message, which must have that sequence, and refuses it.
func (p *place) refuse(s jetstream.Stream, consumer string, seq uint64) {
	p.Helper()
	c, err := s.Consumer(p.Context(), consumer)
	if err != nil {
		p.Fatal(err)
	}
	m, err := c.Next(jetstream.FetchMaxWait(patience))
	if err != nil {
		p.Fatal(err)
	}
	if meta, err := m.Metadata(); err != nil || meta.Sequence.Stream != seq {
		p.Fatalf("got %+v, %v, want %d", meta, err, seq)
	}
	if err := m.Nak(); err != nil {
		p.Fatal(err)
	}
}

package natsbus_test

import (
	"os/exec"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// How many messages a consumer gave up is the same number whoever tells it, consumers or dead letters, in the session that
// watched and in one that attached later; where it cannot be known it is not said to be.
func TestGivenUpAgrees(t *testing.T) {
	t.Parallel()
	binaries := map[string]string{"newest": ""}
	if installed, err := exec.LookPath("nats-server"); err == nil {
		binaries["installed"] = installed
	}
	for name, binary := range binaries {
		for stream, retention := range map[string]jetstream.RetentionPolicy{"limits": jetstream.LimitsPolicy, "queue": jetstream.WorkQueuePolicy} {
			t.Run(name+" "+stream, func(t *testing.T) {
				t.Parallel()
				givenUpAgrees(t, placeOn(t, startServer(t, binary, "", nil), natsbus.Options{}), jetstream.StreamConfig{Name: stream, Retention: retention})
			})
		}
	}
}

func givenUpAgrees(t *testing.T, p *place, config jetstream.StreamConfig) {
	if found := p.deadLetters(); len(found) != 0 { // from now on it is heard
		t.Fatalf("%+v are dead before anything was sent", found)
	}
	s := p.stream(config)
	reader := jetstream.ConsumerConfig{Durable: config.Name, AckPolicy: jetstream.AckExplicitPolicy, AckWait: time.Hour, MaxDeliver: 2}
	c := p.consumer(s, reader)
	p.publishNumbers(config.Name+".a", 1, 6)
	p.wantGivenUp(config.Name, 0, 0)
	reading, err := c.Consume(func(m jetstream.Msg) {
		switch string(m.Data()) {
		case "1", "5":
			if err := m.Ack(); err != nil {
				t.Error(err)
			}
		case "2":
			if err := m.Term(); err != nil {
				t.Error(err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	p.eventually("1 and 5 are acknowledged, and 2 is terminated", func() bool {
		x := p.reader(config.Name)
		return x.Lag == 0 && x.Unacked == 2 && x.Terminated == 1
	})
	p.expires(s, reader)
	p.eventually("3 and 4 are given up, and 2 is terminated", func() bool { return p.reader(config.Name).GivenUp == 2 && len(p.deadLetters()) == 3 })
	reading.Stop()
	<-reading.Closed()
	p.wantGivenUp(config.Name, 2, 2)
	if c := p.reader(config.Name); c.AtLeast || c.Unlisted != 0 || c.Terminated != 1 || c.Redelivered != 0 {
		t.Errorf("in the session that watched: %+v", c)
	}

	p.wantStandings(config.Name, bus.Done, bus.Terminated, bus.GivenUp, bus.GivenUp, bus.Done)

	later := placeOn(t, p.server, natsbus.Options{})
	listed := 0
	if config.Retention == jetstream.WorkQueuePolicy { // which has just what was given up left
		listed = 2
	}
	later.wantGivenUp(config.Name, 2, listed)
	if listed == 0 { // two of the five were given up, and it is not known which
		later.wantStandings(config.Name, bus.Unknown, bus.Unknown, bus.Unknown, bus.Unknown, bus.Unknown)
	}
	if c := later.reader(config.Name); c.AtLeast || c.Unlisted != int64(2-listed) || c.Terminated != 0 {
		t.Errorf("in a session that attached later: %+v", c)
	}

	// What comes later it hears of.
	p.publishNumbers(config.Name+".a", 6, 7)
	later.fetch(s, config.Name, 1, 6)
	later.eventually("6 is acknowledged, and nothing can have happened to it before that", func() bool {
		standing, _ := later.bus.Standing(later.reader(config.Name), config.Name+".a", bus.Position{Major: 6})
		return standing == bus.Done
	})

	// A message on its last delivery is not given up: neither by who saw it, nor by who cannot tell it apart.
	name := config.Name + "-last"
	config.Name = name
	s = p.stream(config)
	p.consumer(s, jetstream.ConsumerConfig{Durable: name, AckPolicy: jetstream.AckExplicitPolicy, AckWait: time.Hour, MaxDeliver: 2})
	p.publish(name+".a", "1")
	p.refuse(s, name, 1)
	p.fetch(s, name, 1)
	p.wantGivenUp(name, 0, 0)
	if c := p.reader(name); c.AtLeast || c.Unacked != 1 || c.Redelivered != 1 {
		t.Errorf("of the message on its last delivery it is told: %+v", c)
	}
	if c := placeOn(t, p.server, natsbus.Options{}).reader(name); !c.AtLeast || c.GivenUp != 0 {
		t.Errorf("a session that attached later tells of it: %+v, want that it is not known", c)
	}
}

// wantStandings wants the consumer to be so far with the messages 1, 2, and so on.
func (p *place) wantStandings(consumer string, want ...bus.Standing) {
	p.Helper()
	c := p.reader(consumer)
	for i, standing := range want {
		if got, _ := p.bus.Standing(c, consumer+".a", bus.Position{Major: uint64(i) + 1}); got != standing {
			p.Errorf("%s is said to be %q with message %d, want %q", consumer, got, i+1, standing)
		}
	}
}

// wantGivenUp wants the consumer to have given up so many messages, and so many of them to be among the dead letters.
func (p *place) wantGivenUp(consumer string, n int64, listed int) {
	p.Helper()
	found := 0
	for _, d := range p.deadLetters() {
		if d.Consumer != consumer || d.Standing != bus.GivenUp {
			continue
		}
		if found++; d.Message == nil || d.Deliveries != 2 {
			p.Errorf("%+v was given up, want its message, and two deliveries", d)
		}
	}
	if c := p.reader(consumer); c.GivenUp != n || c.Unlisted != n-int64(found) || found != listed {
		p.Errorf("%s gave up %d, %d of them unlisted, and %d are listed; want %d, and %d", consumer, c.GivenUp, c.Unlisted, found, n, listed)
	}
}

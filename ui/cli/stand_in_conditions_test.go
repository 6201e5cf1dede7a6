package cli

import (
	"context"
	"fmt"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus"
	"signalbox/scenarios"
	"signalbox/scenarios/standin"
)

// kitchen is a domain whose service serves what is ordered.
const kitchen = `domain: kitchen
entity: meal
events: { stations: [meals], type: data.type, id: data.id }
states: [ordered, served]
fold:
  Ordered: { creates: true, to: ordered }
  Served: { to: served }
commands:
  order: { send: { station: meals, type: Ordered }, fields: { id: { type: text } } }
  serve: { send: { station: meals, type: Served }, fields: { id: { type: entity } } }
stations: { meals: { kind: stream } }
stand-ins:
  cook:
    reads: meals
    takes: 1ms..3ms
    deliver: 3
    ack-wait: 1s
    does: [{ on: Ordered, sends: serve, with: { id: "{id}" } }]
`

// cookery is the kitchen's service at work on a bus.
type cookery struct {
	*testing.T
	bus     bus.Bus
	playing *standin.Playing
	handled chan standin.Handled
}

// cooks has the stand-in play on a bus.
func cooks(t *testing.T, b bus.Bus) *cookery {
	library := &scenarios.Library{}
	if err := library.Add("kitchen.yaml", []byte(kitchen)); err != nil {
		t.Fatal(err)
	}
	c := &cookery{t, b, library.Playing(), make(chan standin.Handled, 1000)}
	c.dead() // it is heard of from now on
	ctx, end := context.WithCancel(t.Context())
	begun, done := make(chan struct{}), make(chan error, 1)
	go func() {
		_, err := library.Serve(ctx, b, scenarios.Service{Names: []string{"cook"}, Make: true, Tell: func(h standin.Handled) { c.handled <- h },
			Begun: func([]*standin.StandIn, []string) { close(begun) }})
		done <- err
	}()
	select {
	case <-begun:
	case err := <-done:
		t.Fatal(err)
	}
	t.Cleanup(func() {
		end()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if list := c.playing.List(); len(list) > 0 {
			t.Errorf("after the end plays %+v", list)
		}
	})
	return c
}

func (c *cookery) order(id int) { c.send(fmt.Sprintf(`{"type":"Ordered","id":"%d"}`, id)) }

func (c *cookery) send(data string) {
	c.Helper()
	if _, err := bus.Publish(c.Context(), c.bus, bus.Outgoing{Station: "meals", Kind: bus.Log, Data: []byte(data)}); err != nil {
		c.Fatal(err)
	}
}

func (c *cookery) set(to standin.Condition) {
	c.Helper()
	if err := c.playing.Set("cook", "", to); err != nil {
		c.Fatal(err)
	}
}

// until waits until a message of a meal was handled so.
func (c *cookery) until(id int, delivery int, verdict bus.Verdict) standin.Handled {
	c.Helper()
	late := time.After(deadline)
	for {
		select {
		case h := <-c.handled:
			if h.Entity.ID == fmt.Sprint(id) && h.Type == "Ordered" && h.Delivery == delivery && h.Verdict == verdict {
				return h
			}
		case <-late:
			c.Fatalf("delivery %d of the order %d never is %s", delivery, id, verdicts[verdict][0])
		}
	}
}

// eventually waits until something holds of the consumer.
func (c *cookery) eventually(what string, holds func(bus.Consumer) bool) {
	c.Helper()
	lister, _ := bus.As[bus.ConsumerLister](c.bus)
	for end := time.Now().Add(deadline); ; <-time.After(5 * time.Millisecond) {
		list, err := lister.Consumers(c.Context())
		for _, x := range list {
			if x.Name == "cook" && x.Station == "meals" && holds(x) {
				return
			}
		}
		if time.Now().After(end) {
			c.Fatalf("never %s: %+v, %v", what, list, err)
		}
	}
}

func (c *cookery) dead() []bus.DeadLetter {
	c.Helper()
	lister, _ := bus.As[bus.DeadLetterLister](c.bus)
	list, err := lister.DeadLetters(c.Context())
	if err != nil {
		c.Fatal(err)
	}
	return list
}

// untilDead waits until a message is dead.
func (c *cookery) untilDead(standing bus.Standing, deliveries int64) {
	c.Helper()
	for end := time.Now().Add(deadline); ; <-time.After(5 * time.Millisecond) {
		for _, x := range c.dead() {
			if x.Consumer == "cook" && x.Standing == standing && (x.Deliveries == deliveries || x.Deliveries < 0) {
				return
			}
		}
		if time.Now().After(end) {
			c.Fatalf("nothing is %s after %d deliveries: %+v", standing, deliveries, c.dead())
		}
	}
}

// A stand-in is a real consumer: while it is off its lag grows, what it dies over comes again, what it goes on to fail with is given
// up, and poison refused for good; on NATS as on Redis.
func TestStandInsAreConsumers(t *testing.T) {
	t.Parallel()
	for name, connect := range map[string]func(*testing.T) bus.Bus{"NATS": onServer, "Redis": onRedisServer} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := cooks(t, connect(t))
			c.order(1)
			if h := c.until(1, 1, bus.Ack); len(h.Sent) != 1 || h.Sent[0] != "serve" || h.Took < time.Millisecond {
				t.Errorf("it did %+v, want it to take a millisecond and to serve", h)
			}

			c.set(standin.Off)
			last := 1
			c.eventually("is what comes the lag", func(x bus.Consumer) bool {
				if x.Lag < 3 {
					last++
					c.order(last)
				}
				return x.Lag >= 3
			})
			c.set(standin.On)
			c.until(last, 1, bus.Ack)
			c.eventually("is all done", func(x bus.Consumer) bool { return x.Lag == 0 && x.Unacked == 0 })

			c.set(standin.Slow)
			c.order(100)
			c.eventually("is it in hand", func(x bus.Consumer) bool { return x.Unacked == 1 && x.Lag == 0 })
			c.set(standin.Crashed)
			c.until100Dies()
			c.eventually("is it left", func(x bus.Consumer) bool { return x.Unacked == 1 })
			c.set(standin.On)
			if h := c.until(100, 2, bus.Ack); len(h.Sent) != 1 {
				t.Errorf("what came again was not served: %+v", h)
			}

			c.set(standin.Failing)
			c.order(101)
			c.untilDead(bus.GivenUp, 3)
			c.set(standin.On)
			c.send(`{"type":"Burnt","id":"102"}`)
			c.untilDead(bus.Terminated, 1)
			c.eventually("is nothing left", func(x bus.Consumer) bool { return x.Lag == 0 && x.Unacked == 0 })
			p := c.playing.List()[0]
			if p.Name != "kitchen.cook" || p.Condition != standin.On || p.InHand != 0 || p.Failed < 3 || p.Refused != 1 || p.Lost != 1 {
				t.Errorf("it says of itself: %+v", p)
			}
		})
	}
}

// until100Dies waits until the stand-in has died over a message.
func (c *cookery) until100Dies() {
	c.Helper()
	late := time.After(deadline)
	for {
		select {
		case h := <-c.handled:
			if h.Verdict == bus.None {
				return
			}
		case <-late:
			c.Fatal("it never dies")
		}
	}
}

func onServer(t *testing.T) bus.Bus {
	_, b := serverWithBus(t)
	return b
}

func onRedisServer(t *testing.T) bus.Bus {
	server := ownRedis(t)
	b, err := redisbus.Connect(t.Context(), redisbus.Options{URL: "unix://" + server.socket})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

package memphisbus_test

import (
	"context"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/bustest"
	"signalbox/bus/memphisbus"
)

// TestSuite holds the bus to its contract, on stations of one partition, on ack-based ones, and on those of Memphis 0.x. Partitions have
// no order among them, which the suite asks for: see partitions_test.go.
func TestSuite(t *testing.T) { bustest.Run(t, harness()) }

// TestSuiteWrapped does so with another bus around it: it loses nothing.
func TestSuiteWrapped(t *testing.T) {
	h := harness()
	h.Shapes = h.Shapes[:1]
	bustest.Run(t, bustest.Wrapped(h))
}

func harness() bustest.Harness {
	return bustest.Harness{
		Start:   func(t testing.TB) bustest.Server { return startMemphis(t, answersProducers, nil) },
		Connect: connect,
		Readers: readers,
		Secured: secured,
		Shapes:  []bustest.Shape{onePartition, ackBasedShape, oldShape},
		Answer:  answer,
		Copy:    func(bucket, key string) string { return bucket + "/" + key },
		Capabilities: bustest.Capabilities{
			Publisher: true, Resender: true, Maker: true, Operator: true, DeadLetterLister: true, Requester: true, Getter: true, SubjectReader: true, ConsumerLister: true, Tracker: true, Examiner: true,
		},
	}
}

func connect(ctx context.Context, address string, o bustest.Options) (bus.Bus, error) {
	b, err := memphisbus.Connect(ctx, memphisbus.Options{URL: address, Buffer: o.Buffer})
	if err != nil {
		return nil, err
	}
	return b, nil
}

var onePartition = bustest.Shape{
	Kind: bus.Stream, Replayable: true, Lossless: true, Headers: true, Discovered: true, Waits: true, Publishes: true,
	Make:   func(t testing.TB, address, name string) { station(t, address, name, 1) },
	Sender: func(t testing.TB, address string) bustest.Sender { return newSender(t, address, 1) },
}

var ackBasedShape = bustest.Shape{
	Name: "ack-based", Kind: bus.Stream, Replayable: true, Headers: true, Discovered: true, Waits: true, Publishes: true,
	Make: func(t testing.TB, address, name string) {
		station(t, address, name, 1, ackBased)
		conn, js := client(t, address)
		defer conn.Close()
		if _, err := js.CreateConsumer(t.Context(), stream(name, 1), jetstream.ConsumerConfig{Durable: "keepers", AckPolicy: jetstream.AckExplicitPolicy,
			FilterSubject: stream(name, 1) + ".final"}); err != nil {
			t.Fatal(err)
		}
	},
	Sender: onePartition.Sender,
}

var oldShape = bustest.Shape{
	Name: "before 1.0", Kind: bus.Stream, Replayable: true, Lossless: true, Headers: true, Discovered: true, Waits: true, Publishes: true, Dedupes: true,
	Make:   func(t testing.TB, address, name string) { station(t, address, name, 0) },
	Sender: func(t testing.TB, address string) bustest.Sender { return newSender(t, address, 0) },
}

// answer has another program answer with what it is asked.
func answer(t testing.TB, address, subject string) {
	t.Helper()
	conn, _ := client(t, address)
	t.Cleanup(conn.Close)
	_, err := conn.Subscribe(subject, func(m *nats.Msg) { _ = m.Respond(m.Data) })
	if err == nil {
		err = conn.Flush()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// sender is a producer that takes the partitions in turn, as the clients of Memphis do.
type sender struct {
	conn       *nats.Conn
	js         jetstream.JetStream
	partitions int
	turn       int
	waits      atomic.Pointer[context.CancelFunc] // ends the wait for the newest answer
}

func newSender(t testing.TB, address string, partitions int) *sender {
	conn, js := client(t, address)
	s := &sender{conn: conn, js: js, partitions: partitions}
	conn.SetDisconnectErrHandler(func(*nats.Conn, error) { // nobody answers then what was sent before
		if end := s.waits.Load(); end != nil {
			(*end)()
		}
	})
	return s
}

func (s *sender) subject(station string) string {
	if s.partitions == 0 {
		return stream(station, 0) + ".final"
	}
	s.turn++
	return stream(station, s.turn%s.partitions+1) + ".final"
}

func (s *sender) Send(station string, headers bus.Headers, data []byte) error {
	m := nats.NewMsg(s.subject(station))
	m.Data = data
	for _, h := range headers {
		m.Header[h.Name] = []string{h.Value}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s.waits.Store(&cancel)
	_, err := s.js.PublishMsg(ctx, m, jetstream.WithRetryAttempts(0))
	return err
}

func (s *sender) Burst(station string, data [][]byte) error {
	for _, d := range data {
		if err := s.Send(station, nil, d); err != nil {
			return err
		}
	}
	return nil
}

func (s *sender) Close() { s.conn.Close() }

const rights = `
accounts { A: { jetstream: enabled, users: [
  { user: "root", password: "memphis" }
  { user: "guest", password: "gu-3st", permissions: {
    publish: { allow: [
      "$JS.API.STREAM.NAMES", "$JS.API.INFO", "$memphis_producer_creations", "$memphis_consumer_creations",
      "$JS.ACK.public$1.>", "$JS.API.CONSUMER.LIST.public$1.>", "$JS.API.CONSUMER.CREATE.public$1.>", "$JS.API.STREAM.MSG.GET.public$1.>",
      "$JS.API.CONSUMER.MSG.NEXT.public$1.>", "$JS.API.CONSUMER.DELETE.public$1.>", "$JS.API.CONSUMER.DURABLE.CREATE.public$1.>",
      "$JS.API.CONSUMER.INFO.public$1.>", "$JS.API.STREAM.INFO.public$1"
    ] }
    subscribe: { allow: ["public$1.>", "_INBOX.>", "$memphis_consumer_creations", "$memphis_consumer_destructions",
      "$memphis_producer_creations", "$memphis_producer_destructions", "$memphis_nacked_dls"] }
  } }
] } }`

// secured starts a server whose guest has the rights that Memphis 1.4.4 gives to a user with a role that reads one station.
func secured(t testing.TB) bustest.Access {
	t.Helper()
	s := startMemphis(t, rights, url.UserPassword("root", "memphis"))
	for _, name := range []string{"public", "secret"} {
		station(t, s.URL(), name, 1)
	}
	return bustest.Access{
		Server: s, Shape: onePartition, Allowed: "public", Denied: "secret",
		Bad: s.As("memphis", url.UserPassword("guest", "wr0ng-one")), Secret: "wr0ng-one", Limited: s.As("memphis", url.UserPassword("guest", "gu-3st")),
	}
}

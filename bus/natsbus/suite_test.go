package natsbus_test

import (
	"context"
	"fmt"
	"net/url"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/bustest"
	"signalbox/bus/natsbus"
)

// TestSuite holds the bus to its contract on the nats-server that the module requires.
func TestSuite(t *testing.T) { bustest.Run(t, harness("")) }

// TestSuiteInstalled does so on the nats-server that is installed, which may be an older one.
func TestSuiteInstalled(t *testing.T) {
	binary, err := exec.LookPath("nats-server")
	if err != nil {
		t.Skip("no nats-server in PATH")
	}
	bustest.Run(t, harness(binary))
}

// TestSuiteWrapped does so with another bus around each: it loses nothing.
func TestSuiteWrapped(t *testing.T) {
	h := harness("")
	h.Shapes = []bustest.Shape{streamShape, subjectShape}
	bustest.Run(t, bustest.Wrapped(h))
}

func harness(binary string) bustest.Harness {
	return bustest.Harness{
		Start:   func(t testing.TB) bustest.Server { return startServer(t, binary, "", nil) },
		Connect: connect,
		Readers: readers,
		Secured: func(t testing.TB) bustest.Access { return secured(t, binary) },
		Shapes:  []bustest.Shape{streamShape, bucketShape, queueShape, subjectShape},
		Answer:  answer,
		Copy:    func(bucket, key string) string { return bucket + "/" + key },
		Capabilities: bustest.Capabilities{
			Publisher: true, Requester: true, Getter: true, SubjectReader: true, Worker: true, Maker: true, Keeper: true, ConsumerLister: true,
			Tracker: true, DeadLetterLister: true, Operator: true, Examiner: true, CopyReader: true,
		},
	}
}

func connect(ctx context.Context, url string, o bustest.Options) (bus.Bus, error) {
	b, err := natsbus.Connect(ctx, natsbus.Options{URL: url, Buffer: o.Buffer})
	if err != nil {
		return nil, err
	}
	return b, nil
}

var streamShape = bustest.Shape{
	Kind: bus.Stream, Replayable: true, Lossless: true, Headers: true, Discovered: true,
	Makes: true, Publishes: true, Behind: true, Dedupes: true, Works: true, Waits: true, Empties: "purge",
	Make: func(t testing.TB, url, name string) { makeStream(t, url, jetstream.StreamConfig{Name: name}) },
	Sender: func(t testing.TB, url string) bustest.Sender {
		return newSender(t, url, true, func(station string) string { return station })
	},
}

var queueShape = bustest.Shape{
	Name: "work queue", Kind: bus.Stream, Replayable: true, Headers: true, Discovered: true, Publishes: true, Behind: true, Works: true, Waits: true, Empties: "purge",
	Make: func(t testing.TB, url, name string) {
		makeStream(t, url, jetstream.StreamConfig{Name: name, Retention: jetstream.WorkQueuePolicy})
	},
	Sender: streamShape.Sender,
}

var subjectShape = bustest.Shape{
	Kind: bus.Subject, Headers: true, Publishes: true, Behind: true, Waits: true,
	Sender: func(t testing.TB, url string) bustest.Sender {
		return newSender(t, url, false, func(station string) string { return station })
	},
}

// answer has another program answer with what it is asked.
func answer(t testing.TB, url, subject string) {
	t.Helper()
	conn, _ := client(t, url)
	t.Cleanup(conn.Close)
	_, err := conn.Subscribe(subject, func(m *nats.Msg) { _ = m.Respond(m.Data) })
	if err == nil {
		err = conn.Flush()
	}
	if err != nil {
		t.Fatal(err)
	}
}

var bucketShape = bustest.Shape{
	Kind: bus.Bucket, Replayable: true, Lossless: true, Discovered: true, Makes: true, Waits: true,
	Traits: bus.Traits{Separators: ".", Keyed: true, Bucket: "shop", Operation: "KV-Operation", Write: "PUT", Removals: [2]string{"DEL", "PURGE"}},
	Make: func(t testing.TB, url, name string) {
		makeStream(t, url, jetstream.StreamConfig{Name: "KV_" + name, Subjects: []string{"$KV." + name + ".>"},
			MaxMsgsPerSubject: 1, AllowRollup: true, DenyDelete: true, AllowDirect: true, Discard: jetstream.DiscardNew})
	},
	Sender: func(t testing.TB, url string) bustest.Sender {
		key := 0
		return newSender(t, url, true, func(station string) string {
			key++
			return fmt.Sprintf("$KV.%s.o-%d", station, key)
		})
	},
}

func makeStream(t testing.TB, url string, config jetstream.StreamConfig) {
	t.Helper()
	conn, js := client(t, url)
	defer conn.Close()
	if config.Subjects == nil {
		config.Subjects = []string{config.Name}
	}
	if _, err := js.CreateStream(t.Context(), config); err != nil {
		t.Fatal(err)
	}
}

// sender is another program that publishes.
type sender struct {
	conn    *nats.Conn
	js      jetstream.JetStream
	stored  bool // a stream takes it, and says so
	subject func(station string) string
	bursts  func() (jetstream.JetStream, error)
	waits   atomic.Pointer[context.CancelFunc] // ends the wait for the newest answer
}

func newSender(t testing.TB, url string, stored bool, subject func(string) string) *sender {
	conn, js := client(t, url)
	s := &sender{conn: conn, js: js, stored: stored, subject: subject}
	s.bursts = sync.OnceValues(func() (jetstream.JetStream, error) { // it ends with the connection: cleaned up too soon it leaves a goroutine
		return jetstream.New(conn, jetstream.WithPublishAsyncMaxPending(512))
	})
	conn.SetDisconnectErrHandler(func(*nats.Conn, error) { // nobody answers then what was sent before
		if end := s.waits.Load(); end != nil {
			(*end)()
		}
	})
	return s
}

func (s *sender) Close() { s.conn.Close() }

func (s *sender) Send(station string, headers bus.Headers, data []byte) error {
	m := nats.NewMsg(s.subject(station))
	m.Data = data
	for _, h := range headers {
		m.Header[h.Name] = []string{h.Value}
	}
	if s.stored {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		s.waits.Store(&cancel)
		_, err := s.js.PublishMsg(ctx, m, jetstream.WithRetryAttempts(0))
		return err
	}
	if err := s.conn.PublishMsg(m); err != nil {
		return err
	}
	return s.conn.FlushTimeout(patience)
}

func (s *sender) Burst(station string, data [][]byte) error {
	if !s.stored {
		for _, d := range data {
			if err := s.conn.Publish(s.subject(station), d); err != nil {
				return err
			}
		}
		return s.conn.FlushTimeout(patience)
	}
	js, err := s.bursts()
	if err != nil {
		return err
	}
	var acks []jetstream.PubAckFuture
	for _, d := range data {
		ack, err := js.PublishAsync(s.subject(station), d, jetstream.WithStallWait(patience))
		if err != nil {
			return err
		}
		acks = append(acks, ack)
	}
	for _, ack := range acks {
		select {
		case <-ack.Ok():
		case err := <-ack.Err():
			return err
		}
	}
	return nil
}

const access = `
accounts { A: { jetstream: enabled, users: [
  { user: "admin", password: "adm-1n" }
  { user: "guest", password: "gu-3st", permissions: {
    publish: { deny: ["$JS.API.STREAM.LIST", "$JS.API.*.*.secret", "$JS.API.*.*.secret.>"] }
    subscribe: { deny: ["secret"] }
  } }
  { user: "clerk", password: "cl-3rk", permissions: {
    publish: { deny: ["$JS.API.STREAM.LIST", "$JS.API.CONSUMER.LIST.>", "$JS.API.DIRECT.>", "public"] }
  } }
  { user: "deaf", password: "de-4f", permissions: { subscribe: { deny: ["$JS.EVENT.>", "secret"] } } }
] } }`

// secured starts a server whose guest may not read the stream "secret", nor its subject.
func secured(t testing.TB, binary string) bustest.Access {
	t.Helper()
	s := startServer(t, binary, access, url.UserPassword("admin", "adm-1n"))
	as := func(user, password string) string {
		return s.As("nats", url.UserPassword(user, password))
	}
	for _, name := range []string{"public", "secret"} {
		makeStream(t, s.URL(), jetstream.StreamConfig{Name: name})
	}
	return bustest.Access{
		Server: s, Shape: streamShape, Allowed: "public", Denied: "secret",
		Bad: as("guest", "wr0ng-one"), Secret: "wr0ng-one", Limited: as("guest", "gu-3st"),
	}
}

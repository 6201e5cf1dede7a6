package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/bustest"
	"signalbox/bus/embedded"
	"signalbox/bus/natsbus"
	"signalbox/bus/recording"
)

// TestSuite holds buses that are connected without a socket to the contract. Another bus is the other program.
func TestSuite(t *testing.T) {
	var servers sync.Map // by URL
	of := func(url string) *embedded.Server {
		s, _ := servers.Load(url)
		return s.(*embedded.Server)
	}
	guest := func(t testing.TB, url string) *natsbus.Bus {
		b, err := of(url).Connect(context.Background(), "guest", bus.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	shape := bustest.Shape{
		Kind: bus.Stream, Replayable: true, Lossless: true, Headers: true, Discovered: true,
		Makes: true, Publishes: true, Behind: true, Dedupes: true, Works: true, Waits: true, Empties: "purge",
		Make: func(t testing.TB, url, name string) {
			b := guest(t, url)
			if err := errors.Join(b.Make(context.Background(), bus.NewStation{Name: name}), b.Close()); err != nil {
				t.Fatal(err)
			}
		},
		Sender: func(t testing.TB, url string) bustest.Sender { return sender{guest(t, url), url} },
	}
	h := bustest.Harness{
		Inside: true,
		Start: func(t testing.TB) bustest.Server {
			s, err := embedded.Start(context.Background(), embedded.Options{Listen: "127.0.0.1:0"})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			servers.Store(s.URL(), s)
			return inside{s}
		},
		Connect: func(ctx context.Context, url string, _ bustest.Options) (bus.Bus, error) {
			b, err := of(url).Connect(ctx, "suite", bus.Settings{})
			if err != nil {
				return nil, err
			}
			return b, nil
		},
		Readers: func(t testing.TB, url string) []string {
			b := guest(t, url)
			all, err := b.Consumers(context.Background())
			if err := errors.Join(err, b.Close()); err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, c := range all {
				names = append(names, fmt.Sprint(c.Station, " ", c.Name, " ", c.Delivered))
			}
			slices.Sort(names)
			return names
		},
		Answer: func(t testing.TB, url, subject string) { answer(t, url, subject) },
		Shapes: []bustest.Shape{shape},
		Copy:   func(bucket, key string) string { return bucket + "/" + key },
		Capabilities: bustest.Capabilities{
			Publisher: true, Requester: true, Getter: true, Worker: true, Maker: true, Keeper: true, ConsumerLister: true,
			Tracker: true, DeadLetterLister: true, Operator: true, Examiner: true, CopyReader: true, SubjectReader: true,
		},
	}
	t.Run("alone", func(t *testing.T) { bustest.Run(t, h) })
	t.Run("recorded", func(t *testing.T) { bustest.Run(t, recorded(h)) })
}

// recorded is a harness whose buses are recorded: nobody is to notice.
func recorded(h bustest.Harness) bustest.Harness {
	connect, folder, n := h.Connect, "", 0
	start := h.Start
	h.Start = func(t testing.TB) bustest.Server {
		folder = t.TempDir()
		return start(t)
	}
	h.Connect = func(ctx context.Context, url string, o bustest.Options) (bus.Bus, error) {
		b, err := connect(ctx, url, o)
		if err != nil {
			return nil, err
		}
		n++
		r, err := recording.Create(filepath.Join(folder, fmt.Sprint(n, recording.Extension)), recording.Options{})
		if err != nil {
			return nil, err
		}
		tap := &recording.Tap{}
		tap.Record(r)
		return &recordedBus{tap.Around(b), r}, nil
	}
	return h
}

// recordedBus ends its recording when it is closed.
type recordedBus struct {
	bus.Bus
	recorder *recording.Recorder
}

func (b *recordedBus) Unwrap() bus.Bus { return b.Bus }

func (b *recordedBus) Close() error { return errors.Join(b.Bus.Close(), b.recorder.Close()) }

// answer has another program answer with what it is asked.
func answer(t testing.TB, url, subject string) {
	conn, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	_, err = conn.Subscribe(subject, func(m *nats.Msg) { _ = m.Respond(m.Data) })
	if err := errors.Join(err, conn.Flush()); err != nil {
		t.Fatal(err)
	}
}

// inside is a server that cannot be killed alone.
type inside struct{ *embedded.Server }

func (inside) Kill()    { panic("the server dies with this process") }
func (inside) Restart() { panic("the server dies with this process") }

// sender is another program.
type sender struct {
	*natsbus.Bus
	url string
}

func (s sender) Close() { _ = s.Bus.Close() }

func (s sender) Send(station string, headers bus.Headers, data []byte) error {
	_, err := s.Publish(context.Background(), bus.Outgoing{Station: station, Headers: headers, Data: data})
	return err
}

// Burst does not wait for the answer to one message before it sends the next.
func (s sender) Burst(station string, data [][]byte) error {
	conn, err := nats.Connect(s.url)
	if err != nil {
		return err
	}
	defer conn.Close()
	js, err := jetstream.New(conn, jetstream.WithPublishAsyncMaxPending(512))
	if err != nil {
		return err
	}
	defer js.CleanupPublisher()
	var stored []jetstream.PubAckFuture
	for _, d := range data {
		ack, err := js.PublishAsync(station, d, jetstream.WithStallWait(time.Minute))
		if err != nil {
			return err
		}
		stored = append(stored, ack)
	}
	for _, ack := range stored {
		select {
		case <-ack.Ok():
		case err := <-ack.Err():
			return err
		}
	}
	return nil
}

package example

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"signalbox/bus"
	"signalbox/bus/bustest"
)

// brokers are those of the suite, by what it takes for their URLs.
type brokers struct{ all sync.Map }

func (b *brokers) of(url string) *Broker {
	broker, _ := b.all.Load(url)
	return broker.(*Broker)
}

func (b *brokers) start(t testing.TB) bustest.Server {
	s := server{NewBroker(100_000)}
	b.all.Store(s.URL(), s.Broker)
	t.Cleanup(func() { b.all.Delete(s.URL()) })
	return s
}

func (b *brokers) connect(_ context.Context, url string, o bustest.Options) (bus.Bus, error) {
	var s bus.Settings
	if o.Buffer > 0 {
		s.Budget = bus.NewBudget(int64(o.Buffer))
	}
	connected, err := Connect(b.of(url), s)
	if err != nil {
		return nil, err
	}
	return connected, nil
}

func TestSuite(t *testing.T) {
	var all brokers
	h := bustest.Harness{
		Start:        all.start,
		Connect:      all.connect,
		Readers:      func(testing.TB, string) []string { return nil }, // the broker knows of none
		Capabilities: bustest.Capabilities{Publisher: true, Getter: true},
		Shapes: []bustest.Shape{{
			Kind: "log", Replayable: true, Lossless: true, Discovered: true, Publishes: true, Waits: true,
			Sender: func(_ testing.TB, url string) bustest.Sender { return program{all.of(url)} },
		}},
	}
	t.Run("alone", func(t *testing.T) { bustest.Run(t, h) })
	t.Run("inside another", func(t *testing.T) { bustest.Run(t, bustest.Wrapped(h)) })
}

type server struct{ *Broker }

func (s server) URL() string { return fmt.Sprintf("example://%p", s.Broker) }

// program is another program that sends.
type program struct{ *Broker }

func (p program) Close() {}

func (p program) Send(log string, _ bus.Headers, data []byte) error {
	_, err := p.Append(log, data)
	return err
}

func (p program) Burst(log string, all [][]byte) error {
	for _, data := range all {
		if _, err := p.Append(log, data); err != nil {
			return err
		}
	}
	return nil
}

// What a log no longer keeps when its feed gets there is a gap.
func TestTrimmedIsAGap(t *testing.T) {
	broker := NewBroker(10)
	for n := range 25 {
		if _, err := broker.Append("shop", fmt.Append(nil, n)); err != nil {
			t.Fatal(err)
		}
	}
	b, err := Connect(broker, bus.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	f, err := b.Open(t.Context(), bus.Station{Name: "shop"}, bus.From{Start: bus.FromAt, Position: bus.Position{Major: 3}})
	if err != nil {
		t.Fatal(err)
	}
	var gaps []bus.Gap
	var data []string
	for len(data) < 10 {
		batch, err := f.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		gaps = append(gaps, batch.Gaps...)
		for _, m := range batch.Messages() {
			data = append(data, string(m.Data))
		}
	}
	if len(gaps) != 1 || gaps[0].Missed != 13 || gaps[0].From.Major != 3 || gaps[0].To.Major != 15 || data[0] != "15" {
		t.Errorf("gaps %+v, then %q, want the entries 3 to 15 in one, then from 15 on", gaps, data)
	}
}

package natsbus_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

const benchSize = 200

// BenchmarkBacklog reads a stream's backlog, beside an ordered consumer of the client library in the same run.
func BenchmarkBacklog(b *testing.B) {
	s := startServer(b, "", "", nil)
	conn, js := client(b, s.URL())
	defer conn.Close()
	makeStream(b, s.URL(), jetstream.StreamConfig{Name: "shop", Storage: jetstream.MemoryStorage})
	fill(b, js, b.N)
	b.ResetTimer()

	b.StartTimer()
	ours := readAllOf(b, s.URL(), "shop", b.N)
	b.StopTimer()
	bare := bareOrdered(b, js, b.N)
	report(b, ours, bare)
}

// BenchmarkSubject takes a burst in on a core subject, beside a plain subscriber in the same run.
func BenchmarkSubject(b *testing.B) {
	s := startServer(b, "", "", nil)
	conn, _ := client(b, s.URL())
	defer conn.Close()
	data := benchPayload()
	publish := func() {
		for range b.N {
			if err := conn.Publish("burst", data); err != nil {
				b.Error(err)
				return
			}
		}
		_ = conn.Flush()
	}
	b.ResetTimer()
	ours := burstOurs(b, s.URL(), publish)
	b.StopTimer()
	report(b, ours, burstBare(b, s.URL(), publish))
}

func report(b *testing.B, ours, bare time.Duration) {
	b.ReportMetric(float64(b.N)/ours.Seconds(), "msg/s")
	b.ReportMetric(float64(b.N)/bare.Seconds(), "bare-msg/s")
	b.ReportMetric(bare.Seconds()/ours.Seconds(), "ratio")
}

func benchPayload() []byte {
	data := []byte(`{"type":"PICKUP_PRODUCTS","delivery_id":"01HX7Q","data":{"purchase_price":10,"quantity":2}}`)
	for len(data) < benchSize {
		data = append(data, ' ')
	}
	return data
}

func fill(b *testing.B, js jetstream.JetStream, n int) {
	data := benchPayload()
	for range n {
		if _, err := js.PublishAsync("shop", data, jetstream.WithStallWait(patience)); err != nil {
			b.Fatal(err)
		}
	}
	<-js.PublishAsyncComplete()
}

func readAllOf(b *testing.B, url, name string, n int) time.Duration {
	ours, err := natsbus.Connect(b.Context(), natsbus.Options{URL: url})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = ours.Close() }()
	began := time.Now()
	f, err := ours.Open(b.Context(), bus.Station{Name: name, Kind: bus.Stream}, bus.From{Start: bus.FromAll})
	if err != nil {
		b.Fatal(err)
	}
	drain(b, f, n)
	return time.Since(began)
}

func drain(b *testing.B, f bus.Feed, n int) {
	for got := 0; got < n; {
		batch, err := f.Next(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if batch.Dropped > 0 {
			b.Fatalf("%d dropped", batch.Dropped)
		}
		got += batch.Len()
		batch.Release()
	}
}

func bareOrdered(b *testing.B, js jetstream.JetStream, n int) time.Duration {
	began := time.Now()
	consumer, err := js.OrderedConsumer(context.Background(), "shop", jetstream.OrderedConsumerConfig{})
	if err != nil {
		b.Fatal(err)
	}
	done, count := make(chan struct{}), 0
	reading, err := consumer.Consume(func(jetstream.Msg) {
		if count++; count == n {
			close(done)
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	<-done
	reading.Stop()
	return time.Since(began)
}

func burstOurs(b *testing.B, url string, publish func()) time.Duration {
	ours, err := natsbus.Connect(b.Context(), natsbus.Options{URL: url})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = ours.Close() }()
	f, err := ours.Open(b.Context(), bus.Station{Name: "burst", Kind: bus.Subject}, bus.From{})
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	go publish()
	drain(b, f, b.N)
	return time.Since(began)
}

func burstBare(b *testing.B, url string, publish func()) time.Duration {
	conn, _ := client(b, url)
	defer conn.Close()
	var count atomic.Int64
	done := make(chan struct{})
	sub, err := conn.Subscribe("burst", func(*nats.Msg) {
		if count.Add(1) == int64(b.N) {
			close(done)
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := sub.SetPendingLimits(-1, -1); err != nil {
		b.Fatal(err)
	}
	if err := conn.Flush(); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	go publish()
	<-done
	return time.Since(began)
}

package redisbus

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
)

// benchEvent is 200 bytes of JSON.
var benchEvent = `{"type":"PICKUP_PRODUCTS","delivery_id":"01HX7Q","data":{"purchase_price":10,"quantity":2},"pad":"` + strings.Repeat("x", 101) + `"}`

// BenchmarkChannel prints how fast a feed takes a channel in, and the ratio to a bare go-redis subscriber in the same run.
func BenchmarkChannel(b *testing.B) {
	s := start(b)
	app := client(b, s.URL())
	bare := timed(b, func(n int) {
		sub := app.Subscribe(context.Background(), "bench")
		defer func() { _ = sub.Close() }()
		if _, err := sub.Receive(context.Background()); err != nil {
			b.Fatal(err)
		}
		sent := send(b, s, n, func(p redis.Pipeliner) { p.Publish(context.Background(), "bench", benchEvent) })
		for range n {
			if _, err := sub.ReceiveMessage(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
		<-sent
	})
	signalbox := connect(b, s.URL())
	ours := timed(b, func(n int) {
		f := openOne(b, signalbox, "bench", bus.From{})
		sent := send(b, s, n, func(p redis.Pipeliner) { p.Publish(context.Background(), "bench", benchEvent) })
		drain(b, f, n)
		<-sent
		_ = f.Close()
	})
	report(b, bare, ours)
}

// BenchmarkStream does the same for the backfill of a stream, against XREAD.
func BenchmarkStream(b *testing.B) {
	s := start(b)
	app := client(b, s.URL())
	<-send(b, s, b.N, func(p redis.Pipeliner) {
		p.XAdd(context.Background(), &redis.XAddArgs{Stream: "bench", Values: []string{"data", benchEvent}})
	})
	bare := timed(b, func(n int) {
		for last, seen := "0-0", 0; seen < n; {
			got, err := app.XRead(context.Background(), &redis.XReadArgs{Streams: []string{"bench", last}, Count: 1000}).Result()
			if err != nil {
				b.Fatal(err)
			}
			seen += len(got[0].Messages)
			last = got[0].Messages[len(got[0].Messages)-1].ID
		}
	})
	signalbox := connect(b, s.URL())
	ours := timed(b, func(n int) {
		f := openOne(b, signalbox, "bench", bus.From{Start: bus.FromAll})
		drain(b, f, n)
		_ = f.Close()
	})
	report(b, bare, ours)
}

// timed runs a reader of b.N messages.
func timed(b *testing.B, read func(n int)) time.Duration {
	began := time.Now()
	read(b.N)
	return time.Since(began)
}

func report(b *testing.B, bare, ours time.Duration) {
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(b.N)/bare.Seconds(), "bare/s")
	b.ReportMetric(float64(b.N)/ours.Seconds(), "ours/s")
	b.ReportMetric(bare.Seconds()/ours.Seconds(), "ratio")
}

// send sends n messages in pipelines, and closes the result when they are sent.
func send(b *testing.B, s *server, n int, add func(redis.Pipeliner)) <-chan struct{} {
	sent, app := make(chan struct{}), client(b, s.URL())
	go func() {
		defer close(sent)
		for n > 0 {
			part := min(n, 1000)
			_, err := app.Pipelined(context.Background(), func(p redis.Pipeliner) error {
				for range part {
					add(p)
				}
				return nil
			})
			if err != nil {
				b.Error(err)
				return
			}
			n -= part
		}
	}()
	return sent
}

// drain reads n messages; none may be missing.
func drain(b *testing.B, f bus.Feed, n int) {
	for seen := 0; seen < n; {
		batch, err := f.Next(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		if batch.Dropped > 0 || len(batch.Gaps) > 0 {
			b.Fatal(fmt.Sprint("dropped ", batch.Dropped, " gaps ", batch.Gaps))
		}
		seen += batch.Len()
		batch.Release()
	}
}

package natsbus_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// readerServer tells the test binary to be a session that reads all stations of a server until it is killed.
const readerServer = "NATSBUS_TEST_READER"

// readAll opens everything and says when it has caught up with each.
func readAll(url string) {
	ctx := context.Background()
	b, err := natsbus.Connect(ctx, natsbus.Options{URL: url})
	var stations []bus.Station
	if err == nil {
		stations, err = b.Stations(ctx)
	}
	for _, s := range stations {
		var f bus.Feed
		if f, err = b.Open(ctx, s, bus.From{Start: bus.FromAll}); err != nil {
			break
		}
		for caughtUp := false; !caughtUp && err == nil; {
			var batch *bus.Batch
			if batch, err = f.Next(ctx); err == nil {
				caughtUp = batch.CaughtUp
				batch.Release()
			}
		}
		go func() {
			for {
				batch, err := f.Next(ctx)
				if err != nil {
					return
				}
				batch.Release()
			}
		}()
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("reading")
	select {}
}

// A session that is killed has taken nothing from the stations' own consumers, of whatever retention, has had nothing
// kept or removed, and is soon forgotten.
func TestKilledSessionLeavesNothing(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	retentions := map[string]jetstream.RetentionPolicy{"orders": jetstream.LimitsPolicy, "jobs": jetstream.WorkQueuePolicy, "mail": jetstream.InterestPolicy}
	streams := map[string]jetstream.Stream{}
	for name, retention := range retentions {
		streams[name] = p.stream(jetstream.StreamConfig{Name: name, Retention: retention})
		p.consumer(streams[name], jetstream.ConsumerConfig{Durable: "app", AckPolicy: jetstream.AckExplicitPolicy})
		p.publishNumbers(name+".a", 0, 10)
	}
	kv, err := p.js.CreateKeyValue(t.Context(), jetstream.KeyValueConfig{Bucket: "state"})
	if err == nil {
		_, err = kv.Put(t.Context(), "order.17", []byte("ready"))
	}
	if err != nil {
		t.Fatal(err)
	}
	before := readers(t, p.server.URL())
	session := p.session()
	if during := readers(t, p.server.URL()); len(during) != len(before)+2 {
		t.Errorf("consumers %v while a session reads, want %v and two of its own: on the limits stream and the bucket", during, before)
	}
	for name, stream := range streams {
		p.publishNumbers(name+".a", 10, 20)
		var all []uint64
		for seq := uint64(1); seq <= 20; seq++ {
			all = append(all, seq)
		}
		p.fetch(stream, "app", 20, all...)
	}
	if err := session.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = session.Wait()
	p.eventually("the session is forgotten", func() bool { return slices.Equal(before, readers(t, p.server.URL())) })
	for name, want := range map[string]uint64{"orders": 20, "jobs": 0, "mail": 0, "state": 1} {
		if s := p.station(name); s.Messages != want {
			t.Errorf("%s holds %d messages, want %d", name, s.Messages, want)
		}
	}
}

// session starts a process that reads, and waits until it does.
func (p *place) session() *exec.Cmd {
	p.Helper()
	session := exec.Command(os.Args[0])
	session.Env = append(os.Environ(), readerServer+"="+p.server.URL())
	out, err := session.StdoutPipe()
	if err == nil {
		err = session.Start()
	}
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { _ = session.Process.Kill() })
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "reading" {
		p.Fatalf("the session says %q", lines.Text())
	}
	return session
}

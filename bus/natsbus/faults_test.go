package natsbus_test

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/bustest"
	"signalbox/bus/natsbus"
)

// account is what came of the messages of one station.
type account struct{ sent, received, repeated, missed int }

// judge compares what was read with what was sent. A message whose sending failed may have come all the same.
func judge(got []bus.Message, taken map[int]bool) account {
	a := account{sent: len(taken), received: len(got)}
	seen := map[int]bool{}
	for _, m := range got {
		n, _ := strconv.Atoi(string(m.Data))
		if seen[n] {
			a.repeated++
		}
		seen[n] = true
	}
	for n := range taken {
		if !seen[n] {
			a.missed++
		}
	}
	return a
}

// The server is killed and started again, over and over, while somebody sends. A stream loses and repeats nothing; a
// subject, which nobody keeps, loses what was sent meanwhile, and has a gap for each time.
func TestServerKilled(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "orders", Subjects: []string{"orders"}})
	stream, subject := p.open("orders", bus.From{Start: bus.FromAll}), p.open("ticks", bus.From{})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var stored, told atomic.Int64
	stored.Store(-1)
	takenByStream, takenBySubject := map[int]bool{}, map[int]bool{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; ctx.Err() == nil; n++ {
			text := []byte(strconv.Itoa(n))
			try, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
			if _, err := p.js.Publish(try, "orders", text, jetstream.WithRetryAttempts(0)); err == nil {
				takenByStream[n] = true
				stored.Store(int64(n))
			}
			cancel()
			if p.conn.Publish("ticks", text) == nil && p.conn.FlushTimeout(200*time.Millisecond) == nil {
				takenBySubject[n] = true
				told.Store(int64(n))
			}
		}
	}()
	last := func(r *reading) int {
		if len(r.messages) == 0 {
			return -1
		}
		n, _ := strconv.Atoi(string(r.messages[len(r.messages)-1].Data))
		return n
	}
	beyond := func(r *reading, n int) { r.until("message "+strconv.Itoa(n), func() bool { return last(r) >= n }) }
	kills := bustest.Rounds(t, 2)
	for range kills {
		beyond(stream, int(stored.Load())+50)
		p.server.Kill()
		p.eventually("the link is down", func() bool { return p.bus.Info().Link == bus.Reconnecting })
		p.server.Restart()
		p.eventually("the link is up", func() bool { return p.bus.Info().Link == bus.Live })
		beyond(stream, int(stored.Load())+1)
		beyond(subject, int(told.Load())+1)
	}
	stop()
	<-done
	beyond(stream, int(stored.Load()))
	beyond(subject, int(told.Load()))
	a, b := judge(stream.messages, takenByStream), judge(subject.messages, takenBySubject)
	t.Logf("%d kills; stream: %+v; subject: %+v, %d gaps", kills, a, b, len(subject.gaps))
	if a.repeated != 0 || a.missed != 0 || len(stream.gaps) != 0 {
		t.Errorf("stream: %+v, gaps %+v, want nothing repeated, missed or reported", a, stream.gaps)
	}
	if b.repeated != 0 || len(subject.gaps) != kills {
		t.Errorf("subject: %+v, %d gaps, want nothing repeated, and a gap for each of %d kills", b, len(subject.gaps), kills)
	}
}

// impatient is a client that gives a link up after some seconds without an answer: a server on a busy machine takes a while.
var impatient = []nats.Option{nats.PingInterval(100 * time.Millisecond), nats.MaxPingsOutstanding(40)}

// A network that stalls is noticed, said, and got over: the stream goes on at its next message.
func TestStalledNetwork(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "orders", Subjects: []string{"orders"}})
	wire := bustest.NewWire(t, strings.TrimPrefix(p.server.As("nats", nil), "nats://"))
	slow, err := natsbus.Connect(t.Context(), natsbus.Options{URL: "nats://" + wire.Address, Client: impatient})
	if err != nil {
		t.Fatal(err)
	}
	p.bus = closing(t, slow)
	r := p.open("orders", bus.From{Start: bus.FromAll})
	p.publishNumbers("orders", 0, 10)
	r.untilData("9")
	wire.Stall()
	p.publishNumbers("orders", 10, 20)
	p.eventually("the link is given up", func() bool { return p.bus.Info().Link == bus.Reconnecting })
	if info := p.bus.Info(); info.Detail == "" {
		t.Errorf("info %+v, want why", info)
	}
	wire.Flow()
	p.publishNumbers("orders", 20, 30)
	r.untilData("29")
	r.wantNumbers(30)
	if len(r.gaps) != 0 {
		t.Errorf("gaps %+v, but nothing was missed", r.gaps)
	}
}

// A server that is about to stop says so, and the bus does.
func TestLameDuck(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "orders", Subjects: []string{"orders"}})
	r := p.open("orders", bus.From{Start: bus.FromAll})
	p.publishNumbers("orders", 0, 10)
	if err := p.server.Process.Process.Signal(syscall.SIGUSR2); err != nil {
		t.Fatal(err)
	}
	p.wantNotice("about to shut down")
	p.wantNotice("connection lost")
	_ = p.server.Process.Wait()
	p.server.Restart()
	p.wantNotice("connected again")
	p.eventually("the sender is connected again", p.conn.IsConnected)
	p.publishNumbers("orders", 10, 20)
	r.untilData("19")
	r.wantNumbers(20)
}

// Permissions that refuse single calls leave what is allowed, and are said.
func TestSingleCallsRefused(t *testing.T) {
	t.Parallel()
	a := secured(t, "")
	admin, js := client(t, a.Server.URL())
	defer admin.Close()
	p := &place{T: t, conn: admin, js: js}
	p.stream(jetstream.StreamConfig{Name: "jobs", Retention: jetstream.WorkQueuePolicy, AllowDirect: true})
	s, err := js.Stream(t.Context(), "public")
	if err != nil {
		t.Fatal(err)
	}
	p.consumer(s, jetstream.ConsumerConfig{Durable: "mailer"})
	p.publish("jobs.a", "1")
	if p.bus, err = natsbus.Connect(t.Context(), natsbus.Options{URL: withUser(a.Limited, "clerk", "cl-3rk")}); err != nil {
		t.Fatal(err)
	}
	closing(t, p.bus)
	found, err := p.bus.Consumers(t.Context())
	if len(found) != 0 || err == nil {
		t.Errorf("consumers %+v, %v, want it said that they cannot be listed", found, err)
	}
	r := p.open("jobs", bus.From{Start: bus.FromAll}) // by the API, since direct gets are refused
	r.untilCaughtUp()
	if len(r.messages) != 1 || string(r.messages[0].Data) != "1" {
		t.Errorf("read %+v, want the one message", r.messages)
	}
	if _, err := p.bus.Publish(t.Context(), bus.Outgoing{Station: "public", Data: []byte("x")}); err == nil {
		t.Error("the clerk can publish")
	}
	p.open("public", bus.From{Start: bus.FromAll}).untilCaughtUp()
}

func (p *place) wantNotice(text string) {
	p.Helper()
	p.eventually("a notice that says "+text, func() bool {
		select {
		case n := <-p.bus.Notices():
			return strings.Contains(n.Text, text)
		default:
			return false
		}
	})
}

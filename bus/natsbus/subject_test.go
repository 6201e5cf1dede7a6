package natsbus_test

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/bustest"
	"signalbox/bus/natsbus"
	"signalbox/bus/natsbus/internal/core"
)

// What is taken off the wire, however that is encrypted, or off that in the process, is what the client library delivers.
func TestSubjectIsReadAsByTheLibrary(t *testing.T) {
	a := newAuthority(t)
	config := &tls.Config{Certificates: []tls.Certificate{a.sign("server", "127.0.0.1", time.Now().Add(time.Hour)).pair}, MinVersion: tls.VersionTLS12}
	socket := bustest.FreePort(t)
	s := runServer(t, &server.Options{
		MaxPayload: 8 << 20, AllowNonTLS: true, TLSConfig: config, Websocket: server.WebsocketOpts{Host: "127.0.0.1", Port: socket, TLSConfig: config},
	})
	plain, ca := strings.Replace(s.ClientURL(), "tls://", "nats://", 1), "?tls_ca="+a.file
	options := map[string]natsbus.Options{
		"plain": {URL: plain}, "in the process": {InProcess: s}, "TLS": {URL: strings.Replace(plain, "nats:", "tls:", 1) + ca},
		"WebSocket": {URL: fmt.Sprintf("wss://127.0.0.1:%d%s", socket, ca)},
	}
	feeds := map[string]bus.Feed{}
	for name, o := range options {
		feeds[name] = openSubject(t, o, "shop.>")
	}
	library, err := nats.Connect(plain)
	if err != nil {
		t.Fatal(err)
	}
	defer library.Close()
	sub, err := library.SubscribeSync("shop.>")
	if err == nil {
		err = library.FlushTimeout(patience)
	}
	if err != nil {
		t.Fatal(err)
	}
	var want []bus.Message
	for range publishAll(t, plain) {
		m, err := sub.NextMsg(patience)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, core.Message(m))
	}
	for name, f := range feeds {
		if diff := cmp.Diff(want, receive(t, f, len(want)), cmp.Comparer(bytes.Equal), cmpopts.IgnoreFields(bus.Message{}, "UnixNano")); diff != "" {
			t.Errorf("%s (-by the library, +from the wire):\n%s", name, diff)
		}
		if n, err := fromLibrary(f); n != 0 || err != nil {
			t.Errorf("%s: %d messages by the library, %v", name, n, err)
		}
	}
}

// A subject that is opened in the middle of a flood loses none and keeps their order, although the first may still be with
// the client library when the others are taken off the wire.
func TestSubjectKeepsOrder(t *testing.T) {
	s := startServer(t, "", "", nil)
	conn, _ := client(t, s.URL())
	defer conn.Close()
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			if err := conn.Publish("flood", fmt.Append(nil, n)); err != nil {
				t.Errorf("publish: %v", err)
				return
			}
		}
	}()
	defer func() { close(stop); <-done }()
	for range 5 {
		f := openSubject(t, natsbus.Options{URL: s.URL()}, "flood")
		first := -1
		for i, m := range receive(t, f, 20_000) {
			var n int
			if _, err := fmt.Sscan(string(m.Data), &n); err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				first = n
			}
			if n != first+i {
				t.Fatalf("message %d of a feed that began with %d is %d", i, first, n)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func openSubject(t *testing.T, o natsbus.Options, subject string) bus.Feed {
	t.Helper()
	b, err := natsbus.Connect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	f, err := b.Open(t.Context(), bus.Station{Name: subject, Kind: bus.Subject}, bus.From{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// publishAll publishes messages of all kinds, and tells how many.
func publishAll(t *testing.T, url string) (sent int) {
	t.Helper()
	conn, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for n := range 3000 {
		m := nats.NewMsg(fmt.Sprintf("shop.%d", n%7))
		m.Data = fmt.Appendf(nil, "%d\r\nMSG shop.1 1 0\r\n", n)
		switch {
		case n%5 == 0:
			m.Header["Numbers"] = []string{fmt.Sprint(n), "again"}
			m.Reply = "nobody"
		case n%7 == 0:
			m.Data = nil
		case n%1000 == 1:
			m.Data = bytes.Repeat([]byte{byte(n)}, 1<<20)
		case n == 2222:
			m.Data = bytes.Repeat(m.Data, 200_000)
		}
		if err := conn.PublishMsg(m); err != nil {
			t.Fatal(err)
		}
		sent++
	}
	if err := conn.FlushTimeout(patience); err != nil {
		t.Fatal(err)
	}
	return sent
}

// receive returns the next messages of a feed, of which none may be dropped.
func receive(t *testing.T, f bus.Feed, count int) []bus.Message {
	t.Helper()
	var all []bus.Message
	for len(all) < count {
		b, err := f.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if b.Dropped > 0 || len(b.Gaps) > 0 {
			t.Fatalf("dropped %d, gaps %+v", b.Dropped, b.Gaps)
		}
		all = append(all, b.Messages()...) // and so it is not given back
		b.Settle()
	}
	return all
}

// What comes while nobody reads is counted when it does not fit, and the user is told once.
func TestSubjectCountsWhatItDrops(t *testing.T) {
	p := newPlace(t, "", natsbus.Options{Buffer: 64 << 10})
	f, err := p.bus.Open(t.Context(), bus.Station{Name: "orders", Kind: bus.Subject}, bus.From{})
	if err != nil {
		t.Fatal(err)
	}
	const sent = 5000
	for range sent {
		if err := p.conn.Publish("orders", make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.conn.FlushTimeout(patience); err != nil {
		t.Fatal(err)
	}
	if _, err := p.bus.Stations(t.Context(), "orders"); err != nil { // its answer comes after them
		t.Fatal(err)
	}
	received, dropped := 0, 0
	for received+dropped < sent {
		b, err := f.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		received, dropped = received+b.Len(), dropped+int(b.Dropped)
		b.Release()
	}
	if received+dropped != sent || dropped < sent*9/10 {
		t.Errorf("received %d, dropped %d of %d", received, dropped, sent)
	}
	if n := <-p.bus.Notices(); n.Level != bus.Warn || n.Station != "orders" {
		t.Errorf("notice %+v", n)
	}
	select {
	case n := <-p.bus.Notices():
		t.Errorf("another notice: %+v", n)
	default:
	}
	if n, err := fromLibrary(f); n != 0 || err != nil {
		t.Errorf("%d messages by the library, %v", n, err)
	}
}

// fromLibrary is how many messages of a subject's feed have come by the client library.
func fromLibrary(f bus.Feed) (int64, error) {
	return f.(interface{ FromLibrary() (int64, error) }).FromLibrary()
}

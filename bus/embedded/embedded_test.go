package embedded_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"signalbox/bus"
	"signalbox/bus/bustest/leaks"
	"signalbox/bus/embedded"
	"signalbox/bus/natsbus"
)

func start(t *testing.T, o embedded.Options) *embedded.Server {
	t.Helper()
	s, err := embedded.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func connect(t *testing.T, s *embedded.Server) *natsbus.Bus {
	t.Helper()
	b, err := s.Connect(t.Context(), "demo", bus.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// The whole way, without a port: make a stream, send, read, keep a value.
func TestWithoutPort(t *testing.T) {
	s := start(t, embedded.Options{})
	if s.URL() != "" {
		t.Errorf("URL %q of a server that does not listen", s.URL())
	}
	b := connect(t, s)
	if info := b.Info(); !info.Embedded || !info.Loopback || info.Link != bus.Live || info.Name != "demo" || !strings.HasPrefix(info.Server, "nats-server 2.") {
		t.Errorf("info %+v", info)
	}
	if err := b.Make(t.Context(), bus.NewStation{Name: "orders"}); err != nil {
		t.Fatal(err)
	}
	receipt, err := b.Publish(t.Context(), bus.Outgoing{Station: "orders", Data: []byte("1")})
	if err != nil || receipt.Position.Major != 1 {
		t.Fatalf("receipt %+v, %v", receipt, err)
	}
	f, err := b.Open(t.Context(), bus.Station{Name: "orders", Kind: bus.Stream}, bus.From{Start: bus.FromAll})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	batch, err := f.Next(ctx)
	if err != nil || batch.Len() != 1 || string(batch.Messages()[0].Data) != "1" {
		t.Fatalf("batch %+v, %v", batch, err)
	}
}

// A server that listens is found by others; a taken address is an error that names it.
func TestListen(t *testing.T) {
	s := start(t, embedded.Options{Listen: "127.0.0.1:0"})
	b, err := natsbus.Connect(t.Context(), natsbus.Options{URL: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	taken := strings.TrimPrefix(s.URL(), "nats://")
	for _, listen := range []string{taken, "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000"} {
		if other, err := embedded.Start(t.Context(), embedded.Options{Listen: listen}); err == nil {
			_ = other.Close()
			t.Errorf("listen on %q works", listen)
		} else if !strings.Contains(err.Error(), listen) {
			t.Errorf("listen on %q: %v does not name the address", listen, err)
		}
	}
}

// Close leaves neither goroutines nor files, and may be called twice.
func TestCloseLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	before := goleak.IgnoreCurrent()
	s := start(t, embedded.Options{})
	b := connect(t, s)
	if err := b.Make(t.Context(), bus.NewStation{Name: "state", Keyed: true}); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "*")); err != nil || len(left) != 0 {
		t.Errorf("left %q, %v", left, err)
	}
	leaks.None(t, before)
}

// In a directory of its own a server finds again what it stored.
func TestDirectoryKeeps(t *testing.T) {
	dir := t.TempDir()
	for round := range 2 {
		s := start(t, embedded.Options{Dir: dir})
		b := connect(t, s)
		if err := b.Make(t.Context(), bus.NewStation{Name: "orders"}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Publish(t.Context(), bus.Outgoing{Station: "orders", Data: []byte("1")}); err != nil {
			t.Fatal(err)
		}
		found, err := b.Stations(t.Context(), "orders")
		if err != nil || len(found) != 1 || found[0].Messages != uint64(round+1) {
			t.Errorf("round %d: %+v, %v", round, found, err)
		}
		_ = b.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		s, err := embedded.Start(b.Context(), embedded.Options{})
		if err != nil {
			b.Fatal(err)
		}
		c, err := s.Connect(b.Context(), "demo", bus.Settings{})
		if err != nil {
			b.Fatal(err)
		}
		for _, name := range []string{"a", "b", "c", "d", "e"} {
			if err := c.Make(b.Context(), bus.NewStation{Name: name}); err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
		_ = c.Close()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

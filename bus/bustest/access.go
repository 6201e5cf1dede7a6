package bustest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
)

// connection: what a bus tells of itself, and a server that is not there.
func connection(t *testing.T, h Harness) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	server := h.Start(t)
	b, err := h.Connect(ctx, server.URL(), Options{})
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	if got := claimed(b); got != h.Capabilities {
		t.Errorf("capabilities %+v, want %+v", got, h.Capabilities)
	}
	info := b.Info()
	link, away := bus.Live, bus.ErrUnreachable
	if h.Past {
		link, away = bus.Recorded, bus.ErrMissing
	}
	if info.Link != link || info.Name == "" || info.Scheme == "" || info.Server == "" || !info.Loopback || info.Since.IsZero() {
		t.Errorf("info of a %s bus on loopback: %+v", link, info)
	}
	if err := b.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if h.Inside {
		return
	}
	server.Kill()
	began := time.Now()
	if b, err = h.Connect(ctx, server.URL(), Options{}); err == nil {
		_ = b.Close()
		t.Fatal("connect to a server that is not there works")
	}
	if !errors.Is(err, away) {
		t.Errorf("connect to a server that is not there: %v, want it to wrap %v", err, away)
	}
	if took := time.Since(began); took > patience/2 {
		t.Errorf("connect to a server that is not there took %s", took)
	}
}

// access: a wrong password is refused without being shown; a user with few rights keeps those.
func access(t *testing.T, h Harness) {
	if h.Secured == nil {
		t.Skip("the broker knows no users")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	a := h.Secured(t)
	t.Run("wrong password", func(t *testing.T) { wrongPassword(ctx, t, h, a) })
	t.Run("few rights", func(t *testing.T) { fewRights(ctx, t, h, a) })
}

func wrongPassword(ctx context.Context, t *testing.T, h Harness, a Access) {
	b, err := h.Connect(ctx, a.Bad, Options{})
	if err == nil {
		_ = b.Close()
		t.Fatal("connect with a wrong password works")
	}
	if !errors.Is(err, bus.ErrRefused) {
		t.Errorf("connect with a wrong password: %v, want it to wrap %v", err, bus.ErrRefused)
	}
	if strings.Contains(err.Error(), a.Secret) {
		t.Errorf("the error shows the password: %v", err)
	}
}

func fewRights(ctx context.Context, t *testing.T, h Harness, a Access) {
	b, err := h.Connect(ctx, a.Limited, Options{})
	if err != nil {
		t.Fatalf("connect as a user with few rights: %v", err)
	}
	defer func() {
		if err := b.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}()
	s := &site{T: t, h: h, shape: a.Shape, server: a.Server, bus: b, ctx: ctx, station: a.Allowed}
	s.sender = a.Shape.Sender(t, a.Server.URL())
	defer s.sender.Close()

	if err := s.openDenied(a.Denied); !errors.Is(err, bus.ErrRefused) || !strings.Contains(err.Error(), a.Denied) {
		t.Errorf("open of a station that is denied: %v, want it to wrap %v and name %q", err, bus.ErrRefused, a.Denied)
	}
	r := s.open(bus.From{Start: bus.FromNew})
	s.sendRange(0, 10)
	r.untilCount(10)
	r.wantNumbers(0, 10)
	r.wantWhole()
}

// openDenied opens a station that may not be read. It may fail as early as when it is looked up.
func (s *site) openDenied(name string) error {
	found, err := s.bus.Stations(s.ctx, name)
	if len(found) == 0 {
		return err
	}
	f, err := s.bus.Open(s.ctx, found[0], bus.From{Start: bus.FromNew})
	if err == nil {
		_ = f.Close()
	}
	return err
}

package bus_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
)

// tinyBus is a bus with one station, two capabilities, and one message.
type tinyBus struct{ sent []bus.Outgoing }

func (*tinyBus) Info() bus.Info             { return bus.Info{Name: "tiny", Link: bus.Live} }
func (*tinyBus) Notices() <-chan bus.Notice { return nil }
func (*tinyBus) Close() error               { return nil }
func (*tinyBus) Stations(context.Context, ...string) ([]bus.Station, error) {
	return []bus.Station{{Name: "orders", Readable: true}}, nil
}

func (*tinyBus) Open(context.Context, bus.Station, bus.From) (bus.Feed, error) {
	return tinyFeed{}, nil
}

func (b *tinyBus) Publish(_ context.Context, out bus.Outgoing) (bus.Receipt, error) {
	b.sent = append(b.sent, out)
	return bus.Receipt{Station: out.Station}, nil
}

func (*tinyBus) Get(context.Context, bus.Station, bus.Position) (bus.Message, error) {
	return bus.Message{Data: []byte("card 4711")}, nil
}

type tinyFeed struct{}

func (tinyFeed) Next(context.Context) (*bus.Batch, error) { return nil, io.EOF }
func (tinyFeed) Close() error                             { return nil }
func (tinyFeed) Waiting() int64                           { return 7 }

// delaying opens each feed a little later. It knows no capability, and loses none.
type delaying struct {
	bus.Bus
	by time.Duration
}

func (b delaying) Unwrap() bus.Bus { return b.Bus }

func (b delaying) Open(ctx context.Context, s bus.Station, from bus.From) (bus.Feed, error) {
	select {
	case <-time.After(b.by):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	f, err := b.Bus.Open(ctx, s, from)
	return feedInside{f}, err
}

type feedInside struct{ bus.Feed }

func (f feedInside) Unwrap() bus.Feed { return f.Feed }

// masking replaces card numbers in what it gets, where the bus inside gets anything.
type masking struct{ bus.Bus }

func (b masking) Unwrap() bus.Bus { return b.Bus }

func (b masking) Hides(capability any) bool {
	if _, ok := capability.(*bus.Getter); ok {
		_, has := bus.As[bus.Getter](b.Bus)
		return !has
	}
	return false
}

func (b masking) Get(ctx context.Context, s bus.Station, at bus.Position) (bus.Message, error) {
	inside, _ := bus.As[bus.Getter](b.Bus)
	m, err := inside.Get(ctx, s, at)
	m.Data = bytes.ReplaceAll(m.Data, []byte("4711"), []byte("…"))
	return m, err
}

// readOnly hides what writes.
type readOnly struct{ bus.Bus }

func (b readOnly) Unwrap() bus.Bus { return b.Bus }

func (readOnly) Hides(capability any) bool {
	_, publishes := capability.(*bus.Publisher)
	return publishes
}

// plain is a bus without any capability; it stands around nothing that can be told.
type plain struct{ bus.Bus }

func TestAsLooksIntoBuses(t *testing.T) {
	inside := &tinyBus{}
	b := delaying{masking{inside}, time.Millisecond}
	if _, err := bus.Publish(t.Context(), b, bus.Outgoing{Station: "orders"}); err != nil || len(inside.sent) != 1 {
		t.Errorf("publish through two buses: %v, sent %v", err, inside.sent)
	}
	if _, ok := bus.As[bus.Worker](b); ok {
		t.Error("a capability that no bus has is found")
	}
	f, err := b.Open(t.Context(), bus.Station{Name: "orders"}, bus.From{})
	if err != nil || bus.WaitingIn(f) != 7 {
		t.Errorf("what waits inside a feed: %d, %v, want 7", bus.WaitingIn(f), err)
	}
}

func TestAsOverrides(t *testing.T) {
	get := func(b bus.Bus) string {
		g, ok := bus.As[bus.Getter](b)
		if !ok {
			return "no getter"
		}
		m, _ := g.Get(t.Context(), bus.Station{}, bus.Position{})
		return string(m.Data)
	}
	for want, b := range map[string]bus.Bus{
		"card 4711": delaying{Bus: &tinyBus{}},
		"card …":    delaying{Bus: masking{&tinyBus{}}},
		"no getter": masking{plain{&tinyBus{}}}, // it has nothing to mask
	} {
		if got := get(b); got != want {
			t.Errorf("%T gets %q, want %q", b, got, want)
		}
	}
}

func TestAsHides(t *testing.T) {
	b := delaying{readOnly{&tinyBus{}}, 0}
	if _, ok := bus.As[bus.Publisher](b); ok {
		t.Error("a capability that is hidden is found")
	}
	if _, ok := bus.As[bus.Getter](b); !ok {
		t.Error("with one capability another one is hidden")
	}
	if _, err := bus.Publish(t.Context(), b, bus.Outgoing{Station: "orders"}); err == nil || !strings.Contains(err.Error(), "tiny takes no messages in") {
		t.Errorf("publish on a bus that cannot: %v", err)
	}
	if n := bus.WaitingIn(plainFeed{tinyFeed{}}); n != 0 {
		t.Errorf("a feed that does not tell holds %d bytes", n)
	}
}

type plainFeed struct{ bus.Feed }

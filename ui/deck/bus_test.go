package deck

import (
	"context"
	"errors"
	"testing"

	"signalbox/bus"
	"signalbox/scenarios"
)

// fakeBus takes messages in and remembers them.
type fakeBus struct {
	info bus.Info
	sent []bus.Outgoing
	err  error
}

func (b *fakeBus) Info() bus.Info { return b.info }
func (b *fakeBus) Stations(context.Context, ...string) ([]bus.Station, error) {
	return nil, errors.ErrUnsupported
}
func (b *fakeBus) Open(context.Context, bus.Station, bus.From) (bus.Feed, error) {
	return nil, errors.ErrUnsupported
}
func (b *fakeBus) Notices() <-chan bus.Notice { return nil }
func (b *fakeBus) Close() error               { return nil }
func (b *fakeBus) Publish(_ context.Context, out bus.Outgoing) (bus.Receipt, error) {
	if b.err != nil {
		return bus.Receipt{}, b.err
	}
	b.sent = append(b.sent, out)
	return bus.Receipt{Station: out.Station, Text: "stored in " + out.Station + " as 48193"}, nil
}

const parcels = `
domain: parcels
about: Parcels on their way.
entity: delivery
events:
  stations: [deliveries]
  type: data.type
  id: data.id
fold:
  SEND: { creates: true, set: { weight: data.weight }, to: sent }
commands:
  send:
    title: Send parcel
    about: A new parcel.
    send: { station: deliveries, type: SEND }
    fields:
      id: { label: Delivery, type: entity }
      weight: { label: Weight, about: in grams, type: int, default: 50, min: 1, max: 1000 }
      note: { label: Note, type: text, default: "ring twice" }
      speed: { label: Speed, type: choice, options: [slow, fast], default: slow }
scripts:
  story:
    about: A parcel is sent.
    steps:
      - send: { id: p-1 }
      - wait: 1ms
      - say: "done"
`

// armed is an option of drive: a bus that may be sent on, and a library of one domain.
func armed(t *testing.T, b *fakeBus) func(*Options) {
	t.Helper()
	l := &scenarios.Library{}
	if err := l.Add("parcels.yaml", []byte(parcels)); err != nil {
		t.Fatal(err)
	}
	return func(o *Options) {
		o.Library, o.Buses = l, []bus.Bus{b}
		o.Armed = func(bus.Bus) (bool, string) { return true, "" }
	}
}

func embeddedBus() *fakeBus {
	return &fakeBus{info: bus.Info{Name: "embedded nats", Scheme: "nats", Link: bus.Live, Loopback: true, Embedded: true}}
}

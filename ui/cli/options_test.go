package cli

import (
	"context"
	"testing"

	"signalbox/bus"
	"signalbox/ui/cli/internal/config"
	"signalbox/ui/cli/internal/marks"
	"signalbox/ui/cli/internal/target"
)

// lookOnly is a bus that takes nothing in; open is one that does.
type (
	lookOnly struct {
		bus.Bus
		info bus.Info
	}
	open struct{ lookOnly }
)

func (b lookOnly) Info() bus.Info { return b.info }

func (open) Publish(context.Context, bus.Outgoing) (bus.Receipt, error) { return bus.Receipt{}, nil }

func TestArmed(t *testing.T) {
	here := &open{lookOnly{info: bus.Info{Name: "here", Loopback: true}}}
	inside := &open{lookOnly{info: bus.Info{Name: "inside", Embedded: true}}}
	far := &open{lookOnly{info: bus.Info{Name: "far"}}}
	tunnel := &open{lookOnly{info: bus.Info{Name: "near", Foreign: "shop.example"}}}
	var shop marks.Marks
	shop.AddContext("shop", "a.yaml:2")
	for name, c := range map[string]struct {
		options *options
		bus     bus.Bus
		target  target.Target
		why     string // "" is armed
	}{
		"loopback":               {bus: here},
		"embedded":               {bus: inside},
		"elsewhere":              {bus: far, why: "sending to far, which is not on this machine, takes --write"},
		"elsewhere with --write": {bus: far, options: &options{write: true}},
		"production":             {bus: here, target: target.Target{Context: "shop"}, options: &options{marks: shop}, why: "sending to shop, which is marked as production, takes --write: its context shop is marked in a.yaml:2"},
		"production, --write":    {bus: here, target: target.Target{Context: "shop"}, options: &options{write: true, marks: shop}},
		"the end of a tunnel":    {bus: tunnel, why: "sending to near takes --write: its certificate is that of shop.example, so that it is the end of a tunnel"},
		"read-only":              {bus: inside, options: &options{readOnly: true}, why: "this session is read-only"},
		"read-only by the file":  {bus: far, options: &options{write: true, names: target.Names{Config: config.Config{ReadOnly: true}}}, why: "this session is read-only"},
		"takes nothing, --write": {bus: &lookOnly{info: bus.Info{Name: "deaf", Loopback: true}}, options: &options{write: true}, why: "deaf takes no messages in"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.options == nil {
				c.options = new(options)
			}
			armed, why := c.options.armed(c.bus, c.target)
			if armed != (c.why == "") || why != c.why {
				t.Errorf("armed %t because %q, want %q", armed, why, c.why)
			}
		})
	}
}

package cli

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signalbox/bus"
)

func TestTakeURLs(t *testing.T) {
	for name, c := range map[string]struct {
		args    []string
		before  []string
		targets []target
	}{
		"nothing":                      {},
		"stations alone":               {args: []string{"orders", "eventspype:7"}, before: []string{"orders", "eventspype:7"}},
		"a bus":                        {args: []string{"nats://h:4222"}, targets: []target{{url: "nats://h:4222"}}},
		"stations follow their bus":    {args: []string{"NATS://a", "x", "y", "redis://b", "z"}, targets: []target{{url: "NATS://a", stations: []string{"x", "y"}}, {url: "redis://b", stations: []string{"z"}}}},
		"a value with a URL is no bus": {args: []string{"link=http://x"}, before: []string{"link=http://x"}},
	} {
		t.Run(name, func(t *testing.T) {
			before, targets, err := takeURLs(c.args)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.before, before); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.targets, targets, cmp.AllowUnexported(target{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUnknownSchemeKeepsSecrets(t *testing.T) {
	_, _, err := takeURLs([]string{"kafka://ann:s3cret@host"})
	if err == nil || !strings.Contains(err.Error(), "no bus speaks kafka://") || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("have %v", err)
	}
}

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
	here := open{lookOnly{info: bus.Info{Name: "here", Loopback: true}}}
	inside := open{lookOnly{info: bus.Info{Name: "inside", Embedded: true}}}
	far := open{lookOnly{info: bus.Info{Name: "far"}}}
	for name, c := range map[string]struct {
		options options
		bus     bus.Bus
		target  target
		why     string // "" is armed
	}{
		"loopback":               {bus: here},
		"embedded":               {bus: inside},
		"elsewhere":              {bus: far, why: "sending to far, which is not on this machine, takes --write"},
		"elsewhere with --write": {bus: far, options: options{write: true}},
		"production":             {bus: here, target: target{production: "shop"}, why: "sending to shop, which is marked as production, takes --write"},
		"production, --write":    {bus: here, target: target{production: "shop"}, options: options{write: true}},
		"read-only":              {bus: inside, options: options{readOnly: true}, why: "this session is read-only"},
		"read-only by the file":  {bus: far, options: options{write: true, config: config{ReadOnly: true}}, why: "this session is read-only"},
		"takes nothing, --write": {bus: lookOnly{info: bus.Info{Name: "deaf", Loopback: true}}, options: options{write: true}, why: "deaf takes no messages in"},
	} {
		t.Run(name, func(t *testing.T) {
			armed, why := c.options.armed(c.bus, c.target)
			if armed != (c.why == "") || why != c.why {
				t.Errorf("armed %t because %q, want %q", armed, why, c.why)
			}
		})
	}
}

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{"256MiB": 256 << 20, "1.5GB": 1_500_000_000, "1048576": 1 << 20, "64 mib": 64 << 20} {
		if have, err := parseSize(text); err != nil || have != want {
			t.Errorf("%q is %d, %v; want %d", text, have, err, want)
		}
	}
	for _, text := range []string{"", "lots", "-1MiB", "1023KiB", "NaN", "9999999999GiB"} {
		if have, err := parseSize(text); err == nil {
			t.Errorf("%q is %d, want an error", text, have)
		}
	}
}

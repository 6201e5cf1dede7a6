package marks

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"signalbox/bus"
)

// hosts is a Resolver: what each name leads to, and each address back.
type hosts map[string][]string

func (h hosts) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	var all []netip.Addr
	for _, text := range h[host] {
		all = append(all, netip.MustParseAddr(text))
	}
	if all == nil {
		return nil, errors.New("no such host")
	}
	return all, nil
}

func (h hosts) LookupAddr(_ context.Context, address string) ([]string, error) {
	return h[address], nil
}

// A mark on a name holds for the addresses that it has, and a mark on a pattern for an address whose name is like it.
func TestMarksHoldForAddresses(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	resolver := hosts{"shop.example": {"10.0.0.7", "fd00::7"}, "bus.example": {"10.0.0.8", "127.0.0.1"}, "tunnel.example": {"127.0.0.1"},
		"10.0.0.9": {"a.prod.example.com."}, "10.0.0.10": {"a.test.example.com."}}
	for name, c := range map[string]struct {
		at  string
		why string // "" is not marked
	}{
		"the address of a context's host":    {"10.0.0.7:4222", "its address 10.0.0.7:4222 is that of the context shop"},
		"its other address":                  {"[fd00::7]:4222", "is that of the context shop"},
		"its other port":                     {"10.0.0.7:4223", ""},
		"the address of a host":              {"10.0.0.8:1", "is that of bus.example, which is marked in signalbox.yaml:4"},
		"this machine, where no port is one": {"127.0.0.1:4222", ""},
		"a port of this machine":             {"127.0.0.1:6380", "is that of tunnel.example"},
		"an address with a name like it":     {"10.0.0.9:4222", "is that of a.prod.example.com"},
		"an address with another name":       {"10.0.0.10:4222", ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := read(t, `contexts:
  shop: { url: "tls://shop.example:4222", production: true }
production:
  addresses: [bus.example, "tunnel.example:6380", "*.prod.example.com", gone.example]
`)
			info := bus.Info{Addresses: []string{c.at}}
			for range 2 { // each bus of a session looks up
				if unknown := m.LookUp(t.Context(), resolver, info); !slices.Equal(unknown, []string{"gone.example"}) {
					t.Errorf("not found: %q", unknown)
				}
			}
			if mark := m.Of("", info); mark.IsZero() != (c.why == "") || !strings.Contains(mark.Why, c.why) {
				t.Errorf("%+v, want %q", mark, c.why)
			}
		})
	}
}

// Where no mark is on a name, or a bus has no address, nothing is looked up.
func TestNothingIsLookedUpInVain(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	m := read(t, "production:\n  addresses: [10.0.0.0/8, \"127.0.0.1:4222\", /run/x.sock, shop.example]\n")
	for _, info := range []bus.Info{{Embedded: true, Addresses: []string{"10.0.0.7:1"}}, {Addresses: []string{"/run/x.sock"}}} {
		if unknown := m.LookUp(t.Context(), nil, info); unknown != nil {
			t.Errorf("%+v: %q", info, unknown)
		}
	}
}

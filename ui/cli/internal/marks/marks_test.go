package marks

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/ui/cli/internal/config"
)

// read reads marks as a folder's configuration has them.
func read(t *testing.T, text string) *Marks {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, config.File), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := config.ReadProject(folder)
	if err != nil {
		t.Fatal(err)
	}
	m := new(Marks)
	m.Add(config.File, &p.Shared)
	return m
}

func TestMarks(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	m := read(t, `contexts:
  shop: { url: "tls://Shop.Example:4222", production: true }
  tunnel: { url: "redis://127.0.0.1:16379", production: true }
  near: { url: "nats://127.0.0.1:4222" }
production:
  contexts: [nats-prod, "*-live"]
  addresses: ["*.prod.example.com", bus.example, "[::1]:7000", 10.20.0.0/16, "fd00::/8", 192.168.1.9:6379, /run/shop.sock]
  servers: ["shop-eu-*", NABC]
`)
	at := func(addresses ...string) bus.Info { return bus.Info{Addresses: addresses} }
	is := func(what, value string) bus.Info {
		return bus.Info{Identity: []bus.Identity{{What: what, Value: value}}}
	}
	for name, c := range map[string]struct {
		context string
		info    bus.Info
		why     string // "" is not marked
	}{
		"a context":                     {context: "shop", why: "its context shop is marked in signalbox.yaml:2"},
		"the address of a context":      {info: at("shop.example:4222"), why: "is that of the context shop"},
		"in other letters":              {info: at("SHOP.example.:4222"), why: "is that of the context shop"},
		"another port of its":           {info: at("shop.example:4223")},
		"its tunnel":                    {info: at("127.0.0.1:16379"), why: "is that of the context tunnel"},
		"its tunnel, by name":           {info: at("localhost:16379"), why: "is that of the context tunnel"},
		"its tunnel, by IPv6":           {info: at("[::1]:16379"), why: "is that of the context tunnel"},
		"its tunnel, as IPv6 writes it": {info: at("[::ffff:127.0.0.1]:16379"), why: "is that of the context tunnel"},
		"another port of this machine":  {context: "near", info: at("127.0.0.1:4222")},
		"a context by its name alone":   {context: "nats-prod", why: "signalbox.yaml:6"},
		"contexts by a pattern":         {context: "EU-Live", why: "signalbox.yaml:6"},
		"hosts by a pattern":            {info: at("a.b.Prod.Example.com:9"), why: "signalbox.yaml:7"},
		"not the domain itself":         {info: at("prod.example.com.evil:9")},
		"a host with any port":          {info: at("bus.example:1"), why: "signalbox.yaml:7"},
		"a port of this machine":        {info: at("127.0.0.1:7000"), why: "signalbox.yaml:7"},
		"a network":                     {info: at("bus.other:4222", "10.20.7.1:4222"), why: "its address 10.20.7.1:4222"},
		"not the network beside it":     {info: at("10.21.0.1:4222")},
		"a network of IPv6":             {info: at("[fd00::7]:4222"), why: "signalbox.yaml:7"},
		"one address":                   {info: at("192.168.1.9:6379"), why: "signalbox.yaml:7"},
		"its other port":                {info: at("192.168.1.9:6380")},
		"a socket":                      {info: at("/run/shop.sock"), why: "signalbox.yaml:7"},
		"another socket":                {info: at("/run/other.sock")},
		"a server's name":               {info: is("server name", "Shop-EU-7"), why: "its server name Shop-EU-7 is marked in signalbox.yaml:8"},
		"a server's id":                 {info: is("server id", "NABC"), why: "its server id NABC"},
		"another server":                {info: is("server name", "shop-us-7")},
		"a name that says so":           {info: is("cluster", "shop-prod-1"), why: "the server says so by its cluster"},
		"a name that says not":          {info: is("cluster", "shop-nonprod"), why: ""},
		"before production":             {info: is("cluster", "pre-prod-2"), why: ""},
		"a product":                     {info: is("server name", "products"), why: ""},
		"an id by chance":               {info: is("server id", "N-PROD-7"), why: ""},
		"a marker":                      {info: bus.Info{Name: "h:6379", Identity: []bus.Identity{{What: "key x", Production: true}}}, why: "the server says so by its key x"},
		"inside the process":            {context: "shop", info: bus.Info{Embedded: true}},
	} {
		t.Run(name, func(t *testing.T) {
			mark := m.Of(c.context, c.info)
			if mark.IsZero() != (c.why == "") || !strings.Contains(mark.Why, c.why) || !mark.IsZero() && (mark.Name == "" || mark.From == "") {
				t.Errorf("%+v, want %q", mark, c.why)
			}
		})
	}
}

// What is no address is an error of the file, with its place.
func TestAddressesAreChecked(t *testing.T) {
	for text, ok := range map[string]bool{
		"shop.example": true, "*.prod.example.com:4222": true, "10.0.0.0/8": true, "::1": true, "[::1]:4222": true, "/run/x": true,
		"": false, "nats://shop.example": false, "ann@shop.example": false, "10.0.0.0/99": false, "shop/x": false, "a b": false,
	} {
		if _, have := config.ParseAddress(text); have != ok {
			t.Errorf("%q: %t", text, have)
		}
	}
}

package memphisbus

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
)

// How a URL of Memphis is one of NATS: its usual ports, and where a connection token goes.
func TestURLs(t *testing.T) {
	for _, c := range []struct{ url, below, token, name string }{
		{url: "memphis://ann:pw@host", below: "nats://ann:pw@host:6666"},
		{url: "memphis://ann:pw@host:6667?tls_ca=ca.pem", below: "nats://ann:pw@host:6667?tls_ca=ca.pem"},
		{url: "memphis://ann:pw@a,memphis://ann:pw@b:1", below: "nats://ann:pw@a:6666,nats://ann:pw@b:1"},
		{url: "memphis://host", below: "nats://host:6666"},
		{url: "memphis://ann@host?token=t0p", below: "nats://host:6666", token: "t0p", name: "signalbox::ann"},
		{url: "memphis://host:7766?token=t0p", below: "nats://host:7766", token: "t0p"},
		{url: "memphis://t0p@host", below: "nats://t0p@host:7766"},
	} {
		o := Options{URL: c.url}
		below, err := o.nats()
		if err != nil || below.URL != c.below {
			t.Errorf("%s is %s, %v; want %s", c.url, below.URL, err, c.below)
		}
		var set nats.Options
		for _, option := range below.Client {
			if err := option(&set); err != nil {
				t.Fatal(err)
			}
		}
		if set.Token != c.token || set.Name != c.name {
			t.Errorf("%s has the token %q and the name %q, want %q and %q", c.url, set.Token, set.Name, c.token, c.name)
		}
	}
	for _, bad := range []string{"memphis://", "memphis://ann:s3cret@host:port", "nats://ann:s3cret@host", "memphis://ann:s3cret@ho st"} {
		o := Options{URL: bad}
		if _, err := o.nats(); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestReach(t *testing.T) {
	for url, want := range map[string]struct {
		addresses     []string
		local, secret bool
	}{
		"memphis://127.0.0.1":            {[]string{"127.0.0.1:6666"}, true, false},
		"memphis://127.0.0.1?token=t":    {[]string{"127.0.0.1:6666"}, true, true},
		"memphis://ann:pw@example.com:1": {[]string{"example.com:1"}, false, true},
	} {
		got, err := reach(url)
		if err != nil || !cmp.Equal(got.Addresses, want.addresses) || got.Local != want.local || got.Secret != want.secret {
			t.Errorf("%s reaches %+v, %v", url, got, err)
		}
	}
}

// What servers say of themselves, and which streams of their own they have, by version.
func TestVersions(t *testing.T) {
	old := []string{"$memphis_dls_unacked", "$memphis_syslogs"}
	for _, c := range []struct {
		said string
		own  []string
		want string
	}{
		{"2.10.7", append(old, "$memphis_dls_nacked"), "1.4.4"},
		{"2.10.7", old, "1.4.3"},
		{"1.4.2", old, "1.4.2"},
		{"0.4.5-beta", nil, "0.4.5-beta"},
		{"2.10.7", nil, ""},
	} {
		if got := versionOf(c.said, c.own); got != c.want {
			t.Errorf("a server that says %s and has %q is %q, want %q", c.said, c.own, got, c.want)
		}
	}
}

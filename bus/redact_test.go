package bus_test

import (
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"signalbox/bus"
)

func TestRedact(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"nats://127.0.0.1:4222", "nats://127.0.0.1:4222"},
		{"nats://ann:s3cret@host:4222", "nats://host:4222"},
		{"nats://t0ken@host", "nats://host"},
		{"redis://:s3cret@host:6379/2", "redis://host:6379/2"},
		{"rediss://ann:p@ss@host:6379", "rediss://host:6379"},
		{"ann:s3cret@host:6379", "host:6379"},
		{"nats://a:1@h1,nats://b:2@h2:4222", "nats://h1,nats://h2:4222"},
		{"nats://ann:se,cret@host", "nats://host"},
		{"nats://h1,h2", "nats://h1,h2"},
		{"redis://host/0?password=s3cret&db=2", "redis://host/0?password=…&db=2"},
		{"nats://ann:s3 cret%zz@host", "nats://host"},
		{"", ""},
		{"session.sbx", "session.sbx"},
	} {
		if got := bus.Redact(c.in); got != c.want {
			t.Errorf("Redact(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// Whatever a password is made of, as long as the URL is one, nothing of it is shown.
func TestRedactShowsNoPassword(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		password := rapid.StringMatching(`[ -~]{4,20}`).Draw(t, "password")
		u := url.URL{Scheme: "nats", User: url.UserPassword("ann", "<"+password+">"), Host: "host:4222"}
		got := bus.Redact(u.String() + "," + u.String())
		if got != "nats://host:4222,nats://host:4222" {
			t.Fatalf("Redact(%q) = %q", u.String(), got)
		}
		if strings.Contains(got, password) {
			t.Fatalf("%q shows the password", got)
		}
	})
}

package subjects_test

import (
	"testing"

	"signalbox/bus/natsbus/internal/subjects"
)

func TestTakesInboxes(t *testing.T) {
	for subject, want := range map[string]bool{
		">": true, "*.>": true, "*.*": true, "*.*.*": true, "_INBOX.>": true, "_INBOX.*": true, "_INBOX.*.*": true,
		"*": false, "orders.>": false, "orders": false, "*.created": false, "orders.*": false, "_INBOX.abc.1": false,
	} {
		if got := subjects.TakesInboxes(subject); got != want {
			t.Errorf("TakesInboxes(%q) = %t, want %t", subject, got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	for subject, want := range map[string]bool{
		"orders": true, "orders.>": true, "*.created": true, ">": true, "$SYS.REQ": true,
		"": false, ".": false, "a..b": false, "a.": false, ".a": false, "a b": false, "a.>.b": false, "a\tb": false, "a\nb": false,
	} {
		if err := subjects.Check(subject); (err == nil) != want {
			t.Errorf("Check(%q) = %v", subject, err)
		}
	}
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		filter, subject string
		want            bool
	}{
		{"orders", "orders", true}, {"orders", "order", false}, {"orders", "orders.17", false}, {"orders.17", "orders", false},
		{"orders.*", "orders.17", true}, {"orders.*", "orders", false}, {"orders.*", "orders.17.paid", false},
		{"orders.>", "orders.17.paid", true}, {"orders.>", "votes.17", false}, {"*.17", "orders.17", true}, {">", "orders.17", true},
	} {
		if got := subjects.Matches(c.filter, c.subject); got != c.want {
			t.Errorf("Matches(%q, %q) = %t", c.filter, c.subject, got)
		}
	}
}

func TestCover(t *testing.T) {
	for _, c := range []struct {
		subject string
		want    bool
	}{
		{"orders.eu", true}, {"orders.*", true}, {"votes.17", true}, {"votes.>", true}, {"orders.>", false}, {"other", false}, {">", false},
	} {
		if got := subjects.Cover([]string{"orders.*", "votes.>"}, c.subject); got != c.want {
			t.Errorf("Cover(%q) = %t", c.subject, got)
		}
	}
}

func TestOfSession(t *testing.T) {
	own := subjects.SessionInboxes("_INBOX", "zSzfv6LU35CDeFeZorf7up")
	for subject, want := range map[string]bool{
		own + ".1": true, "_IN.ann.signalbox-zSzfv6LU35CDeFeZorf7up.1": true,
		own: false, "_INBOX.signalbox-a.1": false, "shop.signalbox-orders": false, "signalbox-zSzfv6LU35CDeFeZorf7up.1": false,
	} {
		if got := subjects.OfSession(subject); got != want {
			t.Errorf("OfSession(%q) = %t", subject, got)
		}
	}
}

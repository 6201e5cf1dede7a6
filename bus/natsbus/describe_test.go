package natsbus

import "testing"

func TestTakesInboxes(t *testing.T) {
	for subject, want := range map[string]bool{
		">": true, "*.>": true, "*.*": true, "*.*.*": true, "_INBOX.>": true, "_INBOX.*": true, "_INBOX.*.*": true,
		"*": false, "orders.>": false, "orders": false, "*.created": false, "orders.*": false, "_INBOX.abc.1": false,
	} {
		if got := takesInboxes(subject); got != want {
			t.Errorf("takesInboxes(%q) = %t, want %t", subject, got, want)
		}
	}
}

func TestCheckSubject(t *testing.T) {
	for subject, want := range map[string]bool{
		"orders": true, "orders.>": true, "*.created": true, ">": true, "$SYS.REQ": true,
		"": false, ".": false, "a..b": false, "a.": false, ".a": false, "a b": false, "a.>.b": false, "a\tb": false, "a\nb": false,
	} {
		if err := checkSubject(subject); (err == nil) != want {
			t.Errorf("checkSubject(%q) = %v", subject, err)
		}
	}
}

package cli

import (
	"testing"

	"signalbox/sources"
)

// What of the account nobody saw is said in one line.
func TestNotShown(t *testing.T) {
	for want, ledger := range map[string]sources.Ledger{
		"":                                       {Received: 9, Held: 9},
		"1,234 came and not taken in yet":        {Unread: 1234},
		"2 dropped, 3 missed":                    {Dropped: 2, Missed: 3},
		"1 came and not taken in yet, 5 dropped": {Unread: 1, Dropped: 5},
	} {
		if have := notShown(&ledger); have != want {
			t.Errorf("%+v: %q, want %q", ledger, have, want)
		}
	}
}

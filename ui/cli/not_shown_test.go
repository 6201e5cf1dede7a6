package cli

import (
	"testing"

	"signalbox/bus"
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

// The deck says at its end, where the screen was, what was never shown on it.
func TestDeckSaysWhatWasNotShown(t *testing.T) {
	t.Parallel()
	url, b := serverWithBus(t)
	if err := b.Make(t.Context(), bus.NewStation{Name: "orders"}); err != nil {
		t.Fatal(err)
	}
	send := func(kind string) {
		if _, err := bus.Publish(t.Context(), b, bus.Outgoing{Station: "orders", Kind: bus.Stream, Data: []byte(`{"type":"` + kind + `"}`)}); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		send("GONE")
	}
	if _, _, err := b.Request(t.Context(), bus.Outgoing{Station: "$JS.API.STREAM.PURGE.orders"}); err != nil {
		t.Fatal(err)
	}
	send("THERE")
	c := startConsole(t, 120, 36, url, "orders", "--from", "seq:1")
	c.sees("THERE", "5 missed")
	c.press("q")
	c.ends(exitDone)
	c.sees("messages that were not shown: 5 missed")
}

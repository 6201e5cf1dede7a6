package cli

import (
	"testing"

	"signalbox/sources"
)

// What was lost right before the deck is quit is told where the screen was.
func TestLossesAreToldWhenTheDeckIsQuit(t *testing.T) {
	t.Parallel()
	r := ownRedis(t)
	r.does(t, `XADD orders 1-1 type Placed id first`)
	c := startNamed(t, "patient", []string{"TERM=xterm-256color", "LC_ALL=C.UTF-8"}, t.TempDir(), 120, 36, "unix://"+r.socket, "orders")
	c.sees("Placed")
	c.until("a stream that is not asked about any more for a while", func(string) bool { return r.calls(t, "xinfo|stream") > 2 })
	r.does(t, `EVAL "redis.call('XADD', 'orders', '2-1', 'type', 'Paid') return redis.call('XDEL', 'orders', '2-1')" 0`)
	c.press("q")
	c.ends(exitDone)
	c.sees("messages that were not shown: 1 missed")
}

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

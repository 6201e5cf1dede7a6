package cli

import (
	"strconv"
	"testing"

	"signalbox/bus"
)

// A subject with a wildcard is unfolded into what comes on it, and the events narrowed to one of its branches.
func TestDeckUnfoldsSubjects(t *testing.T) {
	t.Parallel()
	url, b := serverWithBus(t)
	c := startConsole(t, 80, 24, url, "shop.>")
	c.sees("▸shop.>")
	for i := range 6 {
		subject := []string{"shop.orders.paid", "shop.orders.new", "shop.mail"}[i%3]
		out := bus.Outgoing{Station: subject, Data: []byte(`{"type":"T` + strconv.Itoa(i) + `"}`)}
		if _, err := b.Publish(t.Context(), out); err != nil {
			t.Fatal(err)
		}
	}
	c.sees("T5")
	c.press("1\x1b[C")
	c.sees("▸shop.  ", "all")
	c.press("j\x1b[C")
	c.sees("▸orders.", "mail", "67%", "33%")
	c.press("j\r")
	c.sees("/subject:shop.orders.*", "4 of 6", "T4")
	c.misses("T5")
	c.press("q")
	c.ends(exitDone)
}

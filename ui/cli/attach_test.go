package cli

import (
	"strings"
	"testing"

	"signalbox/bus"
)

// Buses come and go while the deck is shown: production is marked as such at once, and what was held of a bus that is left stays.
func TestDeckAttachesAndDetaches(t *testing.T) {
	t.Parallel()
	folder, _ := production(t)
	url, b := serverWithBus(t)
	if err := b.Make(t.Context(), bus.NewStation{Name: "orders"}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Publish(t.Context(), bus.Outgoing{Station: "orders", Data: []byte(`{"type":"Placed","order_id":"o-1"}`)}); err != nil {
		t.Fatal(err)
	}
	c := startConsoleIn(t, folder, 150, 36, url, "orders", "--from", "all", "--trust")
	c.sees("armed", "Placed")
	typed := func(line string) {
		c.press(":")
		c.sees("commands")
		c.press(line)
		c.sees(line)
		c.press("\r")
	}
	typed("attach nowhere")
	c.sees("nothing on", "is called nowhere so far")
	typed("detach nowhere")
	c.sees("detached from nowhere")
	typed("attach shop")
	c.sees("production · shop", "deliveries", "attached to")
	typed("attach shop")
	c.sees("is attached already: name the stations that are wanted besides")
	typed("detach " + strings.TrimPrefix(url, "nats://"))
	c.sees("detached from", "production · shop", "not armed", "Placed", "deliveries")
	typed("attach " + url + " orders")
	c.sees("attached to " + strings.TrimPrefix(url, "nats://"))
	if _, err := b.Publish(t.Context(), bus.Outgoing{Station: "orders", Data: []byte(`{"type":"Paid","order_id":"o-1"}`)}); err != nil {
		t.Fatal(err)
	}
	c.sees("Paid", "lost 0")
	c.press("q")
	c.ends(exitDone)
}

package cli

import (
	"testing"
)

// What one signalbox puts back at its end another that still needs it sets again, and puts back at its own.
func TestASecondDeckTakesOver(t *testing.T) {
	t.Parallel()
	if !haveRedis() {
		t.Skip("redis-server is not installed")
	}
	r, err := newRedis("--notify-keyspace-events", "lx")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.stop)
	start := func() *console {
		c := startConsole(t, 160, 40, "unix://"+r.socket, "keys:*.Event:*", "--allow-config")
		c.sees("keys:*.Event:*", "Events")
		return c
	}
	first := start()
	first.until("that the setting is changed", r.isSet)
	second := start()
	first.press("q")
	first.ends(exitDone)
	second.until("that the setting is changed again", r.isSet)
	r.does(t, "HSET shop.Event:1 type OrderPlaced order_id 7")
	second.sees("OrderPlaced")
	second.press("q")
	second.ends(exitDone)
	if have, err := readSetting(r.socket); err != nil || have != "lx" {
		t.Errorf("the setting is %q, %v; want lx", have, err)
	}
}

package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"signalbox/bus"
	"signalbox/ui/cli/internal/config"
)

// production is a server with one stream, and a folder whose signalbox.yaml marks it as production, under the name shop.
func production(t *testing.T) (folder string, count func() uint64) {
	t.Helper()
	url, b := serverWithBus(t)
	if err := b.Make(t.Context(), bus.NewStation{Name: "deliveries", Subjects: []string{"deliveries.>"}}); err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	text := fmt.Sprintf("contexts: { shop: { url: %q, production: true } }\n", url)
	if err := os.WriteFile(filepath.Join(folder, config.File), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder, func() uint64 {
		stations, err := b.Stations(context.Background(), "deliveries")
		if err != nil || len(stations) != 1 {
			t.Fatalf("%d stations: %v", len(stations), err)
		}
		return stations[0].Messages
	}
}

// On a terminal, sending to production is asked for each time.
func TestProductionAsks(t *testing.T) {
	t.Parallel()
	folder, count := production(t)
	send := []string{"send", "--context", "shop", "--write", "deliveries.1", "{}"}
	c := startConsoleIn(t, folder, 100, 24, send...)
	c.sees("shop is marked as production: its context shop is marked in signalbox.yaml:1.", "Really send to deliveries.1? [y/N]")
	c.press("\r")
	c.sees("nothing was sent")
	c.ends(exitFailed)
	if n := count(); n != 0 {
		t.Fatalf("%d messages were sent on a no", n)
	}
	c = startConsoleIn(t, folder, 100, 24, send...)
	c.sees("[y/N]")
	c.press("y\r")
	c.sees("stored in deliveries as 1")
	c.ends(exitDone)

	c = startConsoleIn(t, folder, 100, 24, send...)
	c.sees("[y/N]")
	c.press("\x03") // ctrl+c
	c.ends(exitFailed)
	if n := count(); n != 1 {
		t.Errorf("%d messages were sent, want 1", n)
	}
}

// The deck shows production as such, and asks there, too.
func TestDeckOnProduction(t *testing.T) {
	t.Parallel()
	folder, count := production(t)
	c := startConsoleIn(t, folder, 120, 36, "--context", "shop", "--write")
	c.sees("production · shop", "armed")
	c.press("i")
	c.sees("orders.place")
	c.press("deliveries.create")
	c.misses("orders.place")
	c.press("\r")
	c.sees("what it would do")
	c.press("\x13") // ctrl+s
	c.sees("are you sure?", "production (shop: its context")
	c.press("n")
	c.misses("are you sure?")
	if n := count(); n != 0 {
		t.Fatalf("%d messages were sent on a no", n)
	}
	c.press("\x13")
	c.sees("are you sure?")
	c.press("y")
	c.sees("sent: stored in deliveries as 1")
	c.press("\x1b")
	c.misses("what it would do")
	c.press("q")
	c.ends(exitDone)
}

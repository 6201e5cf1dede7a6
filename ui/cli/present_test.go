package cli

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// notesAt is the address at which notes are read, as it is shown.
func (c *console) notesAt() string {
	_, rest, _ := strings.Cut(c.text(), "curl -N ")
	return strings.Fields(rest)[0]
}

// notesOf reads notes until they hold all texts.
func notesOf(t *testing.T, address string, texts ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var read strings.Builder
	page := make([]byte, 4096)
	for {
		n, err := answer.Body.Read(page)
		read.Write(page[:n])
		_, last, _ := cutLast(read.String(), "\x1b[H") // the newest page
		if !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(last, text) }) {
			return
		}
		if err != nil {
			t.Fatalf("the notes ended with %v:\n%s", err, read.String())
		}
	}
}

func cutLast(text, by string) (before, after string, found bool) {
	if i := strings.LastIndex(text, by); i >= 0 {
		return text[:i], text[i+len(by):], true
	}
	return text, "", false
}

// A script is presented by keys, with notes at another terminal; back at the start everything is new; esc leads to the deck.
func TestDeckPresents(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "talk.yaml"), []byte(talk), 0o600); err != nil {
		t.Fatal(err)
	}
	c := startConsoleIn(t, folder, 120, 36, "present", "talk.yaml", "--notes", "0", "--speed", "100")
	c.sees("Two deliveries of which one is refused.", "space begins", "curl -N 127.0.0.1:")
	address := c.notesAt()
	notesOf(t, address, "Say hello.", "a key begins", "Somebody orders a delivery.")
	for range 2 { // on a new broker each time
		c.press(" ")
		c.sees("Somebody orders a delivery.", "CREATE_DELIVERY  ────→  deliveries 1", "version 1", "ready", "space goes on")
		notesOf(t, address, "line 1 of 2", "waits for a key", "It is started twice.")
		c.press(" ")
		c.sees("START_DELIVERY  ────→  deliveries 3", "✗ Delivery already started", "Any questions?")
		c.press("\x1b[C")
		c.sees("passed, 8 steps", "2 of 2")
		c.press("\x1b[D")
		c.sees("an earlier line", "1 of 2")
		c.press("r")
		c.sees("Two deliveries of which one is refused.", "space begins")
	}
	c.press(" ")
	c.sees("space goes on")
	c.press("r") // in the midst
	c.sees("space begins")
	c.press("\x1b")
	c.sees("1 Stations", "s presentation")
	c.press("s")
	c.sees("space begins")
	c.press("q")
	c.ends(exitDone)
}

// The README's flags of present, on a server: what is made there is taken back.
func TestReadmePresentRuns(t *testing.T) {
	t.Parallel()
	_, line, _ := strings.Cut(shellSection(t), "signalbox present ")
	line, _, _ = strings.Cut(line, "\n")
	url, b := serverWithBus(t)
	args := []string{"present", "orders/happy-path", url, "--make", "--stand-in", "order-service", "--stand-in", "sales", "--set", "items=tea",
		"--speed", "100", "--notes", "127.0.0.1:0", "--yes"}
	for _, flag := range flagNames.FindAllString(line, -1) {
		if !slices.Contains(args, flag) {
			t.Errorf("the flag %s of the README is not used", flag)
		}
	}
	c := startConsole(t, 120, 36, args...)
	c.sees("space begins")
	for range 2 {
		c.press(" ")
		c.sees("A customer orders tea.", "place-order 1", "order-service", "space goes on")
		c.press(" ")
		c.sees("2 of 3", "space goes on")
		c.press(" ")
		c.sees("✓ passed, 9 steps")
		if stations, err := b.Stations(t.Context()); err != nil || len(stations) > 0 {
			t.Errorf("what was made stays: %v, %v", stations, err)
		}
		c.press("r")
		c.sees("space begins")
	}
	c.press("q")
	c.ends(exitDone)
}

const talk = `
talk:
  about: Two deliveries of which one is refused.
  steps:
    - note: Say hello.
    - say: Somebody orders a delivery.
    - deliveries.create: {}
      as: d
    - say: It is started twice.
    - deliveries.start: { id: d.id }
    - deliveries.start: { id: d.id }
    - expect: { rejected: Delivery already started, entity: d }
    - pause: Any questions?
`

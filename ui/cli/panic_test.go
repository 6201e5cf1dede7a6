package cli

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"signalbox/bus/goroutine"
)

// Variables by which a test has a goroutine of the program panic: the name it begins with, and a file; it waits for that.
const (
	panicVariable = "SIGNALBOX_TEST_PANIC"
	afterVariable = "SIGNALBOX_TEST_PANIC_AFTER"
)

// injectPanic has the goroutine that the environment names panic when it starts.
func injectPanic() {
	name := os.Getenv(panicVariable)
	if name == "" {
		return
	}
	goroutine.OnStart(func(started string) {
		if !strings.HasPrefix(started, name) {
			return
		}
		for {
			if _, err := os.Stat(os.Getenv(afterVariable)); err == nil {
				panic("injected")
			}
			time.Sleep(time.Millisecond)
		}
	})
}

// A panic of any kind of goroutine leaves the terminal and the broker's setting as they were, is told, and ends the program with a
// code of its own.
func TestPanicsPutBack(t *testing.T) {
	t.Parallel()
	if !haveRedis() {
		t.Skip("redis-server is not installed")
	}
	for _, name := range []string{
		"the reader of keys:*.Event:*", "the reader of channels", "the reader of a feed", "the reader of notices", "the watch on the link",
		"what connects to Redis", "the engine", "what lists stations", "what hands snapshots to the deck", "what hears the terminal",
		"what hears signals", "the deck's update", "the deck's view", "a command of the deck",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := newRedis("--notify-keyspace-events", "lx")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(r.stop)
			folder := t.TempDir()
			after := filepath.Join(folder, "now")
			c := startConsoleWith(t, []string{"TERM=xterm-256color", "LC_ALL=C.UTF-8", panicVariable + "=" + name, afterVariable + "=" + after},
				folder, 200, 60, "unix://"+r.socket, "keys:*.Event:*", "--allow-config")
			switch name { // those that what is waited for depends on panic at once
			case "the reader of keys:*.Event:*", "the reader of channels", "what connects to Redis", "the engine", "the deck's view":
			default:
				c.until("the deck", func(string) bool { return c.altScreen() })
				for end := time.Now().Add(deadline); ; <-time.After(5 * time.Millisecond) {
					if have, err := readSetting(r.socket); err == nil && have == sorted("lxK$h") {
						break
					}
					if time.Now().After(end) {
						t.Fatal("the setting was never changed")
					}
				}
			}
			if err := os.WriteFile(after, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if name == "what hears signals" {
				if err := c.process.Process.Signal(syscall.SIGTERM); err != nil {
					t.Fatal(err)
				}
			}
			c.ends(exitFault)
			c.sees("a fault of its own ended it: panic in "+name, "injected", "goroutine ")
			if have, err := readSetting(r.socket); err != nil || have != "lx" {
				t.Errorf("the setting is %q, %v; want lx", have, err)
			}
		})
	}
}

// SIGQUIT puts back before it tells where all goroutines are.
func TestQuitPutsBack(t *testing.T) {
	t.Parallel()
	c := startConsole(t, 120, 36)
	c.sees("signalbox", "deliveries")
	if err := c.process.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	c.ends(128 + int(syscall.SIGQUIT))
	c.sees("goroutine ")
}

// Keys work on a terminal that takes nothing: it ends in good order.
func TestKeysLeaveAHungTerminal(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"q", "\x03"} {
		c := startConsole(t, 200, 60)
		c.sees("signalbox", "deliveries")
		c.hang()
		c.press(key)
		c.ended()
		c.restored()
		if code := c.process.ProcessState.ExitCode(); code != exitDone {
			t.Errorf("exit code %d", code)
		}
	}
}

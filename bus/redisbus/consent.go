package redisbus

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// setting names what a server must be set to for telling of keys that are written.
const setting = "notify-keyspace-events"

// withdrawTimeout bounds how long Close tries to put a setting back.
const withdrawTimeout = 3 * time.Second

// consent is about changing the servers' settings: whether it was given, what was changed, and putting it back.
type consent struct {
	bus  *Bus
	turn sync.Mutex // held while settings are changed; guards over, too

	over bool // the bus closes: nothing is changed any more

	mu      sync.Mutex // guards what follows
	given   bool
	changes map[string]change // by the server's address
}

// change is a setting as it was and as the server says it is since.
type change struct{ was, is string }

// flags are one server's setting, or why it cannot be told.
type flags struct {
	addr, value string
	err         error
}

func newConsent(b *Bus) *consent {
	return &consent{bus: b, given: b.options.AllowConfig, changes: make(map[string]change)}
}

// lack is what must be added so that written hashes and strings are told: K for keyspace events, $ for strings, h for
// hashes; A stands for all sorts.
func (f flags) lack() string {
	lack := ""
	for _, letter := range []string{"K", "$", "h"} {
		if !strings.Contains(f.value, letter) && (letter == "K" || !strings.Contains(f.value, "A")) {
			lack += letter
		}
	}
	return lack
}

// command is exactly what would be, or was, set.
func (f flags) command() string {
	return fmt.Sprintf("CONFIG SET %s %q", setting, f.value+f.lack())
}

// lacking finds the first server that does not tell of keys that are written, or cannot be asked; nil when all do.
func (c *consent) lacking(ctx context.Context) *flags {
	all, err := c.ask(ctx)
	if err != nil {
		return &flags{err: err}
	}
	for _, f := range all {
		if f.err != nil || f.lack() != "" {
			return &f
		}
	}
	return nil
}

// ask asks every master.
func (c *consent) ask(ctx context.Context) ([]flags, error) {
	var all []flags
	err := c.bus.each(ctx, func(addr string, node *redis.Client) error {
		values, err := node.ConfigGet(ctx, setting).Result()
		if fault.Broken(err) {
			return err
		}
		all = append(all, flags{addr, values[setting], err})
		return nil
	})
	return all, err
}

func (c *consent) granted() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.given
}

// owed says what will be put back, or "".
func (c *consent) owed() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []string
	for _, addr := range slices.Sorted(maps.Keys(c.changes)) {
		all = append(all, fmt.Sprintf("%s is %q on %s, put back to %q at the end of the session", setting, c.changes[addr].is, addr, c.changes[addr].was))
	}
	return strings.Join(all, "; ")
}

func (c *consent) grant() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.given = true
}

// apply adds what is lacking on every master. It returns what was done, in words.
func (c *consent) apply(ctx context.Context) (string, error) {
	c.turn.Lock()
	defer c.turn.Unlock()
	if c.over {
		return "", fault.ErrClosed
	}
	all, err := c.ask(ctx)
	if err != nil {
		return "", err
	}
	var done []string
	for _, f := range all {
		if f.err != nil {
			return "", fmt.Errorf("CONFIG GET %s on %s: %w", setting, f.addr, fault.Explain(f.err))
		}
		if f.lack() == "" {
			continue
		}
		if err := c.change(ctx, f); err != nil {
			return "", err
		}
		done = append(done, fmt.Sprintf("%s on %s (was %q)", f.command(), f.addr, f.value))
	}
	return strings.Join(done, ", "), nil
}

// change sets one server's, and reads it again: the server writes it in its own way.
func (c *consent) change(ctx context.Context, f flags) error {
	conn, err := c.bus.dialAt(ctx, f.addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, conn.Close)()
	c.note(f.addr, change{f.value, f.value + f.lack()}) // from here on it may be set, whatever comes back
	if err := conn.Do("CONFIG", "SET", setting, f.value+f.lack()); err != nil {
		if fault.Answer(err) != "" {
			c.forget(f.addr)
		}
		return fmt.Errorf("%s on %s: %w", f.command(), f.addr, fault.Explain(err))
	}
	if is, err := readSetting(conn); err == nil {
		c.note(f.addr, change{f.value, is})
	}
	return nil
}

// note remembers a change. What was there before the first one counts.
func (c *consent) note(addr string, to change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old, again := c.changes[addr]; again {
		to.was = old.was
	}
	c.changes[addr] = to
}

func (c *consent) forget(addr string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.changes, addr)
}

// withdraw puts back what was there, unless somebody has set something else meanwhile.
func (c *consent) withdraw() error {
	c.turn.Lock()
	defer c.turn.Unlock()
	c.over = true
	ctx, cancel := context.WithTimeout(context.Background(), withdrawTimeout)
	defer cancel()
	c.mu.Lock()
	changes := c.changes
	c.changes = make(map[string]change)
	c.mu.Unlock()
	var errs []error
	for addr, what := range changes {
		if err := c.restore(ctx, addr, what); err != nil {
			errs = append(errs, fmt.Errorf("put back %s %q on %s (it was set to %q): %w; do it by hand: CONFIG SET %s %q",
				setting, what.was, addr, what.is, err, setting, what.was))
		}
	}
	return errors.Join(errs...)
}

func (c *consent) restore(ctx context.Context, addr string, what change) error {
	conn, err := c.bus.dialAt(ctx, addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, conn.Close)()
	now, err := readSetting(conn)
	if err != nil || !sameFlags(now, what.is) {
		return err
	}
	return conn.Do("CONFIG", "SET", setting, what.was)
}

// readSetting reads the server's setting.
func readSetting(c *resp.Conn) (string, error) {
	if err := c.Send("CONFIG", "GET", setting); err != nil {
		return "", err
	}
	if err := c.In.Pair(); err != nil {
		return "", err
	}
	if _, err := c.In.Text(); err != nil {
		return "", err
	}
	return c.In.Text()
}

// sameFlags compares settings, whose letters have no order.
func sameFlags(a, b string) bool {
	return strings.Trim(a, b) == "" && strings.Trim(b, a) == ""
}

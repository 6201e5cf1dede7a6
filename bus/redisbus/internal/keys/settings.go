package keys

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"signalbox/bus/goroutine"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
	"signalbox/bus/redisbus/internal/servers"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// SettingName is the setting by which a server notifies of keys that are written.
const SettingName = "notify-keyspace-events"

// restoreTimeout bounds how long Restore tries.
const restoreTimeout = 3 * time.Second

// Settings are the servers' notify-keyspace-events. They are changed only when that is allowed, and put back.
type Settings struct {
	servers *servers.Servers

	changing sync.Mutex // held while settings are changed; guards closed, too
	closed   bool       // nothing is changed any more

	mu      sync.Mutex // guards what follows
	allowed bool
	changes map[string]change // by the server's address
}

// change is a setting as it was and as the server has written it since.
type change struct{ was, is string }

// Setting is one server's setting.
type Setting struct {
	Addr, Value string
	Err         error // why it is not known; nil when it is
}

// NewSettings makes settings that may be changed when that is allowed.
func NewSettings(all *servers.Servers, allowed bool) *Settings {
	return &Settings{servers: all, allowed: allowed, changes: make(map[string]change)}
}

// Missing is what must be added so that the server notifies of written hashes and strings: K for notifications by key, $ for
// strings, h for hashes; A stands for all types.
func (s Setting) Missing() string {
	missing := ""
	for _, letter := range []string{"K", "$", "h"} {
		if !strings.Contains(s.Value, letter) && (letter == "K" || !strings.Contains(s.Value, "A")) {
			missing += letter
		}
	}
	return missing
}

// Command is exactly what would be, or was, sent to add what is missing.
func (s Setting) Command() string {
	return fmt.Sprintf("CONFIG SET %s %q", SettingName, s.Value+s.Missing())
}

// Insufficient finds the first server that does not notify of keys that are written, or cannot be asked; nil when all
// notify.
func (s *Settings) Insufficient(ctx context.Context) *Setting {
	all, err := s.Ask(ctx)
	if err != nil {
		return &Setting{Err: err}
	}
	for _, one := range all {
		if one.Err != nil || one.Missing() != "" {
			return &one
		}
	}
	return nil
}

// Ask asks every master.
func (s *Settings) Ask(ctx context.Context) ([]Setting, error) {
	var all []Setting
	err := s.servers.Each(ctx, func(addr string, node *redis.Client) error {
		values, err := node.ConfigGet(ctx, SettingName).Result()
		if fault.Broken(err) {
			return err
		}
		all = append(all, Setting{addr, values[SettingName], err})
		return nil
	})
	return all, err
}

// Allowed tells whether settings may be changed.
func (s *Settings) Allowed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.allowed
}

// Changes says what Restore will put back; "" for nothing.
func (s *Settings) Changes() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, addr := range slices.Sorted(maps.Keys(s.changes)) {
		all = append(all, fmt.Sprintf("%s is %q on %s, put back to %q at the end of the session", SettingName, s.changes[addr].is, addr, s.changes[addr].was))
	}
	return strings.Join(all, "; ")
}

// Allow allows changes from now on.
func (s *Settings) Allow() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.allowed = true
}

// Add adds what is missing on every master. It returns what was done, in words.
func (s *Settings) Add(ctx context.Context) (string, error) {
	s.changing.Lock()
	defer s.changing.Unlock()
	if s.closed {
		return "", fault.ErrClosed
	}
	all, err := s.Ask(ctx)
	if err != nil {
		return "", err
	}
	var done []string
	for _, one := range all {
		if one.Err != nil {
			return "", fmt.Errorf("CONFIG GET %s on %s: %w", SettingName, one.Addr, fault.Explain(one.Err))
		}
		if one.Missing() == "" {
			continue
		}
		if err := s.change(ctx, one); err != nil {
			return "", err
		}
		done = append(done, fmt.Sprintf("%s on %s (was %q)", one.Command(), one.Addr, one.Value))
	}
	return strings.Join(done, ", "), nil
}

// change changes one server's setting and reads it again: the server writes it in its own way.
func (s *Settings) change(ctx context.Context, one Setting) error {
	conn, err := s.servers.DialAt(ctx, one.Addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer goroutine.AfterFunc(ctx, "what closes a connection", conn.Close)()
	s.note(one.Addr, change{one.Value, one.Value + one.Missing()}) // from here on it may be set, whatever comes back
	if err := conn.Do("CONFIG", "SET", SettingName, one.Value+one.Missing()); err != nil {
		if fault.Answer(err) != "" {
			s.forget(one.Addr)
		}
		return fmt.Errorf("%s on %s: %w", one.Command(), one.Addr, fault.Explain(err))
	}
	if is, err := readSetting(conn); err == nil {
		s.note(one.Addr, change{one.Value, is})
	}
	return nil
}

// note remembers a change. What was there before the first one counts.
func (s *Settings) note(addr string, to change) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old, again := s.changes[addr]; again {
		to.was = old.was
	}
	s.changes[addr] = to
}

func (s *Settings) forget(addr string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.changes, addr)
}

// Restore puts back what was there, unless somebody has set something else meanwhile. Nothing is changed after it.
func (s *Settings) Restore() error {
	s.changing.Lock()
	defer s.changing.Unlock()
	s.closed = true
	ctx, cancel := context.WithTimeout(context.Background(), restoreTimeout)
	defer cancel()
	s.mu.Lock()
	changes := s.changes
	s.changes = make(map[string]change)
	s.mu.Unlock()
	var errs []error
	for addr, what := range changes {
		if err := s.restore(ctx, addr, what); err != nil {
			errs = append(errs, fmt.Errorf("put back %s %q on %s (it was set to %q): %w; do it by hand: CONFIG SET %s %q",
				SettingName, what.was, addr, what.is, err, SettingName, what.was))
		}
	}
	return errors.Join(errs...)
}

func (s *Settings) restore(ctx context.Context, addr string, what change) error {
	conn, err := s.servers.DialAt(ctx, addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer goroutine.AfterFunc(ctx, "what closes a connection", conn.Close)()
	now, err := readSetting(conn)
	if err != nil || !sameLetters(now, what.is) {
		return err
	}
	return conn.Do("CONFIG", "SET", SettingName, what.was)
}

// readSetting reads the server's setting.
func readSetting(c *resp.Conn) (string, error) {
	if err := c.Send("CONFIG", "GET", SettingName); err != nil {
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

// sameLetters compares settings, whose letters have no order.
func sameLetters(a, b string) bool {
	return strings.Trim(a, b) == "" && strings.Trim(b, a) == ""
}

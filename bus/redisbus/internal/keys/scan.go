package keys

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/servers"
)

// Bounds of a look at all keys: maxKeys names are held for each feed, and a key whose ULID is at most clockSkew ahead may yet
// be followed by an older one.
const (
	maxKeys   = 500_000
	clockSkew = 5 * time.Second
)

// scan finds the names of all keys that match, once, by SCAN on one master after the other. They are then in the order of
// their ULIDs.
type scan struct {
	servers *servers.Servers
	pattern string
	wants   func(name string) bool // which names are wanted; nil wants all

	began  time.Time
	master int
	cursor uint64
	looked int64
	names  []string
	many   bool // there are more than maxKeys
	done   bool // all names are known
}

// step looks at some more keys.
func (s *scan) step(ctx context.Context) error {
	if s.began.IsZero() {
		s.began = time.Now()
	}
	masters, err := s.servers.Masters(ctx)
	if err != nil {
		return err
	}
	var names []string
	node := masters[min(s.master, len(masters)-1)]
	names, s.cursor, err = node.Scan(ctx, s.cursor, s.pattern, scanKeys).Result()
	if err != nil {
		return fmt.Errorf("SCAN for %s: %w", s.pattern, err)
	}
	if s.wants != nil {
		names = slices.DeleteFunc(names, func(name string) bool { return !s.wants(name) })
	}
	room := max(maxKeys-len(s.names), 0)
	s.many = s.many || len(names) > room
	s.names = append(s.names, names[:min(len(names), room)]...)
	s.looked += scanKeys
	if s.cursor == 0 {
		s.master++
		s.done = s.master >= len(masters)
	}
	if s.done {
		s.order()
	}
	return nil
}

// order sorts the names by time. SCAN may return a name twice. A name with a ULID from after the beginning is left to the
// next scan, which will find the older ones that this one may have passed already.
func (s *scan) order() {
	slices.SortFunc(s.names, func(a, b string) int {
		at, _ := keyTime(a)
		bt, _ := keyTime(b)
		if c := at.Compare(bt); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	s.names = slices.Compact(s.names)
	limit := time.Now().Add(clockSkew)
	s.names = slices.DeleteFunc(s.names, func(name string) bool {
		at, ok := keyTime(name)
		return ok && at.After(s.began) && at.Before(limit)
	})
}

// start is the index of the first name whose value a feed delivers when it is opened.
func (s *scan) start(from bus.From) int {
	switch from.Start {
	case bus.FromAll:
		return 0
	case bus.FromLast:
		return max(len(s.names)-int(min(from.Last, maxKeys)), 0)
	case bus.FromSince:
		since := s.began.Add(-from.Since)
		at := slices.IndexFunc(s.names, func(name string) bool { at, ok := keyTime(name); return ok && !at.Before(since) })
		if at >= 0 {
			return at
		}
	}
	return len(s.names)
}

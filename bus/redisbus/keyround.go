package redisbus

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
)

// Bounds of a look at all keys: maxKeys names are held for each feed, so many values are read at once, and a key whose
// ULID is at most clockSkew ahead may yet be followed by an older one.
const (
	maxKeys   = 500_000
	keyChunk  = 100
	clockSkew = 5 * time.Second
)

// round is one look at all keys that match: first their names, by SCAN on one master after the other, then what they
// hold, in the order of their ULIDs.
type round struct {
	began  time.Time
	server int
	cursor uint64
	looked int64
	names  []string
	many   bool // there are more than maxKeys
	done   bool // all names are known
}

// step looks at some more keys.
func (r *round) step(ctx context.Context, f *keysFeed) error {
	if r.began.IsZero() {
		r.began = time.Now()
	}
	masters, err := f.bus.masters(ctx)
	if err != nil {
		return err
	}
	var names []string
	node := masters[min(r.server, len(masters)-1)]
	names, r.cursor, err = node.Scan(ctx, r.cursor, f.glob, scanKeys).Result()
	if err != nil {
		return fmt.Errorf("SCAN for %s: %w", f.glob, err)
	}
	room := max(maxKeys-len(r.names), 0)
	r.many = r.many || len(names) > room
	r.names = append(r.names, names[:min(len(names), room)]...)
	r.looked += scanKeys
	if r.cursor == 0 {
		r.server++
		r.done = r.server >= len(masters)
	}
	if r.done {
		r.order()
	}
	return nil
}

// order sorts the names by time. SCAN may return a name twice; one with a ULID from after the round began is left for
// the next round, which will find the older ones that this one may have passed already.
func (r *round) order() {
	slices.SortFunc(r.names, func(a, b string) int {
		at, _ := keyTime(a)
		bt, _ := keyTime(b)
		if c := at.Compare(bt); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	r.names = slices.Compact(r.names)
	limit := time.Now().Add(clockSkew)
	r.names = slices.DeleteFunc(r.names, func(name string) bool {
		at, ok := keyTime(name)
		return ok && at.After(r.began) && at.Before(limit)
	})
}

// chosen tells from which name on a feed delivers what it finds when it is opened.
func (r *round) chosen(from bus.From) int {
	switch from.Start {
	case bus.FromAll:
		return 0
	case bus.FromLast:
		return max(len(r.names)-int(min(from.Last, maxKeys)), 0)
	case bus.FromSince:
		since := r.began.Add(-from.Since)
		at := slices.IndexFunc(r.names, func(name string) bool { at, ok := keyTime(name); return ok && !at.Before(since) })
		if at >= 0 {
			return at
		}
	}
	return len(r.names)
}

// scan takes all steps, resting in between, so that the server has most of its time for others.
func (f *keysFeed) scan(ctx context.Context, r *round) error {
	for !r.done {
		began := time.Now()
		if err := r.step(ctx, f); err != nil {
			return err
		}
		if !f.caughtUp {
			f.progress(r)
		}
		if !r.done && !pause(ctx, restFactor*time.Since(began)) {
			return ctx.Err()
		}
	}
	if r.many && !f.caughtUp {
		f.tell("there are more than "+fmt.Sprint(maxKeys)+" keys that match "+f.glob+"; narrow the pattern", nil)
	}
	return nil
}

// progress says from time to time how far the first look is.
func (f *keysFeed) progress(r *round) {
	if r.looked%(100*scanKeys) == 0 {
		f.bus.say(bus.Say, f.name, "SCAN for %s has looked at about %d keys and found %d; it goes on", f.glob, r.looked, len(r.names))
	}
}

// compare reads what the keys hold from the one at index first on, delivers what has changed since it was seen, and
// remembers it. Before that index nothing is delivered, and read only if it is to be remembered.
func (f *keysFeed) compare(ctx context.Context, r *round, first int) (err error) {
	seen := make(map[string]uint64, len(r.names))
	defer func() {
		if err != nil { // what was delivered is not delivered again
			old := f.seen
			if old == nil {
				old = make(map[string]uint64)
			}
			maps.Copy(old, seen)
			seen = old
		}
		f.seen = seen
	}()
	start := 0
	if f.inner != nil {
		start = first
	}
	for at := start; at < len(r.names); at += keyChunk {
		began := time.Now()
		names := r.names[at:min(at+keyChunk, len(r.names))]
		all := make([]value, len(names))
		if err := f.fetch(ctx, names, all); err != nil {
			return err
		}
		for i, v := range all {
			if v.kind != "hash" && v.kind != "string" {
				continue
			}
			mark := v.mark()
			old, known := f.seen[names[i]]
			if seen[names[i]] = mark; at+i >= first && (!known || old != mark) {
				f.add(names[i], v)
			}
		}
		if !f.flush(ctx) || f.caughtUp && !pause(ctx, restFactor*time.Since(began)) {
			return ctx.Err()
		}
	}
	f.bus.rounds.Store(f.glob, time.Since(r.began))
	return nil
}

// fetch reads values. What the user may not read is said once.
func (f *keysFeed) fetch(ctx context.Context, names []string, all []value) error {
	err := f.bus.values(ctx, names, all)
	if err != nil && fault.Refused(err) {
		f.tell("reading keys of "+f.glob, err)
		return nil
	}
	return err
}

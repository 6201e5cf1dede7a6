package keys

import (
	"context"
	"maps"
	"time"

	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/servers"
)

// readAtOnce is how many values are read at once.
const readAtOnce = 100

// compare reads what the keys hold from the one at index first on, delivers what has changed since it was seen, and
// remembers it. Before that index nothing is delivered, and read only if it is to be remembered.
func (f *feed) compare(ctx context.Context, s *scan, first int) (err error) {
	seen := make(map[string]uint64, len(s.names))
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
	if f.notifications != nil {
		start = first
	}
	var read int
	for at := start; at < len(s.names); at += read {
		began := time.Now()
		names := s.names[at:min(at+readAtOnce, len(s.names))]
		values := make([]value, len(names))
		if read, err = f.read(ctx, names, values); err != nil {
			return err
		}
		for i, v := range values[:read] {
			if v.kind != "hash" && v.kind != "string" {
				continue
			}
			mark := v.mark()
			old, known := f.seen[names[i]]
			if seen[names[i]] = mark; at+i >= first && (!known || old != mark) {
				f.deliver(names[i], v, time.Now().UnixNano())
			}
		}
		if !f.flush() || f.caughtUp && !servers.Pause(ctx, restFactor*time.Since(began)) {
			return ctx.Err()
		}
	}
	f.keys.took.Store(f.pattern, time.Since(s.began))
	return nil
}

// deliver makes a message of what a key holds. It reports false when that is none.
func (f *feed) deliver(key string, v value, arrived int64) bool {
	m, ok := v.message(key, arrived)
	if ok {
		f.found = append(f.found, m)
	}
	return ok
}

// read reads the first of some values, and returns how many. That the user may not read them is said once.
func (f *feed) read(ctx context.Context, names []string, values []value) (read int, err error) {
	read, err = f.keys.values(ctx, names, values)
	if err != nil && fault.Refused(err) {
		f.Warn("reading keys of "+f.pattern, err)
		return max(read, 1), nil
	}
	return read, err
}

package keys

import (
	"context"
	"fmt"
	"time"

	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/servers"
)

// readAtOnce is how many values are read at once.
const readAtOnce = 100

// compare reads what the keys hold from the one at index first on, delivers what has changed since it was seen, and
// remembers it. Before that index nothing is delivered, and read only if it is to be remembered. What was delivered before an
// error is not delivered again.
func (f *feed) compare(ctx context.Context, s *scan, first int) (err error) {
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
			f.compareOne(names[i], v, at+i >= first)
		}
		if !f.flush() || f.caughtUp && !servers.Pause(ctx, restFactor*time.Since(began)) {
			return ctx.Err()
		}
	}
	f.keys.took.Store(f.pattern, time.Since(s.began))
	f.stale, f.unread = false, start > 0
	return nil
}

// compareOne compares what a key holds with what it held, and remembers that. There may be no room to remember one more: it is
// left out then, or it would come again with each look.
func (f *feed) compareOne(name string, v value, wanted bool) {
	if v.kind == "" {
		return
	}
	old, known := f.known.mark(name)
	mark := v.mark()
	switch {
	case !f.known.set(name, mark):
		f.crowded()
	case wanted && (!known || old != mark):
		f.deliver(name, v, time.Now().UnixNano(), known)
	}
}

// crowded says that keys are left out.
func (f *feed) crowded() {
	if !f.full {
		f.full = true
		f.Warn(fmt.Sprintf("there are more keys that match %s than are remembered, %d: those beyond are left out; narrow the pattern",
			f.pattern, len(f.known.all)), nil)
	}
}

// deliver makes a message of what a key holds; of a key that was there before, it is of the time when that was seen. It reports
// false when that is none.
func (f *feed) deliver(key string, v value, arrived int64, again bool) bool {
	m, ok := v.message(key, arrived)
	if !ok {
		return false
	}
	if again {
		m.UnixNano = arrived
	}
	f.found = append(f.found, m)
	return true
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

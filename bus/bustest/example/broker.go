// Package example is the smallest bus that keeps the whole contract of package bus, for those who write one of their own:
// docs/buses.md goes through it. Its broker keeps logs in the memory of this process, and can be killed and started again as a
// server can. Nothing but its tests uses it. Any goroutine may call its methods; none blocks, but for Close of a bus and of a feed,
// which wait for their goroutines.
package example

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"time"
)

// Broker keeps entries in logs. Each log has the newest of them, as many as the broker was told to keep.
type Broker struct {
	keep int // entries of a log

	mu      sync.Mutex // guards what follows
	down    bool
	logs    map[string]*log
	changed chan struct{} // closed, and another one made, whenever anything changes
}

// log is what was appended under one name. Its first entry ever has the sequence 1.
type log struct {
	first   uint64 // the sequence of the oldest that is kept
	entries []entry
}

type entry struct {
	unixNano int64
	data     string
}

// next is the sequence that the next entry gets.
func (l *log) next() uint64 { return l.first + uint64(len(l.entries)) }

var errDown = errors.New("connection refused")

// NewBroker starts a broker that keeps so many entries of each log.
func NewBroker(keep int) *Broker {
	return &Broker{keep: keep, logs: map[string]*log{}, changed: make(chan struct{})}
}

// Kill breaks the connections. What was stored stays.
func (b *Broker) Kill() { b.set(true) }

// Restart has connections work again.
func (b *Broker) Restart() { b.set(false) }

func (b *Broker) set(down bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down = down
	b.tell()
}

// tell wakes all who wait; b is locked.
func (b *Broker) tell() {
	close(b.changed)
	b.changed = make(chan struct{})
}

// Append stores an entry, and tells its sequence.
func (b *Broker) Append(name string, data []byte) (uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down {
		return 0, errDown
	}
	l := b.logs[name]
	if l == nil {
		l = &log{first: 1}
		b.logs[name] = l
	}
	l.entries = append(l.entries, entry{time.Now().UnixNano(), string(data)})
	if extra := len(l.entries) - b.keep; extra > 0 {
		l.first, l.entries = l.first+uint64(extra), l.entries[extra:]
	}
	b.tell()
	return l.next() - 1, nil
}

// names are those of all logs.
func (b *Broker) names() ([]string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down {
		return nil, errDown
	}
	return slices.Sorted(maps.Keys(b.logs)), nil
}

// read is what a log keeps from a sequence on, at most so many entries, and a channel that is closed when that may be more. A log
// that is not there is empty. The channel is there also with an error.
func (b *Broker) read(name string, from uint64, most int) (log, <-chan struct{}, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down {
		return log{}, b.changed, errDown
	}
	l := b.logs[name]
	if l == nil {
		return log{first: 1}, b.changed, nil
	}
	from = min(max(from, l.first), l.next())
	rest := l.entries[from-l.first:]
	return log{from, rest[:min(most, len(rest))]}, b.changed, nil
}

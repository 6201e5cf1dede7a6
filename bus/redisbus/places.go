package redisbus

import (
	"maps"
	"slices"
	"sync"

	"signalbox/bus"
)

// places are the stations that the session is concerned with: named, opened, sent to or made. They are listed among
// the consumers' stations without being searched for.
type places struct {
	mu    sync.Mutex
	kinds map[string]bus.Kind // streams and channels by key
}

// maxPlaces bounds how many are remembered.
const maxPlaces = 10_000

func newPlaces() *places { return &places{kinds: make(map[string]bus.Kind)} }

func (p *places) note(kind bus.Kind, raw string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.kinds) < maxPlaces && (kind == bus.Log || kind == bus.Channel || kind == bus.Sharded) {
		p.kinds[raw] = kind
	}
}

func (p *places) isLog(raw string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kinds[raw] == bus.Log
}

// of lists those of a kind, sorted.
func (p *places) of(kind bus.Kind) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []string
	for _, raw := range slices.Sorted(maps.Keys(p.kinds)) {
		if p.kinds[raw] == kind {
			all = append(all, raw)
		}
	}
	return all
}

func (p *places) empty() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.kinds) == 0
}

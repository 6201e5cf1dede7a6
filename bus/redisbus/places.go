package redisbus

import (
	"slices"
	"sync"

	"signalbox/bus"
)

// places are the stations that the session is concerned with: named, opened, sent to or made. They are listed among
// the consumers' stations without being searched for.
type places struct {
	mu    sync.Mutex
	known map[topic]bool // streams and channels
}

// maxPlaces bounds how many are remembered.
const maxPlaces = 10_000

func newPlaces() *places { return &places{known: make(map[topic]bool)} }

func (p *places) note(kind bus.Kind, raw string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) < maxPlaces && (kind == bus.Log || kind == bus.Channel || kind == bus.Sharded) {
		p.known[topic{kind, raw}] = true
	}
}

func (p *places) isLog(raw string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known[topic{bus.Log, raw}]
}

// of lists those of a kind, sorted.
func (p *places) of(kind bus.Kind) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []string
	for t := range p.known {
		if t.kind == kind {
			all = append(all, t.name)
		}
	}
	slices.Sort(all)
	return all
}

func (p *places) empty() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.known) == 0
}

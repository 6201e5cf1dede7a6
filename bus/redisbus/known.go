package redisbus

import (
	"slices"
	"sync"

	"signalbox/bus"
)

// known are the streams and channels that were named, opened, sent to or made. They are listed without being searched for.
type known struct {
	mu  sync.Mutex
	all map[place]bool // and whether people write it with what it is before it, as in channel:orders
}

type place struct {
	kind bus.Kind
	name string // as Redis knows it
}

// maxKnown bounds how many are remembered.
const maxKnown = 10_000

func newKnown() *known { return &known{all: make(map[place]bool)} }

func (k *known) add(kind bus.Kind, name string) { k.addNamed(kind, name, name) }

// addNamed is add for what somebody wrote.
func (k *known) addNamed(kind bus.Kind, name, written string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	at := place{kind, name}
	if len(k.all) < maxKnown && (kind == bus.Log || kind == bus.Channel || kind == bus.Sharded) {
		k.all[at] = k.all[at] || written != name
	}
}

// prefixed lists the channels that were written as channel:NAME, sorted.
func (k *known) prefixed() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	var all []string
	for one, prefixed := range k.all {
		if prefixed && one.kind == bus.Channel {
			all = append(all, one.name)
		}
	}
	slices.Sort(all)
	return all
}

func (k *known) hasStream(key string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, there := k.all[place{bus.Log, key}]
	return there
}

// of lists those of a kind, sorted.
func (k *known) of(kind bus.Kind) []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	var all []string
	for one := range k.all {
		if one.kind == kind {
			all = append(all, one.name)
		}
	}
	slices.Sort(all)
	return all
}

func (k *known) empty() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.all) == 0
}

package redisbus

import (
	"fmt"
	"slices"
	"sync"

	"signalbox/bus"
)

// known are the streams and channels that were named, opened, sent to or made. They are listed without being searched for.
type known struct {
	tell func(text string) // that no more are remembered; nil once it was called

	mu  sync.Mutex
	all map[place]bool // and whether people write it with what it is before it, as in channel:orders
}

type place struct {
	kind bus.Kind
	name string // as Redis knows it
}

// maxKnown bounds how many are remembered.
const maxKnown = 10_000

// newKnown is told how to say that no more are remembered.
func newKnown(tell func(text string)) *known { return &known{tell: tell, all: make(map[place]bool)} }

func (k *known) add(kind bus.Kind, name string) { k.addNamed(kind, name, name) }

// addNamed is add for what somebody wrote.
func (k *known) addNamed(kind bus.Kind, name, written string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if kind != bus.Log && kind != bus.Channel && kind != bus.Sharded {
		return
	}
	at := place{kind, name}
	prefixed, there := k.all[at]
	switch {
	case there || len(k.all) < maxKnown:
		k.all[at] = prefixed || written != name
	case k.tell != nil:
		k.tell(fmt.Sprintf("more than %d streams and channels were named or opened: of those beyond, only what the server itself lists "+
			"is listed; read fewer of them at a time", maxKnown))
		k.tell = nil
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

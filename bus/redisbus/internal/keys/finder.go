package keys

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/names"
)

// How far one call of Find looks: so many keys with each SCAN, so many of those, the first call more, but never longer than
// findTime. When it is through it rests for findRest times as long as that took, and for findPause at least. The values of so
// many groups are looked at with each call, samples of each.
const (
	findKeys   = 1000
	findSteps  = 10
	findFirst  = 20
	findTime   = 100 * time.Millisecond
	findPause  = 2 * time.Second
	findRest   = 200
	findValues = 16
	samples    = 2
)

// mostGroups bounds the groups that are told apart, mostSample the bytes of a sample: what is larger is no event. A group whose
// values went away so often before they were read is not looked at again.
const (
	mostGroups = 256
	mostSample = 16 << 10
	mostTries  = 3
)

// Finder groups the keys of a database by their names, little by little, by SCAN. It may be called from any goroutine.
type Finder struct {
	keys *Keys
	now  func() time.Time

	many sync.Once // it was told that there are more groups than are told apart

	mu     sync.Mutex // guards what follows
	groups map[string]*group
	master int
	cursor uint64
	began  time.Time // this round; zero before the first
	rounds int       // finished
	rest   time.Time // nothing is looked at before
	off    bool      // the server refuses
}

// group is keys that are named alike.
type group struct {
	count, counted int      // in this round; in the one before
	names          []string // some of them, while their values are not known
	tries          int
	kind           string // of the values; "" while that is not known
	samples        []bus.Message
}

// NewFinder makes one that has not begun.
func NewFinder(k *Keys) *Finder {
	quiet := New(k.session, k.channels, k.Settings) // nobody has asked for these keys: nothing is said of those too large
	quiet.large.Do(func() {})
	return &Finder{keys: quiet, now: time.Now, groups: make(map[string]*group)}
}

// Find implements bus.Finder. What the server refuses to be asked is not found.
func (f *Finder) Find(ctx context.Context) (found []bus.Found, whole bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.off && !f.now().Before(f.rest) {
		if err = f.look(ctx); fault.Refused(err) {
			f.off, err = true, nil
		}
	}
	return f.found(), f.rounds > 0 || f.off, err
}

// look takes the steps of one call.
func (f *Finder) look(ctx context.Context) error {
	steps, until := findSteps, f.now().Add(findTime)
	if f.began.IsZero() {
		steps = findFirst
	}
	if f.master == 0 && f.cursor == 0 {
		f.began = f.now()
	}
	for range steps {
		over, err := f.step(ctx)
		if err != nil {
			return fmt.Errorf("look for groups of keys with SCAN: %w", fault.Explain(err))
		}
		if over {
			f.endRound()
			break
		}
		if f.now().After(until) {
			break
		}
	}
	return f.sample(ctx)
}

// step looks at some more keys, and tells whether these were the last.
func (f *Finder) step(ctx context.Context) (over bool, err error) {
	masters, err := f.keys.session.Servers.Masters(ctx)
	if err != nil {
		return false, err
	}
	var all []string
	all, f.cursor, err = masters[min(f.master, len(masters)-1)].Scan(ctx, f.cursor, "*", findKeys).Result()
	if err != nil {
		return false, err
	}
	for _, name := range all {
		f.count(name)
	}
	if f.cursor == 0 {
		f.master++
	}
	return f.master >= len(masters), nil
}

// count adds a key to its group.
func (f *Finder) count(name string) {
	shape, varies := shapeOf(name)
	if !varies {
		return
	}
	g := f.groups[shape]
	if g == nil {
		if len(f.groups) == mostGroups {
			f.many.Do(func() {
				f.keys.session.Notify(bus.Say, "", "keys are named in more than %d ways: events among those of other names are not found by themselves; "+
					"name their pattern to read them, as keys:*.Event:*", mostGroups)
			})
			return
		}
		g = &group{}
		f.groups[shape] = g
	}
	g.count++
	if g.kind == "" && len(g.names) < samples {
		g.names = append(g.names, name)
	}
}

// endRound forgets the groups of which no key was there.
func (f *Finder) endRound() {
	for shape, g := range f.groups {
		if g.counted, g.count = g.count, 0; g.counted == 0 {
			delete(f.groups, shape)
		}
	}
	f.rounds++
	f.master, f.cursor = 0, 0
	f.rest = f.now().Add(max(findPause, findRest*f.now().Sub(f.began)))
}

// sample reads a few values of groups of which that was not done yet.
func (f *Finder) sample(ctx context.Context) error {
	left := findValues
	for _, g := range f.groups {
		if g.kind != "" || len(g.names) == 0 || g.tries == mostTries {
			continue
		}
		if left--; left < 0 {
			return nil
		}
		values := make([]value, len(g.names))
		if _, err := f.keys.values(ctx, g.names, values); err != nil {
			return fmt.Errorf("look at %s: %w", g.names[0], err)
		}
		for i, v := range values {
			if v.kind == "" {
				continue
			}
			g.kind = v.kind
			if m, ok := v.message(g.names[i], f.now().UnixNano()); ok && isObject(v.data) && len(v.data) == v.size && v.size <= mostSample {
				g.samples = append(g.samples, m)
			}
		}
		g.names, g.tries = nil, g.tries+1
	}
	return nil
}

// isObject tells whether a value looks like a JSON object.
func isObject(data []byte) bool {
	data = bytes.TrimSpace(data)
	return len(data) > 1 && data[0] == '{' && data[len(data)-1] == '}'
}

// found are the groups whose values may be events, the largest first.
func (f *Finder) found() []bus.Found {
	var all []bus.Found
	for shape, g := range f.groups {
		if len(g.samples) == 0 {
			continue
		}
		values := "texts"
		if g.kind == "hash" {
			values = "hashes"
		}
		all = append(all, bus.Found{
			Station: names.Write(bus.Keys, shape, false), Kind: bus.Keys, Keys: max(g.count, g.counted), Values: values, Samples: slices.Clip(g.samples), Traits: Traits,
		})
	}
	slices.SortFunc(all, func(a, b bus.Found) int {
		if a.Keys != b.Keys {
			return b.Keys - a.Keys
		}
		return bytes.Compare([]byte(a.Station), []byte(b.Station))
	})
	return all
}

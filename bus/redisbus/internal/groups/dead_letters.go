package groups

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/names"
)

// How much is read of one dead-letter stream at a look, and kept of all.
const (
	deadAtOnce = 200
	mostDead   = 2000
	mostBytes  = 8 << 20
)

// deadLetters are the entries of dead-letter streams that were read so far.
type deadLetters struct {
	mu    sync.Mutex
	read  map[string]string // by stream: up to which entry of its dead-letter stream
	older map[string]bool   // streams of whose dead letters only the newest are known
	all   []bus.DeadLetter  // oldest first
	bytes int
	tally map[place]tally
}

func newDeadLetters() *deadLetters {
	return &deadLetters{read: map[string]string{}, older: map[string]bool{}, tally: map[place]tally{}}
}

// place is a group of a stream.
type place struct{ stream, group string }

// tally is how much of a group is dead.
type tally struct{ givenUp, terminated int64 }

// DeadLetters reads what is new in the dead-letter streams of some streams, and returns all that is known.
func (g *Groups) DeadLetters(ctx context.Context, keys []string) ([]bus.DeadLetter, error) {
	d := g.dead
	d.mu.Lock()
	defer d.mu.Unlock()
	answers := make([]*redis.Cmd, len(keys))
	_, _ = g.session.Servers.Client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, key := range keys {
			if last, before := d.read[key]; before {
				answers[i] = p.Do(ctx, "XRANGE", key+deadSuffix, entries.ID(entries.After(entries.Position(last))), "+", "COUNT", deadAtOnce)
			} else {
				answers[i] = p.Do(ctx, "XREVRANGE", key+deadSuffix, "+", "-", "COUNT", deadAtOnce)
			}
		}
		return nil
	})
	var failed error
	for i, key := range keys {
		list, err := answers[i].Slice()
		if err != nil {
			if !fault.Absent(err) && !strings.HasPrefix(fault.Answer(err), "WRONGTYPE") {
				failed = cmp.Or(failed, fault.Explain(err))
			}
			continue
		}
		d.take(key, list)
	}
	return slices.Clone(d.all), failed
}

// take takes in what was read of one dead-letter stream.
func (d *deadLetters) take(key string, list []any) {
	last, before := d.read[key]
	if !before {
		slices.Reverse(list)
		d.older[key] = len(list) == deadAtOnce
	}
	for _, entry := range list {
		pair, _ := entry.([]any)
		if len(pair) != 2 {
			continue
		}
		id, _ := pair[0].(string)
		fields, _ := pair[1].([]any)
		if x, ok := deadLetter(key, id, fields); ok {
			d.add(key, x)
		}
		last = id
	}
	if last != "" {
		d.read[key] = last
	}
}

// add keeps a dead letter, once; the oldest go where there are too many.
func (d *deadLetters) add(key string, x bus.DeadLetter) {
	if slices.ContainsFunc(d.all, func(y bus.DeadLetter) bool {
		return y.Station == x.Station && y.Consumer == x.Consumer && y.Position == x.Position
	}) {
		return
	}
	at := place{key, x.Consumer}
	t := d.tally[at]
	if x.Standing == bus.GivenUp {
		t.givenUp++
	} else {
		t.terminated++
	}
	d.tally[at] = t
	d.all = append(d.all, x)
	for d.bytes += len(x.Message.Data); len(d.all) > mostDead || d.bytes > mostBytes && len(d.all) > 1; d.all = d.all[1:] {
		d.bytes -= len(d.all[0].Message.Data)
	}
}

// count fills in how much groups have given up.
func (d *deadLetters) count(all []bus.Consumer) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range all {
		c := &all[i]
		key := names.Raw(bus.Station{Kind: bus.Log, Name: c.Station})
		t := d.tally[place{key, c.Name}]
		c.GivenUp, c.Terminated, c.AtLeast = t.givenUp, t.terminated, d.older[key] && t.givenUp > 0
	}
}

// of tells what became of an entry that a group has given up.
func (d *deadLetters) of(c bus.Consumer, at bus.Position) (bus.Standing, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.all {
		if x := &d.all[i]; x.Station == c.Station && x.Consumer == c.Name && x.Position == at {
			return x.Standing, true
		}
	}
	return "", false
}

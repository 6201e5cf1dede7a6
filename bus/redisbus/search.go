package redisbus

import (
	"context"
	"fmt"
	"maps"
	"signalbox/bus/redisbus/internal/fault"
	"slices"
	"time"
)

// How the search for streams treads: each step looks at scanKeys keys, and a call takes so many steps at most, the
// first call more of them, but never longer than scanTime.
const (
	scanKeys   = 1000
	scanSteps  = 20
	scanFirst  = 500
	scanTime   = 500 * time.Millisecond
	maxStreams = 2000 // found at most; more must be named
)

// search looks for streams with SCAN, a little further with each call, and round again when it is through. What it
// knows is the last full round and what this one has found so far.
type search struct {
	turn   chan struct{} // holds one token: whoever has it searches
	first  int           // steps of the first call
	steps  int           // steps of the others
	server int           // of the masters, by address
	cursor uint64
	looked int64 // keys in this round
	rounds int   // finished
	old    map[string]bool
	found  map[string]bool
}

func newSearch() *search {
	s := &search{turn: make(chan struct{}, 1), first: scanFirst, steps: scanSteps, found: make(map[string]bool)}
	s.turn <- struct{}{}
	return s
}

// streams searches on and lists the keys of the streams known by now, sorted. An error says how far it is.
func (b *Bus) streams(ctx context.Context) ([]string, error) {
	s := b.search
	select {
	case <-s.turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { s.turn <- struct{}{} }()
	err := s.run(ctx, b)
	if err == nil && s.rounds == 0 {
		err = s.progress(ctx, b)
	}
	all := maps.Clone(s.found)
	maps.Copy(all, s.old)
	if len(all) >= maxStreams && err == nil {
		err = fmt.Errorf("list streams: there are more than %d; name those that matter", maxStreams)
	}
	return slices.Sorted(maps.Keys(all)), err
}

// run takes the steps of one call. Each full round replaces the one before.
func (s *search) run(ctx context.Context, b *Bus) error {
	steps, until := s.steps, time.Now().Add(scanTime)
	if s.fresh() {
		steps = s.first
	}
	for range steps {
		masters, err := b.masters(ctx)
		if err != nil {
			return fmt.Errorf("search for streams: %w", fault.Explain(err))
		}
		keys, cursor, err := masters[min(s.server, len(masters)-1)].ScanType(ctx, s.cursor, "*", scanKeys, "stream").Result()
		if err != nil {
			return fmt.Errorf("search for streams with SCAN: %w; name those that matter", fault.Explain(err))
		}
		for _, key := range keys {
			if len(s.found) < maxStreams {
				s.found[key] = true
			}
		}
		s.cursor, s.looked = cursor, s.looked+scanKeys
		if cursor == 0 {
			s.server++
		}
		if s.server >= len(masters) {
			s.old, s.found, s.looked, s.rounds, s.server = s.found, make(map[string]bool), 0, s.rounds+1, 0
			return nil
		}
		if time.Now().After(until) {
			return nil
		}
	}
	return nil
}

// fresh tells whether nothing has been looked at yet.
func (s *search) fresh() bool { return s.rounds == 0 && s.cursor == 0 && s.server == 0 }

// progress says how far the first round is, in tenths, so that a caller who repeats it does not chatter.
func (s *search) progress(ctx context.Context, b *Bus) error {
	total, err := b.client.DBSize(ctx).Result()
	if err != nil || total == 0 {
		return fmt.Errorf("list streams: the search has looked at about %d keys and goes on", s.looked)
	}
	tenths := min(s.looked*10/total, 9)
	return fmt.Errorf("list streams: the search has looked at %d %% of about %d keys and goes on", tenths*10, total)
}

// known lists the streams without searching further than a first time.
func (s *search) known(ctx context.Context) ([]string, bool) {
	select {
	case <-s.turn:
	case <-ctx.Done():
		return nil, false
	}
	defer func() { s.turn <- struct{}{} }()
	all := maps.Clone(s.found)
	maps.Copy(all, s.old)
	return slices.Sorted(maps.Keys(all)), !s.fresh()
}

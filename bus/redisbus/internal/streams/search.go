package streams

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/servers"
)

// How far one call searches: ScanKeys keys with each SCAN, so many of those at most, the first call more of them, but never
// longer than ScanTime.
const (
	ScanKeys  = 1000
	ScanSteps = 20
	ScanFirst = 500
	ScanTime  = 500 * time.Millisecond
)

// maxFound is how many streams are found; more must be named.
const maxFound = 2000

// Search looks for streams with SCAN, a little further with each call, and from the beginning again when it is through.
// What it knows is the last full round and what this one has found so far.
type Search struct {
	First, Steps int // how often SCAN is called by the first call, and by others; set before the first call

	servers *servers.Servers
	free    chan struct{} // holds one token: who has it may use what follows
	server  int           // of the masters, by address
	cursor  uint64
	looked  int64 // keys in this round
	rounds  int   // finished
	old     map[string]bool
	found   map[string]bool
}

// NewSearch makes a search that has not begun.
func NewSearch(all *servers.Servers) *Search {
	s := &Search{First: ScanFirst, Steps: ScanSteps, servers: all, free: make(chan struct{}, 1), found: make(map[string]bool)}
	s.free <- struct{}{}
	return s
}

// Continue searches on and lists the keys of the streams that are known by now, sorted. An error says how far it is.
func (s *Search) Continue(ctx context.Context) ([]string, error) {
	select {
	case <-s.free:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { s.free <- struct{}{} }()
	err := s.run(ctx)
	if err == nil && s.rounds == 0 {
		err = s.progress(ctx)
	}
	all := maps.Clone(s.found)
	maps.Copy(all, s.old)
	if len(all) >= maxFound && err == nil {
		err = fmt.Errorf("list streams: there are more than %d; name those that matter", maxFound)
	}
	return slices.Sorted(maps.Keys(all)), err
}

// run takes the steps of one call. Each full round replaces the one before.
func (s *Search) run(ctx context.Context) error {
	steps, until := s.Steps, time.Now().Add(ScanTime)
	if s.fresh() {
		steps = s.First
	}
	for range steps {
		masters, err := s.servers.Masters(ctx)
		if err != nil {
			return fmt.Errorf("search for streams: %w", fault.Explain(err))
		}
		keys, cursor, err := masters[min(s.server, len(masters)-1)].ScanType(ctx, s.cursor, "*", ScanKeys, "stream").Result()
		if err != nil {
			return fmt.Errorf("search for streams with SCAN: %w; name those that matter", fault.Explain(err))
		}
		for _, key := range keys {
			if len(s.found) < maxFound {
				s.found[key] = true
			}
		}
		s.cursor, s.looked = cursor, s.looked+ScanKeys
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
func (s *Search) fresh() bool { return s.rounds == 0 && s.cursor == 0 && s.server == 0 }

// progress says how far the first round is, in tenths, so that a caller who repeats it does not chatter.
func (s *Search) progress(ctx context.Context) error {
	total, err := s.servers.Client.DBSize(ctx).Result()
	if err != nil || total == 0 {
		return unfinished(fmt.Sprintf("list streams: the search has looked at about %d keys and goes on", s.looked))
	}
	tenths := min(s.looked*10/total, 9)
	return unfinished(fmt.Sprintf("list streams: the search has looked at %d %% of about %d keys and goes on", tenths*10, total))
}

// unfinished says how far a search is.
type unfinished string

func (u unfinished) Error() string { return string(u) }

// Is tells that it is a bus.ErrUnfinished.
func (u unfinished) Is(target error) bool { return target == bus.ErrUnfinished }

// Known lists the streams that are known, without searching; false when no search has begun.
func (s *Search) Known(ctx context.Context) ([]string, bool) {
	select {
	case <-s.free:
	case <-ctx.Done():
		return nil, false
	}
	defer func() { s.free <- struct{}{} }()
	all := maps.Clone(s.found)
	maps.Copy(all, s.old)
	return slices.Sorted(maps.Keys(all)), !s.fresh()
}

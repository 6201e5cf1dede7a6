// Package reload watches the domain files that a deck was begun with: one that is saved is compiled again, what is held is
// folded anew, and what there was stays where something is wrong in it. A Watch has a goroutine of its own (Run), which waits
// for files and for the engine; everything else may be called by the deck, does not wait, and shares nothing that changes.
package reload

import (
	"context"
	"sync/atomic"
	"time"

	"signalbox/scenarios"
	"signalbox/scenarios/file"
	"signalbox/sources"
)

// Files are the domain files that are watched. Its methods wait for files, and are called by one goroutine.
type Files interface {
	// Names are those of the files, as people know them.
	Names() []string

	// Saved tells whether one of them was saved since it was last asked, or can be used by now.
	Saved() bool

	// Library is the domains with the files as they are now.
	Library() (*scenarios.Library, error)
}

// Engine is what folds anew.
type Engine interface {
	Refold(ctx context.Context, domains sources.Domains, others func(kind string) bool, progress func(float64)) (sources.Refolded, error)
}

// Every is how often files are looked at.
const Every = 500 * time.Millisecond

// Watch is the watch on the files.
type Watch struct {
	Files Files
	Look  <-chan time.Time // says when to look; nil: each Every
	part  atomic.Uint64    // how much is folded anew, in parts of mostParts, + 1; 0 while nothing is
	found atomic.Pointer[Found]
}

// Found is what came of a file that was saved. It does not change.
type Found struct {
	Number   int      // grows with each
	Problems []string // why the files are not used as they are now; none: they are
	Refolded sources.Refolded
	Rules    bool // they are others: what is held was folded anew
	Time     time.Time
}

// Any tells whether there is anything to watch.
func (w *Watch) Any() bool { return w != nil && w.Files != nil && len(w.Files.Names()) > 0 }

// Found is what came of the newest file that was saved; nil while none was.
func (w *Watch) Found() *Found {
	if w == nil {
		return nil
	}
	return w.found.Load()
}

const mostParts = 100

// Part is how many of a hundred parts are folded anew; false while nothing is.
func (w *Watch) Part() (percent int, going bool) {
	if w == nil {
		return 0, false
	}
	n := w.part.Load()
	return int(n) - 1, n > 0
}

// Run watches until ctx ends. The library becomes what the files say by then; news is called when there is something to be shown.
func (w *Watch) Run(ctx context.Context, engine Engine, library *scenarios.Library, now func() time.Time, news func()) {
	look := w.Look
	if look == nil {
		ticks := time.NewTicker(Every)
		defer ticks.Stop()
		look = ticks.C
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-look:
		}
		if !w.Files.Saved() {
			continue
		}
		found := w.use(ctx, engine, library, news)
		if ctx.Err() != nil {
			return
		}
		if found.Number, found.Time = 1, now(); w.Found() != nil {
			found.Number += w.Found().Number
		}
		w.found.Store(found)
		news()
	}
}

// use has the files used as they are.
func (w *Watch) use(ctx context.Context, engine Engine, library *scenarios.Library, news func()) *Found {
	next, err := w.Files.Library()
	if err != nil {
		return &Found{Problems: problems(err)}
	}
	found := &Found{}
	if others := library.Others(next); others != nil {
		found.Rules = true
		found.Refolded, err = engine.Refold(ctx, next.Domains(), others, func(part float64) {
			if n := 1 + uint64(part*mostParts); w.part.Swap(n) != n {
				news()
			}
		})
		w.part.Store(0)
		if err != nil {
			return &Found{Problems: []string{err.Error()}}
		}
	}
	library.Become(next)
	return found
}

// problems are errors, a line each.
func problems(err error) []string {
	var lines []string
	for _, e := range file.List(err) {
		if e.File == "" && e.Line == 0 {
			lines = append(lines, e.Text)
			continue
		}
		lines = append(lines, e.Error())
	}
	return lines
}

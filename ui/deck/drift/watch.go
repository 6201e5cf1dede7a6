// Package drift compares the entities that are shown with the copies that their applications keep. A Watch has a goroutine
// of its own (Run), which waits for buses; everything else may be called by the deck, does not wait, and shares nothing
// that changes.
package drift

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/truth"
	"signalbox/sources"
	"signalbox/sources/state"
)

// Engine is where the entities come from.
type Engine interface{ Snapshot() *sources.Snapshot }

// Watch compares what is shown, again and again.
type Watch struct {
	places atomic.Pointer[[]place]
	found  atomic.Pointer[Found]
	before map[sources.Entity]uint64 // versions of those that differed when they were last compared; Run's

	// What places are made of. Who uses others owns these: the deck.
	buses []bus.Bus
	wants []truth.Place
}

// place is where copies are, on a bus that can be asked.
type place struct {
	truth.Place
	copies bus.CopyReader
}

// Found is what a comparison found. It does not change.
type Found struct {
	drifts   map[sources.Entity]truth.Drift
	compared map[sources.Entity]bool
	shown    sources.Entity // the one whose state is shown
	path     string         // of its copy
	fields   map[string]state.Value
	problem  string // why copies cannot be read
}

// New makes a watch of the places that buses have; it watches nothing where there are none.
func New(places []truth.Place, buses []bus.Bus) *Watch {
	w := &Watch{buses: buses, wants: places, before: map[sources.Entity]uint64{}}
	w.found.Store(&Found{})
	w.place()
	return w
}

// Renew has others compared from now on.
func (w *Watch) Renew(places []truth.Place) {
	w.wants = places
	w.place()
}

// Use has the copies of other buses compared from now on. A nil Watch compares none.
func (w *Watch) Use(buses []bus.Bus) {
	if w != nil {
		w.buses = buses
		w.place()
	}
}

// Leave has the copies of a bus compared no more. A nil Watch compares none.
func (w *Watch) Leave(left bus.Bus) {
	if w != nil {
		w.Use(slices.DeleteFunc(slices.Clone(w.buses), func(b bus.Bus) bool { return b == left }))
	}
}

func (w *Watch) place() {
	var all []place
	for _, p := range w.wants {
		for _, b := range w.buses {
			if copies, ok := p.On(b); ok {
				all = append(all, place{p, copies})
			}
		}
	}
	w.places.Store(&all)
}

// Any tells whether there is anything to compare with.
func (w *Watch) Any() bool { return w != nil && len(*w.places.Load()) > 0 }

// pause is between two comparisons: what differs is drift once it does so twice. Where a bus is slow to answer it is
// several times as long as that took, up to mostPause: a server that has much to do is not asked all the time.
const (
	pause     = time.Second
	mostPause = 5 * time.Second
	restFor   = 4
)

// Run compares until ctx ends, and tells when something is found to be otherwise.
func (w *Watch) Run(ctx context.Context, engine Engine, news func()) {
	for {
		began := time.Now()
		if s := engine.Snapshot(); w.Any() && s.View.At == 0 { // else what is shown is of the past
			if next, changed := w.compare(ctx, s); ctx.Err() == nil {
				w.found.Store(next)
				if changed {
					news()
				}
			}
		}
		select {
		case <-time.After(min(mostPause, max(pause, restFor*time.Since(began)))):
		case <-ctx.Done():
			return
		}
	}
}

// compare compares what a snapshot shows, and tells whether anything is other than it was.
func (w *Watch) compare(ctx context.Context, s *sources.Snapshot) (*Found, bool) {
	next := &Found{drifts: map[sources.Entity]truth.Drift{}, compared: map[sources.Entity]bool{}}
	differ := map[sources.Entity]uint64{}
	places := *w.places.Load()
	for i := range places {
		w.compareAt(ctx, &places[i], s, next, differ)
	}
	last := w.found.Load()
	w.before = differ
	return next, !next.same(last)
}

func (w *Watch) compareAt(ctx context.Context, p *place, s *sources.Snapshot, next *Found, differ map[sources.Entity]uint64) {
	var rows []sources.EntityRow
	if e := s.Entity; e != nil && e.Kind == p.Kind && e.Shown == e.Newest {
		rows = append(rows, whole(e))
		next.shown, next.path = e.Entity, p.Path(e.ID)
	}
	for i := range s.Entities.Rows {
		if r := &s.Entities.Rows[i]; r.Kind == p.Kind && r.Entity != next.shown {
			rows = append(rows, *r)
		}
	}
	for part := range slices.Chunk(rows, bus.CopiesAtOnce) {
		paths := make([]string, len(part))
		for i := range part {
			paths[i] = p.Path(part[i].ID)
		}
		copies, err := p.copies.Copies(ctx, paths)
		if err != nil {
			next.problem = err.Error()
			return
		}
		w.take(p, part, copies, next, differ)
	}
}

// take notes how some entities differ from their copies.
func (w *Watch) take(p *place, rows []sources.EntityRow, copies []bus.Copied, next *Found, differ map[sources.Entity]uint64) {
	for i := range rows {
		r := &rows[i]
		if r.Entity == next.shown && copies[i].Kept {
			next.fields, _ = truth.Fields(copies[i].Data)
		}
		if r.Partial || r.Evicted || r.Version == 0 {
			continue
		}
		next.compared[r.Entity] = true
		d, differs := p.Compare(r, copies[i], func(string) bool { return false })
		if !differs {
			continue
		}
		differ[r.Entity] = r.Version
		if version, again := w.before[r.Entity]; again && version == r.Version {
			next.drifts[r.Entity] = d
		}
	}
}

// whole is the row of an entity with all of its state.
func whole(e *sources.EntityDetail) sources.EntityRow {
	row := e.EntityRow
	row.Fields = nil
	for _, f := range e.State {
		if f.Name != state.StatusField {
			row.Fields = append(row.Fields, f.Field)
		}
	}
	return row
}

// same tells whether two comparisons show the same.
func (f *Found) same(other *Found) bool {
	if len(f.drifts) != len(other.drifts) || len(f.compared) != len(other.compared) || f.shown != other.shown ||
		f.problem != other.problem || len(f.fields) != len(other.fields) {
		return false
	}
	for entity, d := range f.drifts {
		o, there := other.drifts[entity]
		if !there || d.String() != o.String() {
			return false
		}
	}
	for name, v := range f.fields {
		if !v.Equal(other.fields[name]) {
			return false
		}
	}
	return true
}

// Of is how an entity differs from its copy; nil when it does not, or that is not known.
func (w *Watch) Of(e sources.Entity) *truth.Drift {
	if !w.Any() {
		return nil
	}
	if d, there := w.found.Load().drifts[e]; there {
		return &d
	}
	return nil
}

// Mark is what the row of an entity says of its copy; "" where they agree.
func (w *Watch) Mark(e sources.Entity) string {
	switch d := w.Of(e); {
	case d == nil:
		return ""
	case d.Sort == truth.NoCopy:
		return "no copy"
	}
	return "≠copy"
}

// Copy is the copy of the entity whose state is shown; false when there is none, or it was not read.
func (w *Watch) Copy(e sources.Entity) (fields map[string]state.Value, path string, ok bool) {
	if !w.Any() {
		return nil, "", false
	}
	f := w.found.Load()
	return f.fields, f.path, f.shown == e && f.fields != nil
}

// Counts are how many of the entities that are shown were compared, and how many of them differ.
func (w *Watch) Counts() (compared, drifts int, problem string) {
	if !w.Any() {
		return 0, 0, ""
	}
	f := w.found.Load()
	return len(f.compared), len(f.drifts), f.problem
}

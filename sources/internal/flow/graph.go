package flow

import (
	"cmp"
	"slices"
	"time"
)

// Graph is a state machine as it ran, in memory of its own.
type Graph struct {
	Kind     string
	Boxes    []Box // Boxes[0] is that of entities without status
	Arrows   []Arrow
	Entities uint64    // of the kind
	Unknown  uint64    // of them, those of which it is not known where they stand: their last events are held no more
	Events   uint64    // that were mined
	Missed   uint64    // that left before they were
	Lost     uint64    // along arrows for which there was no room
	Part     float64   // of what is held that was mined, from 0 to 1
	Waiting  []Waiting // in a box for longer than 99 of 100 that left it, the longest first; at most MostWaiting
	Waits    uint64    // how many they are in all
	Declared bool      // a domain says which statuses there are
	Time     time.Time // up to which it tells
}

// Box is a status, or a type of events that left entities without status where they are.
type Box struct {
	Name       string
	Type       bool          // Name is a type of events
	Entities   uint64        // that stand in it
	Left       uint64        // how often it was left
	P99        time.Duration // how long 99 of 100 that left it were in it at most; 0 while too few did
	Never      bool          // a domain declares it, and no entity was ever in it
	Undeclared bool          // it is none of those that a domain declares
}

// Arrow is what entities went along from one box to another or, where Refused, did not.
type Arrow struct {
	From, To    int // in Boxes; To is From where Refused
	Refused     bool
	Count       uint64
	Median, P95 time.Duration // how long the entity had been in From; 0 where it began there
	Timed       bool          // they are known
	Ways        []Way         // events by which it was gone, the most frequent first
	Rest        uint64        // by further ones
	Rare        bool          // fewer than RarePart of those that left From went along it
}

// Way is an event by which an arrow was gone, or refused for a reason, and how often.
type Way struct {
	Type, Reason string
	Count        uint64
}

// Waiting is an entity that waits longer than usual.
type Waiting struct {
	Slot  uint32
	ID    string
	Box   int
	Since time.Time
}

const (
	// MostWaiting bounds Graph.Waiting.
	MostWaiting = 100
	// LeastLeft is how often a box must have been left to say what is usual, or rare.
	LeastLeft = 20
	// RarePart is the part of those that left a box below which an arrow is rare.
	RarePart = 0.02
)

// Graph is the table as it is now, but for what only those know who have the entities.
func (t *Table) Graph(declared []string) *Graph {
	g := &Graph{Events: t.steps, Lost: t.lost, Declared: len(declared) > 0}
	for _, b := range t.boxes {
		x := Box{Name: b.name, Type: b.isType, Entities: b.standing, Left: b.stays.N(), P99: t.usual(b)}
		x.Undeclared = len(declared) > 0 && b.number > 0 && !slices.Contains(declared, b.name)
		g.Boxes = append(g.Boxes, x)
	}
	for _, name := range declared {
		if _, ok := t.byName[boxName{name, false}]; !ok {
			g.Boxes = append(g.Boxes, Box{Name: name, Never: true})
		}
	}
	out := make([]uint64, len(t.boxes)) // how often each was left
	for _, a := range t.arrows {
		if !a.refused && a.from != a.to {
			out[a.from] += a.n
		}
	}
	for _, a := range t.arrows {
		g.Arrows = append(g.Arrows, a.graph(out[a.from]))
	}
	slices.SortFunc(g.Arrows, func(a, b Arrow) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(b2i(a.Refused), b2i(b.Refused)), cmp.Compare(b.Count, a.Count), cmp.Compare(a.To, b.To))
	})
	return g
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// graph is an arrow as it is now; its box was left so often.
func (a *arrow) graph(left uint64) Arrow {
	x := Arrow{
		From: int(a.from), To: int(a.to), Refused: a.refused, Count: a.n, Timed: a.times.N() > 0, Rest: a.rest,
		Median: time.Duration(a.times.At(0.5)), P95: time.Duration(a.times.At(0.95)),
		Rare: !a.refused && a.from != a.to && left >= LeastLeft && float64(a.n) < RarePart*float64(left),
	}
	for _, w := range a.ways {
		x.Ways = append(x.Ways, Way{w.typ, w.reason, w.n})
	}
	slices.SortStableFunc(x.Ways, func(a, b Way) int { return cmp.Compare(b.Count, a.Count) })
	return x
}

// usual is how long 99 of 100 that left a box were in it at most; 0 while too few did.
func (t *Table) usual(b *box) time.Duration {
	if b.stays.N() < LeastLeft {
		return 0
	}
	return time.Duration(b.stays.At(0.99))
}

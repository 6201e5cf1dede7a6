package revisit

import (
	"math/bits"
	"sort"
)

// Checkpoint is how things were after an event.
type Checkpoint struct {
	Number   uint64   // of the event
	Time     int64    // of it, or of a later one before it
	Stations []Intake // by their index
	Kinds    []Kind   // by their number, from 0

	entities packed // those that were touched since the checkpoint that Checkpoints.since names
	names    packed // likewise those that were given
	touched  int    // entities that are written
	count    int    // entities that there were
}

// Intake is what was taken in of a station.
type Intake struct {
	Messages uint64    // that its feed had delivered
	Results  [5]uint64 // its events, by what they led to
}

// Kind is what is known of a kind of entities beside them.
type Kind struct {
	Rejected uint64
	Since    int64
}

// packed is something that is compressed.
type packed struct {
	bytes []byte
	size  int
}

// checkpoints are those that are kept. Entities are written as differences: the checkpoint at place i, counted from 1, has those
// that were touched since the one at i without its lowest bit. So an entity that is touched all the time is in a few of those
// that lead to a moment, and every other checkpoint can leave without a trace, which halves what they take.
type checkpoints struct {
	limit int64
	all   []*Checkpoint
	least uint64 // events between two
	apart uint64 // likewise, since they take much
	bytes int64
}

// There are so many times as many events between two checkpoints as entities were touched, so that writing them costs little beside
// taking in events.
const (
	eventsATouched = 6
	intakeCost     = 48
	checkpointCost = 160
)

// newest is the one that is kept of the latest event; nil for none.
func (c *checkpoints) newest() *Checkpoint {
	if len(c.all) == 0 {
		return nil
	}
	return c.all[len(c.all)-1]
}

// due tells whether one is to be made after an event.
func (c *checkpoints) due(number uint64) bool {
	last := c.newest()
	if last == nil {
		return number >= max(c.apart, c.least)
	}
	return number >= last.Number+max(c.apart, c.least, eventsATouched*uint64(last.touched))
}

// since is the event since which entities and names are written in the next one.
func (c *checkpoints) since() uint64 {
	i := uint(len(c.all) + 1)
	if before := i &^ (1 << bits.TrailingZeros(i)); before > 0 {
		return c.all[before-1].Number
	}
	return 0
}

// add keeps one, and thins them where they take too much.
func (c *checkpoints) add(p *Checkpoint) {
	c.all, c.bytes = append(c.all, p), c.bytes+p.held()
	for c.bytes > c.limit && len(c.all) > 0 {
		c.thin()
	}
}

func (p *Checkpoint) held() int64 {
	return int64(len(p.entities.bytes)+len(p.names.bytes)) + intakeCost*int64(len(p.Stations)) + 16*int64(len(p.Kinds)) + checkpointCost
}

// thin lets every other one leave.
func (c *checkpoints) thin() {
	kept := make([]*Checkpoint, 0, len(c.all)/2)
	for i := 1; i < len(c.all); i += 2 {
		kept = append(kept, c.all[i])
	}
	c.apart = 2 * c.newest().Number
	if n := uint64(len(kept)); n > 0 {
		c.apart = kept[n-1].Number / n
	}
	c.all, c.bytes = kept, 0
	for _, p := range kept {
		c.bytes += p.held()
	}
}

// before is the place, from 1, of the newest checkpoint up to an event; 0 is the beginning.
func (c *checkpoints) before(number uint64) int {
	return sort.Search(len(c.all), func(i int) bool { return c.all[i].Number > number })
}

// way are the checkpoints whose entities make those of the one at a place, the newest first.
func (c *checkpoints) way(place int) (all []*Checkpoint) {
	for i := uint(place); i > 0; i &^= 1 << bits.TrailingZeros(i) {
		all = append(all, c.all[i-1])
	}
	return all
}

// atTime is the number of the first event after which a time was surely passed; the greatest number where none is known.
func (c *checkpoints) atTime(unixNano int64) uint64 {
	for _, p := range c.all {
		if p.Time > unixNano {
			return p.Number
		}
	}
	return ^uint64(0)
}

// Package seconds counts events by the second in which they happened, and by station. Its memory is bounded: of older
// seconds many are counted together.
//
// A Line is for one goroutine; nothing in it blocks.
package seconds

import (
	"cmp"
	"slices"
	"sort"
)

// Counts are the events of one station in one second, or in several.
type Counts struct {
	Events  uint32
	Refused uint32
	Faults  uint32 // failed or undecodable
	Last    uint64 // the highest number among them
}

// Fault counts an event as refused, or as one that could not be folded or read.
func (c *Counts) Fault(refused bool) {
	if refused {
		c.Refused++
	} else {
		c.Faults++
	}
}

// cell is the counts of one station from a second on.
type cell struct {
	second  int64
	width   uint32 // seconds
	station uint32
	Counts
}

const cellCost = 48

// Line is the counts. Its zero value is ready, once Limit is set.
type Line struct {
	Limit int64 // bytes

	cells   []cell // by second, then station
	pending []cell // not in their places yet
}

// mostPending bounds the cells that wait for their places.
const mostPending = 1024

// widths are how many seconds are counted together where there is no memory for fewer.
var widths = [...]uint32{1, 10, 60, 600, 3600}

// Held is the memory that is taken.
func (l *Line) Held() int64 { return cellCost * int64(cap(l.cells)+cap(l.pending)) }

// Clear forgets everything.
func (l *Line) Clear() { l.cells, l.pending = nil, nil }

// Add counts events of a station in a second.
func (l *Line) Add(second int64, station int, c Counts) {
	l.pending = append(l.pending, cell{second, 1, uint32(station), c})
	if len(l.pending) >= mostPending {
		l.settle()
	}
}

// settle puts what waits into its place.
func (l *Line) settle() {
	if len(l.pending) == 0 {
		return
	}
	slices.SortStableFunc(l.pending, compare)
	at := len(l.cells)
	for at > 0 && l.cells[at-1].second+int64(l.cells[at-1].width) > l.pending[0].second {
		at--
	}
	tail := slices.Concat(l.cells[at:], l.pending)
	slices.SortStableFunc(tail, compare)
	l.cells, l.pending = append(l.cells[:at], tail...), l.pending[:0]
	l.join(at)
	for l.Held() > l.Limit && len(l.cells) > 1 {
		l.coarsen()
	}
}

func compare(a, b cell) int {
	return cmp.Or(cmp.Compare(a.second, b.second), cmp.Compare(a.station, b.station), cmp.Compare(b.width, a.width))
}

// join adds up cells from an index on that are of one station, where one lies within the other.
func (l *Line) join(from int) {
	within := map[uint32]int{} // the last cell of each station
	kept := l.cells[:from]
	for _, c := range l.cells[from:] {
		if i, ok := within[c.station]; ok && c.second < kept[i].second+int64(kept[i].width) {
			k := &kept[i]
			k.Events, k.Refused, k.Faults, k.Last = k.Events+c.Events, k.Refused+c.Refused, k.Faults+c.Faults, max(k.Last, c.Last)
			continue
		}
		kept = append(kept, c)
		within[c.station] = len(kept) - 1
	}
	l.cells = kept
}

// coarsen makes room: the older half of the cells counts more seconds together; where that does not help, the oldest leave.
func (l *Line) coarsen() {
	n := len(l.cells)
	old := l.cells[:(n+1)/2]
	finest := widths[len(widths)-1]
	for i := range old {
		finest = min(finest, old[i].width)
	}
	next, found := slices.BinarySearch(widths[:], finest)
	if found {
		next++
	}
	merged := &Line{}
	if next < len(widths) {
		for _, c := range old {
			if c.width < widths[next] {
				c.second, c.width = floor(c.second, int64(widths[next])), widths[next]
			}
			merged.cells = append(merged.cells, c)
		}
		slices.SortStableFunc(merged.cells, compare)
		merged.join(0)
	}
	if len(merged.cells) > len(old)*3/4 {
		merged.cells = merged.cells[len(merged.cells)/2:]
	}
	l.cells = slices.Concat(merged.cells, l.cells[len(old):])
	l.pending = nil
}

func floor(a, by int64) int64 {
	r := a % by
	if r < 0 {
		r += by
	}
	return a - r
}

// Turn counts one event of a station in a second otherwise, now that what it led to is another: as what is gained, not as what is
// lost. Of a second that was forgotten nothing is counted.
func (l *Line) Turn(second int64, station int, lost, gained Counts) {
	l.settle()
	widest := int64(widths[len(widths)-1])
	for i := sort.Search(len(l.cells), func(i int) bool { return l.cells[i].second > second }) - 1; i >= 0 && l.cells[i].second > second-widest; i-- {
		if c := &l.cells[i]; c.station == uint32(station) && second < c.second+int64(c.width) {
			c.Turn(lost, gained)
			return
		}
	}
}

// Turn counts an event otherwise: as what is gained, not as what is lost.
func (c *Counts) Turn(lost, gained Counts) {
	c.Refused = c.Refused - min(c.Refused, lost.Refused) + gained.Refused
	c.Faults = c.Faults - min(c.Faults, lost.Faults) + gained.Faults
}

// Trim forgets seconds all of whose events have numbers below first.
func (l *Line) Trim(first uint64) {
	if l.settle(); len(l.cells) > 0 && l.cells[0].Last < first {
		l.cells = slices.DeleteFunc(l.cells, func(c cell) bool { return c.Last < first })
	}
}

// Extent is the first second with an event, and the one behind the last; false when there is none.
func (l *Line) Extent() (from, to int64, ok bool) {
	l.settle()
	if len(l.cells) == 0 {
		return 0, 0, false
	}
	for _, c := range l.cells[max(0, len(l.cells)-1000):] {
		to = max(to, c.second+int64(c.width))
	}
	return l.cells[0].second, to, true
}

// LastBefore is the highest number of an event that happened before a second; 0 when there is none.
func (l *Line) LastBefore(second int64) uint64 {
	l.settle()
	last := uint64(0)
	for i := range l.cells {
		c := &l.cells[i]
		if c.second >= second {
			break
		}
		last = max(last, c.Last)
	}
	return last
}

// Rates calls back with how many events of a station there were in each of so many seconds before one, counted from the
// first of them. Seconds that are counted together share evenly.
func (l *Line) Rates(before int64, seconds int, each func(station, second int, events float64)) {
	l.settle()
	from := before - int64(seconds)
	begin := sort.Search(len(l.cells), func(i int) bool { return l.cells[i].second > from-int64(widths[len(widths)-1]) })
	for i := begin; i < len(l.cells) && l.cells[i].second < before; i++ {
		c := &l.cells[i]
		for s := max(c.second, from); s < min(c.second+int64(c.width), before); s++ {
			each(int(c.station), int(s-from), float64(c.Events)/float64(c.width))
		}
	}
}

// Columns adds up all stations in n parts of equal length of the time from one second to another. Last is, for each, the
// highest number up to its end.
func (l *Line) Columns(from, to int64, n int) []Column {
	l.settle()
	out := make([]Column, n)
	if n == 0 || to <= from {
		return out
	}
	before := uint64(0)
	span := float64(to-from) / float64(n)
	for i := range l.cells {
		c := &l.cells[i]
		if c.second < from {
			before = max(before, c.Last)
		}
		for s := max(c.second, from); s < min(c.second+int64(c.width), to); s++ {
			k := min(int(float64(s-from)/span), n-1)
			o := &out[k]
			share := 1 / float64(c.width)
			o.Events, o.Refused, o.Faults = o.Events+float64(c.Events)*share, o.Refused+float64(c.Refused)*share, o.Faults+float64(c.Faults)*share
			o.Last = max(o.Last, c.Last)
		}
	}
	for i := range out {
		before = max(before, out[i].Last)
		out[i].Last = before
	}
	return out
}

// Column is a part of a time.
type Column struct {
	Events, Refused, Faults float64
	Last                    uint64 // the highest number of an event up to its end; 0 when there is none
}

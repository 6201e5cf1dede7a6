// Package sketch says of many values, in little memory, what a half or 95 of 100 of them are below, and how many different ones
// there are.
//
// A sketch is for one goroutine. Nothing in it blocks.
package sketch

import "math"

// Quantiles are many numbers, counted in bins whose width grows with the numbers in them: a bin is what the numbers in it have
// in common of their bits, so that finding it takes a nanosecond. The zero value has none.
type Quantiles struct {
	above, below bins // the sizes of numbers over and under 0
	zeros        uint64
	n            uint64
	sum          float64
	least, most  float64
	parts        bool // there are numbers that are not whole
}

// Accuracy is how far At may be from the true number, as a part of it.
const Accuracy = 1.0 / 128

const (
	mantissa = 6              // bits of the mantissa that tell bins apart: 64 bins from a number to its double
	shift    = 52 - mantissa  // of the bits of a float64
	grain    = 64             // bins are made in so many
	mostBins = 32 << mantissa // numbers down to one four billion times smaller than the largest are told apart
)

// bins count numbers over 0.
type bins struct {
	first  int // number of the first bin
	counts []uint32
}

// Add adds a number. What is none, or infinite, is left out.
func (q *Quantiles) Add(x float64) {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return
	case x > 0:
		q.above.add(binOf(x))
	case x < 0:
		q.below.add(binOf(-x))
	default:
		q.zeros++
	}
	if q.n == 0 || x < q.least {
		q.least = x
	}
	if q.n == 0 || x > q.most {
		q.most = x
	}
	q.n++
	q.sum += x
	q.parts = q.parts || x != math.Trunc(x)
}

func binOf(x float64) int { return int(math.Float64bits(x) >> shift) }

// middle is the number in the middle of a bin.
func middle(bin int) float64 {
	return math.Float64frombits(uint64(bin)<<shift | 1<<(shift-1))
}

func (b *bins) add(bin int) {
	at := bin - b.first
	if at < 0 || at >= len(b.counts) {
		b.reach(bin)
		at = max(bin-b.first, 0) // what is smaller than all bins is counted in the first
	}
	if b.counts[at] < math.MaxUint32 {
		b.counts[at]++
	}
}

// reach makes room for a bin; where there would be too many, the lowest become one.
func (b *bins) reach(bin int) {
	from, to := bin&^(grain-1), (bin|(grain-1))+1
	if len(b.counts) > 0 {
		from, to = min(from, b.first), max(to, b.first+len(b.counts))
	}
	from = max(from, to-mostBins)
	if from == b.first && to == b.first+len(b.counts) {
		return
	}
	counts := make([]uint32, to-from)
	for i, n := range b.counts {
		at := max(b.first+i-from, 0)
		counts[at] = uint32(min(uint64(counts[at])+uint64(n), math.MaxUint32))
	}
	b.first, b.counts = from, counts
}

// N is how many numbers there are.
func (q *Quantiles) N() uint64 { return q.n }

// Sum is their sum.
func (q *Quantiles) Sum() float64 { return q.sum }

// Least is the smallest of them; 0 when there is none.
func (q *Quantiles) Least() float64 { return q.least }

// Most is the largest of them; 0 when there is none.
func (q *Quantiles) Most() float64 { return q.most }

// At is the number up to which a part of them lies, from 0 to 1; 0 when there is none.
func (q *Quantiles) At(part float64) float64 {
	if q.n == 0 {
		return 0
	}
	rank := uint64(math.Ceil(part * float64(q.n)))
	switch {
	case rank <= 1:
		return q.least
	case rank >= q.n:
		return q.most
	}
	x := q.ranked(rank)
	if !q.parts {
		x = math.Trunc(x) // it lies in the same bin
	}
	return min(max(x, q.least), q.most)
}

// ranked is about the number that so many are not above.
func (q *Quantiles) ranked(rank uint64) float64 {
	for i := len(q.below.counts) - 1; i >= 0; i-- {
		n := uint64(q.below.counts[i])
		if n >= rank {
			return -middle(q.below.first + i)
		}
		rank -= n
	}
	if q.zeros >= rank {
		return 0
	}
	rank -= q.zeros
	for i, n := range q.above.counts {
		if uint64(n) >= rank {
			return middle(q.above.first + i)
		}
		rank -= uint64(n)
	}
	return q.most
}

// Bytes is about what it takes.
func (q *Quantiles) Bytes() int64 {
	const fixed, each = 120, 4
	return fixed + each*int64(len(q.above.counts)+len(q.below.counts))
}

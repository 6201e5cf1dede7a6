package slab

import "math/bits"

// Index finds records by hash. It hashes linearly: each record that is added splits one bucket, so that no addition
// costs more than another however many there are. It keeps the records too, in a slab; freed ones are used again.
type Index[T any, P linked[T]] struct {
	Slab[T]
	heads Slab[uint32] // by bucket: the first record of its chain + 1
	count uint32
	free  uint32 // the first unused record + 1
}

// linked is a record that can stand in a chain.
type linked[T any] interface {
	*T
	Chain() *Link
}

// Link is a record's place in its chain.
type Link struct {
	hash uint32
	Next uint32 // index + 1, 0 at the end
}

// First is the first record of the chain of a hash, + 1.
func (x *Index[T, P]) First(hash uint32) uint32 {
	if x.heads.n == 0 {
		return 0
	}
	return *x.heads.At(x.bucket(hash))
}

// Match goes along a chain, from a record + 1, to the first with that hash, + 1.
func (x *Index[T, P]) Match(here, hash uint32) uint32 {
	for here != 0 {
		l := P(x.At(here - 1)).Chain()
		if l.hash == hash {
			return here
		}
		here = l.Next
	}
	return 0
}

func (x *Index[T, P]) bucket(hash uint32) uint32 {
	mask := mask(x.heads.n)
	if b := hash & mask; b < x.heads.n {
		return b
	}
	return hash & (mask >> 1)
}

// mask is 2^k-1 for the smallest 2^k that is at least n, which is at least 1.
func mask(n uint32) uint32 { return 1<<bits.Len32(n-1) - 1 }

// Add makes a record with that hash, zero but for its link, and returns its index.
func (x *Index[T, P]) Add(hash uint32) uint32 {
	x.split()
	var i uint32
	if x.free != 0 {
		i = x.free - 1
		x.free = P(x.At(i)).Chain().Next
		var zero T
		*x.At(i) = zero
	} else {
		i = x.grow()
	}
	x.chainIn(i, hash)
	x.count++
	return i
}

func (x *Index[T, P]) chainIn(i, hash uint32) {
	head := x.heads.At(x.bucket(hash))
	*P(x.At(i)).Chain() = Link{hash: hash, Next: *head}
	*head = i + 1
}

// split makes one more bucket when there are more records than buckets.
func (x *Index[T, P]) split() {
	if x.heads.n > x.count {
		return
	}
	fresh := x.heads.grow()
	*x.heads.At(fresh) = 0
	if fresh == 0 {
		return
	}
	head := x.heads.At(fresh & (mask(x.heads.n) >> 1))
	here := *head
	*head = 0
	for here != 0 {
		l := P(x.At(here - 1)).Chain()
		next := l.Next
		x.chainIn(here-1, l.hash)
		here = next
	}
}

// Remove takes a record out; its place is used again.
func (x *Index[T, P]) Remove(i uint32) {
	l := P(x.At(i)).Chain()
	place := x.heads.At(x.bucket(l.hash))
	for *place != i+1 {
		place = &P(x.At(*place - 1)).Chain().Next
	}
	*place = l.Next
	l.Next = x.free
	x.free = i + 1
	x.count--
}

// Count is how many records there are.
func (x *Index[T, P]) Count() int { return int(x.count) }

// Reuses tells whether the next record takes the place of one that was removed.
func (x *Index[T, P]) Reuses() bool { return x.free != 0 }

// Grows tells whether the next record takes more memory.
func (x *Index[T, P]) Grows() bool { return x.free == 0 && x.Slab.n%slabPage == 0 }

// Bytes is what the index holds.
func (x *Index[T, P]) Bytes() int64 { return x.Slab.bytes() + x.heads.bytes() }

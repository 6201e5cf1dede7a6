package sources

import "math/bits"

// index finds records by hash. It hashes linearly: each record that is added splits one bucket, so that no addition
// costs more than another however many there are. It keeps the records too, in a slab; freed ones are used again.
type index[T any, P linked[T]] struct {
	slab[T]
	heads slab[uint32] // by bucket: the first record of its chain + 1
	count uint32
	free  uint32 // the first unused record + 1
}

// linked is a record that can stand in a chain.
type linked[T any] interface {
	*T
	chain() *link
}

// link is a record's place in its chain.
type link struct {
	hash uint32
	next uint32 // index + 1, 0 at the end
}

// first is the first record of the chain of a hash, + 1.
func (x *index[T, P]) first(hash uint32) uint32 {
	if x.heads.n == 0 {
		return 0
	}
	return *x.heads.at(x.bucket(hash))
}

// match goes along a chain, from a record + 1, to the first with that hash, + 1.
func (x *index[T, P]) match(here, hash uint32) uint32 {
	for here != 0 {
		l := P(x.at(here - 1)).chain()
		if l.hash == hash {
			return here
		}
		here = l.next
	}
	return 0
}

func (x *index[T, P]) bucket(hash uint32) uint32 {
	mask := mask(x.heads.n)
	if b := hash & mask; b < x.heads.n {
		return b
	}
	return hash & (mask >> 1)
}

// mask is 2^k-1 for the smallest 2^k that is at least n, which is at least 1.
func mask(n uint32) uint32 { return 1<<bits.Len32(n-1) - 1 }

// add makes a record with that hash, zero but for its link, and returns its index.
func (x *index[T, P]) add(hash uint32) uint32 {
	x.split()
	var i uint32
	if x.free != 0 {
		i = x.free - 1
		x.free = P(x.at(i)).chain().next
		var zero T
		*x.at(i) = zero
	} else {
		i = x.grow()
	}
	x.chainIn(i, hash)
	x.count++
	return i
}

func (x *index[T, P]) chainIn(i, hash uint32) {
	head := x.heads.at(x.bucket(hash))
	*P(x.at(i)).chain() = link{hash: hash, next: *head}
	*head = i + 1
}

// split makes one more bucket when there are more records than buckets.
func (x *index[T, P]) split() {
	if x.heads.n > x.count {
		return
	}
	fresh := x.heads.grow()
	*x.heads.at(fresh) = 0
	if fresh == 0 {
		return
	}
	head := x.heads.at(fresh & (mask(x.heads.n) >> 1))
	here := *head
	*head = 0
	for here != 0 {
		l := P(x.at(here - 1)).chain()
		next := l.next
		x.chainIn(here-1, l.hash)
		here = next
	}
}

// remove takes a record out; its place is used again.
func (x *index[T, P]) remove(i uint32) {
	l := P(x.at(i)).chain()
	place := x.heads.at(x.bucket(l.hash))
	for *place != i+1 {
		place = &P(x.at(*place - 1)).chain().next
	}
	*place = l.next
	l.next = x.free
	x.free = i + 1
	x.count--
}

// bytes is what the index holds.
func (x *index[T, P]) bytes() int64 { return x.slab.bytes() + x.heads.bytes() }

package revisit

import (
	"encoding/binary"
	"sort"
)

// Order is from which station each event came, in the order of their numbers.
type Order struct {
	limit   int64
	packer  *packer
	pages   []orderPage
	open    []byte // runs that are not in a page yet
	station uint16 // of the run that goes on
	run     uint64 // its events so far
	end     uint64 // number of the newest event that is known
	bytes   int64
	full    bool
}

// orderPage is runs of events of one station: each its station and how many they are.
type orderPage struct {
	first  uint64 // number of its first event
	packed []byte
	size   int
}

const (
	runsInPage = 64 << 10 // bytes
	pageCost   = 64
)

// add notes the station of the next event; of what there is no room for, nothing is known.
func (o *Order) add(station uint16) {
	if o.full {
		return
	}
	if o.end++; o.station == station && o.run > 0 {
		o.run++
		return
	}
	if o.run > 0 {
		o.open = binary.AppendUvarint(binary.AppendUvarint(o.open, uint64(o.station)), o.run)
		if len(o.open) >= runsInPage {
			o.close()
		}
	}
	o.station, o.run = station, 1
}

// close makes a page of the runs that are over.
func (o *Order) close() {
	first := o.firstOpen()
	p := orderPage{first: first, packed: o.packer.pack(o.open), size: len(o.open)}
	o.pages, o.open, o.bytes = append(o.pages, p), o.open[:0], o.bytes+int64(len(p.packed))+pageCost
	if o.full = o.bytes > o.limit; o.full {
		o.end, o.run = o.end-1, 0 // the event that is noted comes behind the pages
	}
}

// firstOpen is the number of the first event that is in no page.
func (o *Order) firstOpen() uint64 {
	n := uint64(0)
	for from := o.open; len(from) > 0; {
		_, size := binary.Uvarint(from)
		count, more := binary.Uvarint(from[size:])
		n, from = n+count, from[size+more:]
	}
	return o.end - n // where close asks, the event at hand is counted in end and in no run
}

// held is the memory that is taken.
func (o *Order) held() int64 { return o.bytes + int64(cap(o.open)) }

// along goes through the stations of events.
type along struct {
	order  *Order
	number uint64 // of the event that comes next
	page   int
	data   []byte // of the page; nil while it is not unpacked
	at     int    // in it, or in what is in no page yet
	now    uint16
	left   uint64 // events of the run at hand
	given  uint64 // events of the run that goes on that were told of
}

// from begins at an event.
func (o *Order) from(number uint64) *along {
	a := &along{order: o, number: 1}
	if a.page = max(sort.Search(len(o.pages), func(i int) bool { return o.pages[i].first > number })-1, 0); a.page < len(o.pages) {
		a.number = o.pages[a.page].first
	}
	for a.number < number {
		if _, ok := a.peek(); !ok {
			break
		}
		n := min(number, o.end+1) - a.number
		if a.left > 0 {
			n = min(n, a.left)
		}
		a.skip(n)
	}
	return a
}

// peek is the station of the next event; false where that is not known yet, or will never be.
func (a *along) peek() (station uint16, ok bool) {
	o := a.order
	for a.left == 0 {
		from := o.open
		if a.page < len(o.pages) {
			if a.data == nil {
				a.data = o.packer.unpack(o.pages[a.page].packed, o.pages[a.page].size)
			}
			from = a.data
		}
		if a.at < len(from) {
			station, size := binary.Uvarint(from[a.at:])
			count, more := binary.Uvarint(from[a.at+size:])
			a.at += size + more
			a.now, a.left, a.given = uint16(station), count-a.given, 0
			continue
		}
		if a.page < len(o.pages) {
			a.page, a.data, a.at = a.page+1, nil, 0
			continue
		}
		return o.station, a.number <= o.end
	}
	return a.now, true
}

// skip goes on from the event that was peeked at.
func (a *along) skip(n uint64) {
	if a.number += n; a.left > 0 {
		a.left -= n
		return
	}
	a.given += n
}

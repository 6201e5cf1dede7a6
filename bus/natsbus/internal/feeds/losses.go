package feeds

import (
	"slices"

	"github.com/nats-io/nats.go/jetstream"
)

// losses finds the messages of a stream that were gone before they could be read: the sequences that did not come, but for
// those that were missing already when reading began. Only the feed's goroutine uses it.
type losses struct {
	next   uint64 // sequence that is to come
	read   mark   // what was read last; before the first message, a time before which nothing can be lost
	gone   gone
	copies bool   // the stream copies another one, and with it sequences that it never had
	unsure bool   // before the next message there may be more losses than its sequence tells
	found  []loss // to be told
}

// mark is a message that was read.
type mark struct {
	sequence uint64 // 0: none
	nano     int64  // when it was stored
}

// loss is a stretch in which messages were lost.
type loss struct {
	from, to     uint64
	missed       uint64
	since, until int64 // when the messages before and after it were stored
	unsure       bool  // there may be more
}

// maxFound bounds how many losses wait to be told.
const maxFound = 256

// pass notes that a message came.
func (l *losses) pass(sequence uint64, nano int64) {
	l.skip(sequence, nano)
	if sequence <= l.gone.until {
		l.gone.came++
	}
	l.read = mark{sequence, nano}
	l.next = max(l.next, sequence+1)
	l.find(l.gone.rest(l.next))
}

// skip notes that nothing below a sequence will come any more; nano is when the message there was stored, or the present.
func (l *losses) skip(sequence uint64, nano int64) {
	if sequence <= l.next {
		return
	}
	one := loss{from: l.next, to: sequence - 1, since: l.read.nano, until: max(nano, l.read.nano), unsure: l.unsure}
	l.next, l.unsure = sequence, false
	if l.copies {
		return
	}
	one.missed = l.gone.lostOf(one)
	l.find(one)
	l.find(l.gone.rest(sequence))
}

// find notes a loss, if anything was lost.
func (l *losses) find(one loss) {
	if one.missed > 0 {
		l.found = append(l.found, one)
	}
}

// contradicts tells whether a stream's state cannot be that of the stream that was read: it lacks sequences that there were,
// or its first message is younger than one that was read and has no later sequence.
func (l *losses) contradicts(info *jetstream.StreamInfo) bool {
	state := info.State
	return state.LastSeq < max(l.read.sequence, l.gone.until) ||
		state.Msgs > 0 && state.FirstSeq <= l.read.sequence && state.FirstTime.UnixNano() > l.read.nano
}

// gone is the sequences that were missing already when reading began: they are no loss.
type gone struct {
	until   uint64   // the newest sequence then
	deleted []uint64 // in order; those that were told
	some    bool     // too many to be told: how many of the others are lost is known when all that there was has been read
	there   uint64   // messages that there were
	came    uint64   // messages that came of those
	span    loss     // from the first of the sequences that did not come to the last
}

// maxDeleted bounds how many deleted sequences a server is asked for.
const maxDeleted = 50_000

// before is what was missing of a stream when reading began, from a sequence on.
func before(info *jetstream.StreamInfo, start uint64) gone {
	g := gone{until: info.State.LastSeq, deleted: info.State.Deleted}
	if len(g.deleted) < info.State.NumDeleted {
		g.some = true
		if start <= info.State.FirstSeq {
			g.there = info.State.Msgs
		}
	}
	return g
}

// lostOf counts the messages that were lost in a stretch in which none came. Where that is not known yet they count later.
func (g *gone) lostOf(l loss) uint64 {
	missed := l.to - l.from + 1
	if g.some && l.from <= g.until {
		missed -= min(l.to, g.until) - l.from + 1
		if g.span.from == 0 {
			g.span = l
		}
		g.span.to, g.span.until = min(l.to, g.until), l.until
		return missed
	}
	at, _ := slices.BinarySearch(g.deleted, l.from)
	end, exact := slices.BinarySearch(g.deleted, l.to)
	if exact {
		end++
	}
	g.deleted = g.deleted[end:]
	return missed - uint64(end-at)
}

// rest is what was lost of the messages that there were when reading began, once nothing below next will come any more.
func (g *gone) rest(next uint64) loss {
	if !g.some || next <= g.until {
		return loss{}
	}
	g.some = false
	g.span.missed = g.there - min(g.there, g.came)
	return g.span
}

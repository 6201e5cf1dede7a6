package feeds

import (
	"time"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/names"
)

// Bounds of a batch: of how many messages it is, and how many producers of these are told.
const (
	mostMessages  = 2048
	mostProducers = 200
)

// merge makes a batch of what the partitions have, the oldest message first, until one that may have an older message has
// none left. nil is nothing at all.
func (f *Feed) merge() *bus.Batch {
	out := bus.NewBatch(f.size())
	out.Gaps, out.Dropped = f.gaps, f.dropped
	f.gaps, f.dropped = nil, 0
	for out.Len() < mostMessages && out.End() < bus.FullBatch && !f.awaits() && len(f.gaps) == 0 {
		p := f.oldest()
		if p == nil || !f.settled(p) {
			break
		}
		f.add(out, p)
		f.step(p)
		for f.poll() {
		}
	}
	f.flags(out)
	f.tellProducers()
	if out.Len() == 0 && len(out.Gaps) == 0 && out.Dropped == 0 && !out.CaughtUp && !out.Concluded && !out.Ended {
		out.Release()
		return nil
	}
	return out
}

// size is how many bytes the messages take that are there, about.
func (f *Feed) size() int {
	n := 0
	for _, p := range f.parts {
		if p.batch != nil {
			n += p.batch.End() - p.at + bus.Weight(&p.message)
		}
	}
	if n > bus.FullBatch/2 {
		return bus.FullBatch
	}
	return n
}

// oldest is the partition that has the oldest message, or nil.
func (f *Feed) oldest() *part {
	var first *part
	for _, p := range f.parts {
		if p.has && (first == nil || p.message.UnixNano < first.message.UnixNano) {
			first = p
		}
	}
	return first
}

// settles is how long a message waits for an older one of another partition.
const settles = 20 * time.Millisecond

// settled tells whether a message that is the oldest goes on: every other partition has a younger one, or had time enough to
// hand over an older one.
func (f *Feed) settled(p *part) bool {
	for _, other := range f.parts {
		if !other.has && !other.ended {
			now := time.Now()
			return now.Sub(p.arrived) >= settles || now.Sub(p.message.Time()) >= settles || len(f.parts) == 1
		}
	}
	return true
}

// add adds the next message of a partition, unless it is more than was asked for.
func (f *Feed) add(out *bus.Batch, p *part) {
	if f.skip > 0 {
		f.skip--
		return
	}
	m := p.message
	m.Subject, m.Position = names.Shown(m.Subject), f.place(p, m.Position)
	name := m.Headers.Get(producedBy)
	if name == "" {
		name = m.Headers.Get(producedByOld)
	}
	if _, known := f.producers[name]; name != "" && (known || len(f.producers) < mostProducers) {
		if !known { // the text is the batch's
			name = string(append([]byte(nil), name...))
		}
		f.producers[name] = m.UnixNano
	}
	out.Add(&m)
}

// flags says what holds behind the messages of a batch.
func (f *Feed) flags(out *bus.Batch) {
	caught, ended, concluded := true, true, true
	for _, p := range f.parts {
		caught = caught && p.caught
		ended = ended && p.ended
		concluded = concluded && (p.concluded || p.ended)
	}
	if caught && !f.told {
		f.told, f.again, f.skip, out.CaughtUp = true, false, 0, true
	}
	if caught && f.again {
		f.again, out.CaughtUp = false, true
	}
	if ended {
		f.ended, out.Ended = true, true
	}
	if some := f.anyConcluded(); concluded && some {
		out.Concluded = true
		for _, p := range f.parts {
			p.concluded = false
		}
	}
}

func (f *Feed) anyConcluded() bool {
	for _, p := range f.parts {
		if p.concluded {
			return true
		}
	}
	return false
}

// tellProducers tells who sent what was read.
func (f *Feed) tellProducers() {
	for name, nano := range f.producers {
		f.set.produced(f.station.Name, name, time.Unix(0, nano))
	}
	clear(f.producers)
}

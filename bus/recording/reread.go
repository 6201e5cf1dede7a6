package recording

import (
	"context"

	"signalbox/bus"
)

// Reread implements bus.Rereader.
func (b *Bus) Reread(_ context.Context, row bus.Station, from bus.From, after uint64) (bus.Feed, error) {
	return b.open(row, from, after)
}

// pass goes on to the block that has the first message which is not left out: what is all left out is not read.
func (f *feed) pass() {
	for f.leave > 0 && f.block < f.station.end && f.isWhole(f.block) && f.station.parts[f.block].Messages <= f.leave {
		f.leave -= f.station.parts[f.block].Messages
		f.block++
	}
}

// isWhole tells whether all messages of a block are delivered.
func (f *feed) isWhole(block int) bool {
	s, p := f.station, &f.station.parts[block]
	_, damaged := f.bus.unsound.Load(s.heads[block])
	before := uint64(0)
	if block > 0 {
		before = s.upTo[block-1]
	}
	return !damaged && f.wants == nil && f.skip <= before && (p.Messages == 0 || f.bus.isKept(p.First) && f.bus.isKept(p.Last))
}

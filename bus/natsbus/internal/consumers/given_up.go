package consumers

import (
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus/natsbus/internal/deadletters"
)

// givenUp is how many messages a consumer has given up: they were delivered as often as it allows, and not acknowledged.
//
// The server tells how many messages were delivered more than once and not acknowledged (redelivered), given up ones among
// them for ever, and how many it waits for (pending), given up ones not among them. So it is no more than the former, no
// less than their difference, and known when nothing is pending. Between such moments what was heard is counted.
type givenUp struct {
	n     int  // at least
	exact bool // otherwise it may be more

	base  int    // it was so many,
	heard int    // when so many had been heard of,
	watch uint64 // and nothing can have been missed since while the watch is this one; 0 is never
}

// count takes in what a server tells, and what was known to be dead before and after it was asked.
func (g *givenUp) count(info *jetstream.ConsumerInfo, told, after deadletters.Tally, watch uint64) {
	before := told.GivenUp
	if info.Config.MaxDeliver <= 0 || info.Config.AckPolicy == jetstream.AckNonePolicy {
		*g = givenUp{exact: true}
		return
	}
	least, most := max(0, info.NumRedelivered-info.NumAckPending), info.NumRedelivered
	if deadletters.Hidden(info) {
		least, most = 0, int(info.Delivered.Consumer)
	}
	least = max(least, min(max(before, told.Listed, g.n), most)) // a message that was given up stays so, but for a late acknowledgement
	if g.watch != watch {
		g.watch = 0
	}
	if g.watch != 0 {
		known := max(least, min(most, g.base+before-g.heard))
		least, most = known, known
	}
	g.n, g.exact = least, least == most
	if watch != 0 && g.exact && before == after.GivenUp {
		g.base, g.heard, g.watch = g.n, before, watch
	}
}

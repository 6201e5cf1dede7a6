package consumers

import (
	"signalbox/bus"
	"signalbox/bus/natsbus/internal/subjects"
)

// Standing judges how far a consumer is with a message. Between what was acknowledged without exception and what was
// delivered last, a server tells how many are unacknowledged, and not which: only when it is all of them that is known.
// What the server takes for acknowledged includes messages that were given up: where there may be some of which it is not known
// which they are, nothing that was delivered before this session listened is said to be done.
func (l *Lister) Standing(c bus.Consumer, subject string, at bus.Position) (standing bus.Standing, who string) {
	seq, floor, delivered := at.Major, c.AckFloor.Major, c.Delivered.Major
	switch {
	case !subjects.Read(c.Filters, subject), seq > 0 && seq < c.First.Major:
		return bus.Filtered, ""
	case seq == 0: // it came by subject, and where it was stored is not known
		return bus.Unknown, ""
	}
	fate := l.log.Fate(c.Station, c.Name, seq)
	switch {
	case fate != "":
		return fate, ""
	case c.Acks == "none" && seq <= delivered, seq <= floor, seq <= delivered && c.Unacked == 0:
		if c.First.IsZero() || seq <= c.Heard.Major && (c.Unlisted > 0 || c.AtLeast) {
			return bus.Unknown, ""
		}
		return bus.Done, ""
	case seq > delivered:
		return bus.Waiting, ""
	case c.Acks == "all", uint64(c.Unacked) == delivered-floor:
		return bus.Delivered, ""
	default:
		return bus.Unknown, ""
	}
}

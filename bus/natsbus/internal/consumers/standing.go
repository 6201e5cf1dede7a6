package consumers

import (
	"signalbox/bus"
	"signalbox/bus/natsbus/internal/subjects"
)

// Standing judges how far a consumer is with a message. Between what was acknowledged without exception and what was
// delivered last, a server tells how many are unacknowledged, and not which: only when it is all of them that is known.
// Acknowledged is what the server takes for it: that includes messages given up before this session watched.
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
		if c.First.IsZero() {
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

package deck

import "signalbox/ui/screen"

// Time: a frozen view stands still while collecting goes on; the time cursor takes every pane back. Both are the same
// thing to the source, which answers for the number of an event; a frozen view also keeps its stations and consumers.

// freeze freezes the view, or lets it go on.
func (d *deck) freeze() {
	if d.still != nil {
		d.toNow()
		return
	}
	d.still, d.frozenAt = d.snap, d.source.Last()
	if d.at == 0 {
		d.at = d.frozenAt
	}
	d.events.hold(d)
}

// toNow goes back to now and follows again.
func (d *deck) toNow() {
	d.still, d.at = nil, 0
	d.events.cursor = 0
}

// newer is how many events have come since the view was frozen.
func (d *deck) newer() uint64 { return max(d.source.Last(), d.frozenAt) - d.frozenAt }

// elsewhen tells whether the time cursor stands somewhere else than where the view was frozen.
func (d *deck) elsewhen() bool { return d.at != 0 && (d.still == nil || d.at != d.frozenAt) }

// travel moves the time cursor by so many events. Beyond the newest it is now again.
func (d *deck) travel(by int) {
	from, last := d.at, d.source.Last()
	switch {
	case last == 0 || from == 0 && by > 0:
		return
	case from == 0:
		from = last
	}
	to := from + uint64(max(by, 0))
	if by < 0 {
		to = d.shownBefore(from, -by)
	}
	if to >= last {
		d.toNow()
		return
	}
	d.at, d.events.cursor = max(to, 1), 0
}

// shownBefore steps back along the rows that are shown, as far as they are at hand, so that what a filter hides is
// stepped over.
func (d *deck) shownBefore(from uint64, steps int) uint64 {
	rows := d.snap.Events.Rows
	at := len(rows)
	for at > 0 && rows[at-1].Number >= from {
		at--
	}
	if at -= steps; at >= 0 && at < len(rows) {
		return rows[at].Number
	}
	return from - min(uint64(steps), from-1)
}

// cursorTime is the time of the event that the time cursor stands on.
func (d *deck) cursorTime() string {
	rows := d.snap.Events.Rows
	for i := len(rows) - 1; i >= 0; i-- {
		if rows[i].Number <= d.at {
			return d.clock(rows[i].Time(), true)
		}
	}
	return "event " + screen.Grouped(d.at)
}

package sources

import (
	"cmp"
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/sources/internal/samples"
)

// Each second what buses tell of stations and consumers is kept as numbers and texts, so that it can be shown for any moment.

// mostSampled bounds the stations, and the consumers, that are kept.
const mostSampled = 1000

// sampling is what a sample is made of.
type sampling struct {
	facts     samples.Facts
	layout    *sampled
	consumers *ConsumerRow // the first of those that sorted is of: the rows are replaced as a whole
	sorted    []ConsumerRow
}

// sampled says whose facts a sample has.
type sampled struct {
	stations  int
	consumers []ConsumerRow // what does not change of them
}

// The numbers of a sample: one for all, then those of each station, then those of each consumer.
const (
	atPast = iota // messages of the past were taken in
	ofAll
)

const (
	atMessages = iota
	atBytes
	atConsumers
	atFirstMajor
	atFirstMinor
	atLastMajor
	atLastMinor
	atEvicted
	atDropped
	atUnread
	atMissed
	atGaps
	atSeen
	atExpected
	atReading
	atCatchingUp
	atNewest // time of the newest event
	ofStation
)

const (
	atLag = iota
	atUnacked
	atRedelivered
	atGivenUp
	atAtLeast
	atUnlisted
	atTerminated
	atWaiting
	atAckLimit
	atMaxDeliver
	atDelivered
	atDeliveredMajor
	atDeliveredMinor
	atAckFloor
	atAckFloorMajor
	atAckFloorMinor
	atPaused
	atActive
	atRate
	atLagRate
	atCaughtUp
	atSeverity
	ofConsumer
)

// textsOfConsumer are the word and the sentence of its diagnosis.
const textsOfConsumer = 2

// thousand keeps three digits of rates behind the point.
const thousand = 1000

// sample keeps how things are; past tells that messages of the past were taken in since the last one.
func (x *then) sample(past bool) { x.sampleAt(x.now(), past) }

// sampleAt keeps how things were at a time, which is not before that of the last one.
func (x *then) sampleAt(at time.Time, past bool) {
	if x.store.Window.Nothing {
		return
	}
	x.countSeconds()
	if w := x.store.Window; w.Total() > 0 {
		x.store.Entities.Forgets(w.First())
		if x.revisits.visits == nil { // else all moments can be gone to
			x.line.Trim(w.First())
			x.album.Trim(w.Get(w.First()).Time())
		}
	}
	x.sortConsumers(x.attached.consumers)
	stations := x.attached.stations[:min(len(x.attached.stations), mostSampled)]
	if x.layout == nil || x.layout.stations != len(stations) || !slices.EqualFunc(x.layout.consumers, x.sorted, sameConsumer) {
		x.layout = &sampled{stations: len(stations), consumers: slices.Clone(x.sorted)}
		for i := range x.layout.consumers {
			c := &x.layout.consumers[i]
			c.Members, c.Pending, c.Details, c.Lags, c.Diagnosis = nil, nil, nil, nil, Diagnosis{}
		}
	}
	f := &x.facts
	f.Layout, f.Ints, f.Texts = x.layout, append(f.Ints[:0], flag(past)), f.Texts[:0]
	for _, s := range stations {
		f.Ints = appendStation(f.Ints, s)
		f.Texts = append(f.Texts, s.refused)
	}
	for i := range x.sorted {
		c := &x.sorted[i]
		f.Ints = appendConsumer(f.Ints, c)
		f.Texts = append(f.Texts, c.Diagnosis.Word, c.Diagnosis.Text)
	}
	x.album.Take(at.UnixNano(), x.store.Window.Next()-1, *f)
}

// sortConsumers puts consumers in an order that stays.
func (s *sampling) sortConsumers(rows []ConsumerRow) {
	if len(rows) == 0 {
		s.sorted, s.consumers = nil, nil
		return
	}
	if s.consumers == &rows[0] {
		return
	}
	s.consumers, s.sorted = &rows[0], slices.Clone(rows)
	slices.SortFunc(s.sorted, func(a, b ConsumerRow) int {
		return cmp.Or(cmp.Compare(a.Bus, b.Bus), cmp.Compare(a.Station, b.Station), cmp.Compare(a.Name, b.Name))
	})
	s.sorted = s.sorted[:min(len(s.sorted), mostSampled)]
}

// sameConsumer tells whether two rows are of one consumer, which reads the same.
func sameConsumer(a, b ConsumerRow) bool {
	return a.Bus == b.Bus && a.Station == b.Station && a.Name == b.Name && a.Kind == b.Kind && a.Acks == b.Acks &&
		a.Positions == b.Positions && a.Created.Equal(b.Created) && slices.Equal(a.Filters, b.Filters)
}

func flag(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

func appendStation(to []int64, s *station) []int64 {
	r, l := &s.row, &s.ledger
	to = append(to, int64(r.Messages), int64(r.Bytes), int64(r.Consumers), int64(r.First.Major), int64(r.First.Minor),
		int64(r.Last.Major), int64(r.Last.Minor), int64(l.Evicted), int64(l.Dropped), int64(l.Unread), int64(l.Missed), int64(l.GapCount), int64(s.seen))
	expected, reading, catching := uint64(0), false, false
	if f := s.feed; f != nil {
		expected, reading, catching = f.expected, !f.ended, !f.caughtUp && !f.ended
	}
	return append(to, int64(expected), flag(reading), flag(catching), s.last)
}

// stationFacts are the numbers of a station in a sample; nil when it has none.
func stationFacts(s *samples.Sample, i int) []int64 {
	if s == nil || i >= s.Layout.(*sampled).stations {
		return nil
	}
	return s.Ints[ofAll+i*ofStation:][:ofStation]
}

// readAccount fills in what was taken in of a station, but for what its events led to.
func readAccount(x []int64, row *StationRow) {
	l := &row.Ledger
	gaps := len(l.Gaps) - int(l.GapCount-min(uint64(x[atGaps]), l.GapCount))
	l.Gaps, l.GapCount = l.Gaps[:max(gaps, 0)], uint64(x[atGaps])
	l.Evicted, l.Dropped, l.Unread, l.Missed = uint64(x[atEvicted]), uint64(x[atDropped]), uint64(x[atUnread]), uint64(x[atMissed])
	row.Seen, row.Expected, row.Reading, row.Backfill = uint64(x[atSeen]), uint64(x[atExpected]), x[atReading] != 0, 1
	if x[atCatchingUp] != 0 {
		row.Backfill = 0
		if row.Expected > 0 {
			row.Backfill = min(mostBackfill, float64(row.Seen)/float64(row.Expected))
		}
	}
	if row.Last = (time.Time{}); x[atNewest] != 0 {
		row.Last = time.Unix(0, x[atNewest])
	}
}

// readStation fills in what the broker told of a station.
func readStation(x []int64, row *StationRow) {
	r := &row.Station
	r.Messages, r.Bytes, r.Consumers = uint64(x[atMessages]), uint64(x[atBytes]), int(x[atConsumers])
	r.First = bus.Position{Major: uint64(x[atFirstMajor]), Minor: uint64(x[atFirstMinor])}
	r.Last = bus.Position{Major: uint64(x[atLastMajor]), Minor: uint64(x[atLastMinor])}
	r.BySubject, r.MoreSubjects = nil, 0
}

func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func timeOf(nanos int64) time.Time {
	if nanos == 0 {
		return time.Time{}
	}
	return time.Unix(0, nanos)
}

func appendConsumer(to []int64, c *ConsumerRow) []int64 {
	return append(to, c.Lag, c.Unacked, c.Redelivered, c.GivenUp, flag(c.AtLeast), c.Unlisted, c.Terminated, c.Waiting, c.AckLimit, c.MaxDeliver,
		int64(c.Delivered.Partition), int64(c.Delivered.Major), int64(c.Delivered.Minor),
		int64(c.AckFloor.Partition), int64(c.AckFloor.Major), int64(c.AckFloor.Minor),
		nanos(c.PausedUntil), nanos(c.LastActive), int64(c.Rate*thousand), int64(c.LagRate*thousand), int64(c.CaughtUp), int64(c.Diagnosis.Severity))
}

// consumersOf are the consumers as they were at a sample, with how their lags were in the minute before it.
func consumersOf(s *samples.Sample, album *samples.Album) []ConsumerRow {
	of := s.Layout.(*sampled)
	rows := slices.Clone(of.consumers)
	ints, texts := s.Ints[ofAll+of.stations*ofStation:], s.Texts[of.stations:]
	for i := range rows {
		c, x := &rows[i], ints[i*ofConsumer:]
		c.Lag, c.Unacked, c.Redelivered, c.GivenUp, c.AtLeast = x[atLag], x[atUnacked], x[atRedelivered], x[atGivenUp], x[atAtLeast] != 0
		c.Unlisted, c.Terminated, c.Waiting, c.AckLimit, c.MaxDeliver = x[atUnlisted], x[atTerminated], x[atWaiting], x[atAckLimit], x[atMaxDeliver]
		c.Delivered = bus.Position{Partition: uint32(x[atDelivered]), Major: uint64(x[atDeliveredMajor]), Minor: uint64(x[atDeliveredMinor])}
		c.AckFloor = bus.Position{Partition: uint32(x[atAckFloor]), Major: uint64(x[atAckFloorMajor]), Minor: uint64(x[atAckFloorMinor])}
		c.PausedUntil, c.LastActive = timeOf(x[atPaused]), timeOf(x[atActive])
		c.Rate, c.LagRate, c.CaughtUp = float64(x[atRate])/thousand, float64(x[atLagRate])/thousand, time.Duration(x[atCaughtUp])
		c.Diagnosis = Diagnosis{Severity: int(x[atSeverity]), Word: texts[textsOfConsumer*i], Text: texts[textsOfConsumer*i+1]}
	}
	album.Before(s.Time, mostLags, func(s *samples.Sample) {
		ints := s.Ints[ofAll+of.stations*ofStation:]
		for i := range rows {
			rows[i].Lags = append(rows[i].Lags, float64(max(0, ints[i*ofConsumer+atLag])))
		}
	})
	for i := range rows {
		rows[i].Lags = rows[i].Lags[max(0, len(rows[i].Lags)-mostLags):]
	}
	return rows
}

// mostLags is how many samples of its lag a consumer shows.
const mostLags = 60

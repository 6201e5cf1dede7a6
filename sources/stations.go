package sources

import (
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/sources/internal/rate"
	"signalbox/sources/internal/seconds"
	"signalbox/sources/internal/store"
	"signalbox/sources/subjects"
)

// StationRow is one station in the stations pane.
type StationRow struct {
	Key      string // unique in the session: the name, with the bus before it when there are several
	Bus      string
	Station  bus.Station
	Reading  bool      // a feed is open on it
	Refused  string    // why it cannot be read, or ""
	Offer    *Offer    // it is none yet, but what looks like events and can be read by Engine.Take; nil for all others
	Detached time.Time // since when it is not attached any more; zero while it is
	Rate     float64   // events a second over the last second, without what is read of the past
	Rates    []float64 // the last 60 seconds, oldest first
	Intake   float64   // messages taken in over the last second, those of the past included
	Ledger   Ledger
	From     string
	Backfill float64   // 0 to 1 while it catches up with what it held when opened, 1 when live
	Seen     uint64    // messages of the backfill taken in
	Expected uint64    // messages there were to be read when it was opened; 0 when that is not known
	Last     time.Time // its newest event
	Unfolds  bool      // its subjects are counted one by one: View.Subjects can ask for them

	Endpoints []Endpoint // of a service whose requests are read; nil at an earlier moment

	Unsampled bool // of an earlier moment: nobody looked then at what the broker says of it
}

// station is what the engine keeps of one station.
type station struct {
	store.Place
	bus    *attached
	row    bus.Station
	ledger Ledger
	rates  rate.Counter // of what is published while it is read
	past   uint64       // messages of the backfill taken in since the last tick
	intake uint64       // messages taken in in the last whole second
	from   bus.From
	feed   *feed // nil when none is open

	refused    string
	offer      *Offer         // nil once it is read; never changed, only replaced
	domain     string         // that knew the offer
	detached   time.Time      // since when it is not attached any more; zero while it is
	gone       bool           // it was not there when the stations were last listed
	unlisted   bool           // it was made here for a while, and taken away
	begunLate  bool           // late as it was when it was opened
	begunUntil int64          // likewise lateUntil
	late       bool           // messages before the first one that will be read were not seen
	lateUntil  int64          // up to which time, about, while none has come
	counted    bool           // its messages are numbered one by one
	sequence   uint64         // of the newest of them; 0 when none was read
	retry      time.Time      // not to be opened again before
	retryAfter time.Duration  // between two tries
	seen       uint64         // messages of the backfill taken in
	last       int64          // time of its newest event
	newest     bus.Position   // of its newest event or, while none has come, of what it had when it was opened from new
	exchanges  *exchanges     // nil where messages are no requests and replies
	subjects   *subjects.Tree // nil where all events come on one
	crowded    bool           // it was said that they are more than are counted

	second   int64          // the one, as nanoseconds, of whose events there are so many that the engine's line does not have yet
	inSecond seconds.Counts //
}

// be takes what the broker says of the station now.
func (s *station) be(row bus.Station) {
	s.row, s.Name, s.Kind = row, row.Name, row.Kind
	if s.Traits == nil || *s.Traits != row.Traits {
		s.Traits = &row.Traits
	}
	if row.Exchanges && s.exchanges == nil {
		s.exchanges = &exchanges{endpoints: map[string]*endpoint{}}
	}
}

// gap notes a stretch that was or may have been missed.
func (s *station) gap(g bus.Gap) {
	l := &s.ledger
	found := Gap{
		Station: s.Key, Since: g.Since, Until: g.Until, From: s.row.Positions.Format(g.From), To: s.row.Positions.Format(g.To),
		Missed: g.Missed, Unknown: g.Unknown, Why: g.Why,
	}
	l.Gaps = slices.Concat(l.Gaps[max(0, len(l.Gaps)-MaxGaps+1):], []Gap{found}) // snapshots share the old ones
	l.GapCount++
	l.Missed += g.Missed
}

// view is the station's row.
func (s *station) view() StationRow {
	r := StationRow{
		Key: s.Key, Bus: s.Bus, Station: s.row, Reading: s.feed != nil && !s.feed.ended, Refused: s.refused, Offer: s.offer, Detached: s.detached,
		Rate: s.rates.Now(), Rates: s.rates.List(), Intake: float64(s.intake), Ledger: s.ledger, From: s.from.String(), Backfill: s.backfill(),
		Unfolds: s.subjects != nil, Endpoints: s.exchanges.rows(),
	}
	if r.Seen = s.seen; s.feed != nil {
		r.Expected = s.feed.expected
	}
	if s.last != 0 {
		r.Last = time.Unix(0, s.last)
	}
	return r
}

// backfill is how far the station is with what it held when it was opened.
func (s *station) backfill() float64 {
	if s.feed == nil || s.feed.caughtUp || s.feed.ended {
		return 1
	}
	if s.feed.expected == 0 {
		return 0
	}
	return min(mostBackfill, float64(s.seen)/float64(s.feed.expected))
}

// mostBackfill is how far one is at most that is not there.
const mostBackfill = 0.99

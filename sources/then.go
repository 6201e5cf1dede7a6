package sources

import (
	"math"
	"time"

	"signalbox/sources/diagnosis"
	"signalbox/sources/internal/rate"
	"signalbox/sources/internal/samples"
	"signalbox/sources/internal/seconds"
	"signalbox/sources/internal/store"
	"signalbox/sources/internal/window"
)

// Then is the earlier moment that a Snapshot shows: everything in it but Buses, Dead, Breaks, Invariants and Notices is as
// it was then.
type Then struct {
	Number  uint64    // of the event after which everything is shown
	Time    time.Time // of that event, or the moment that was asked for; zero when the event is held no more
	Sampled time.Time // when the stations and consumers were looked at as they are shown; zero: they were not, then
	Since   time.Time // the first time that they were looked at as far as that is kept; zero: never
}

// then is what is remembered of earlier moments.
type then struct {
	store    *store.Store
	attached *attachments
	now      func() time.Time

	revisits *revisits

	album samples.Album
	line  seconds.Line
	sampling
	shown *thenShown // of the moment that was asked for last
}

// How much of what is held goes into what is remembered of earlier moments: one part in so many for each of the two.
const (
	albumInHeld = 64
	lineInHeld  = 96
)

func newThen(held int64, st *store.Store, attached *attachments, now func() time.Time) then {
	return then{store: st, attached: attached, now: now, album: samples.Album{Limit: held / albumInHeld}, line: seconds.Line{Limit: held / lineInHeld}}
}

func (x *then) held() int64 { return x.album.Held() + x.line.Held() }

// forget forgets which events there were.
func (x *then) forget() {
	x.line.Clear()
	x.shown = nil
	for _, s := range x.attached.stations {
		s.inSecond = seconds.Counts{}
	}
}

// countSecond hands over the events that were counted of a second, and begins another.
func (x *then) countSecond(s *station, unixNano int64) {
	if s.inSecond.Events > 0 && !x.store.Window.Nothing {
		x.line.Add(secondOf(s.second), int(s.Index), s.inSecond)
	}
	s.inSecond, s.second = seconds.Counts{}, secondOf(unixNano)*int64(time.Second)
}

// secondOf is the second in which a time lies.
func secondOf(unixNano int64) int64 { return time.Unix(0, unixNano).Unix() }

// turn notes that an event which was counted led to something else, now that what came before it is known.
func (x *then) turn(s *station, unixNano int64, was, is window.Result) {
	lost, gained := countsOf(was), countsOf(is)
	if second := secondOf(unixNano); s.inSecond.Events > 0 && second == secondOf(s.second) {
		s.inSecond.Turn(lost, gained)
	} else {
		x.line.Turn(second, int(s.Index), lost, gained)
	}
}

// countsOf is how an event that led to a result counts among what went wrong.
func countsOf(result window.Result) (c seconds.Counts) {
	switch result {
	case window.Rejected:
		c.Fault(true)
	case window.Failed, window.Undecodable:
		c.Fault(false)
	}
	return c
}

// countSeconds hands over what was counted of the seconds that are not over.
func (x *then) countSeconds() {
	for _, s := range x.attached.stations {
		if s.inSecond.Events > 0 {
			x.countSecond(s, s.second)
		}
	}
}

// thenShown is what a snapshot shows of one moment.
type thenShown struct {
	Then
	asked     View // of which At and Moment matter
	known     int  // stations that were known when this was made
	live      bool // nothing was sampled since: it is to be made anew
	tallies   tallies
	stations  []StationRow
	place     []int // of each station in stations; -1 when it was not there yet
	consumers []ConsumerRow
	rates     []float64
	ledger    Ledger
}

// lookBack shows in a snapshot how things were.
func (x *then) lookBack(v *View, s *Snapshot) {
	t := x.shown
	if t == nil || t.live || t.asked.At != v.At || t.asked.Moment != v.Moment || t.known != len(x.attached.stations) {
		t = x.showing(v, t)
		x.shown = t
	}
	s.Then, s.Stations, s.Consumers, s.Ledger = &t.Then, t.stations, t.consumers, t.ledger
	s.Rates, s.Rate = t.rates, t.rates[rate.Seconds-1]
}

// showing finds out how things were; before is what was shown last, or nil.
func (x *then) showing(v *View, before *thenShown) *thenShown {
	x.countSeconds()
	t := &thenShown{Then: Then{Number: min(v.At, x.store.Window.Next()-1)}, asked: *v, known: len(x.attached.stations)}
	switch same := before != nil && before.asked.At == v.At; {
	case v.Moment != 0:
		t.Time = time.Unix(0, v.Moment)
	case x.revisits.storeOf(t.Number).Window.Has(t.Number):
		t.Time = time.Unix(0, x.revisits.storeOf(t.Number).Window.Get(t.Number).Time())
	case same:
		t.Time = before.Time
	}
	if first := x.album.First(); first != 0 {
		t.Since = time.Unix(0, first)
	}
	counted, facts := x.samplesOf(t)
	t.tallies = x.talliesAt(t.Number, before)
	t.show(x, counted, facts)
	return t
}

// samplesOf are the samples that tell of a moment: of what was taken in, and of stations and consumers. Each is nil where now
// tells it, the second one with t.Sampled being zero where nothing does.
func (x *then) samplesOf(t *thenShown) (counted, facts *samples.Sample) {
	past := x.attached.takesPast()
	if s, ok := x.album.AfterEvent(t.Number); ok {
		counted = &s
		past = s.Ints[atPast] != 0
	}
	t.live = counted == nil
	switch {
	case t.asked.Moment == 0 && !past && counted != nil:
		facts = counted
	case t.asked.Moment == 0 && !past, x.now().Sub(t.Time) < time.Second:
		t.Sampled = x.now()
	default:
		if s, ok := x.album.AtTime(t.Time.Add(time.Second / 2).UnixNano()); ok && t.Time.UnixNano()-s.Until < int64(mostStale) {
			facts = &s
		}
	}
	if facts != nil {
		t.Sampled = time.Unix(0, max(facts.Time, min(facts.Until, t.Time.UnixNano())))
	}
	return counted, facts
}

// mostStale is how old a sample may be that is shown for a moment.
const mostStale = 2 * time.Minute

// tallies are events by their station and what they led to.
type tallies [][window.Undecodable + 1]int64

// talliesAt are those up to an event: of all events without those after it, or of what was asked last without, or with, those
// between.
func (x *then) talliesAt(number uint64, before *thenShown) tallies {
	sums := make(tallies, len(x.attached.stations))
	if of, w, ok := x.revisits.resultsAt(number); ok {
		for i := range of {
			for result, n := range of[i].Results {
				sums[i][result] = int64(n)
			}
		}
		w.Each(number+1, w.Next(), func(_ uint64, held window.Held) { sums[held.Station()][held.Result()]-- })
		return sums
	}
	from := x.store.Window.Next() - 1
	distance := func(n uint64) uint64 { return max(n, number) - min(n, number) }
	if before != nil && distance(before.Number) < distance(from) && before.Number+1 >= x.store.Window.First() {
		from = before.Number
		copy(sums, before.tallies)
	} else {
		for i, s := range x.attached.stations {
			l := &s.ledger
			sums[i] = [...]int64{
				window.NotFolded: int64(l.Unfolded), window.Folded: int64(l.Folded), window.Rejected: int64(l.Rejected),
				window.Failed: int64(l.Failed), window.Undecodable: int64(l.Undecodable),
			}
		}
	}
	step := int64(1)
	if number < from {
		step = -1
	}
	x.store.Window.Each(min(number, from)+1, max(number, from)+1, func(_ uint64, held window.Held) {
		sums[held.Station()][held.Result()] += step
	})
	return sums
}

// show makes the rows.
func (t *thenShown) show(x *then, counted, facts *samples.Sample) {
	t.rates = make([]float64, rate.Seconds)
	rates := make([][]float64, len(x.attached.stations))
	x.line.Rates(secondOf(t.Time.UnixNano()), rate.Seconds, func(station, second int, n float64) {
		if rates[station] == nil {
			rates[station] = make([]float64, rate.Seconds)
		}
		rates[station][second] += n
		t.rates[second] += n
	})
	for i, s := range x.attached.stations {
		row := s.view()
		row.Rates, row.Rate, row.Intake = rate.Silence, 0, 0
		if rates[i] != nil {
			row.Rates, row.Rate = rates[i], math.Round(rates[i][rate.Seconds-1])
		}
		t.account(&row, i, counted)
		t.place = append(t.place, -1)
		if there := t.describe(&row, i, facts); there || row.Ledger.Received > 0 {
			t.place[i] = len(t.stations)
			t.stations = append(t.stations, row)
			t.ledger.add(&row.Ledger)
		}
	}
	switch {
	case facts != nil:
		t.consumers = consumersOf(facts, &x.album)
		diagnosis.Sort(t.consumers)
	case !t.Sampled.IsZero():
		t.consumers = x.attached.consumers
	}
}

// account says what was taken in of a station; counted is nil where the rest of its account is that of now.
func (t *thenShown) account(row *StationRow, i int, counted *samples.Sample) {
	l, sum := &row.Ledger, &t.tallies[i]
	if x := stationFacts(counted, i); x != nil {
		readAccount(x, row)
	}
	at := func(r window.Result) uint64 { return uint64(max(sum[r], 0)) }
	l.Undecodable, l.Folded, l.Rejected = at(window.Undecodable), at(window.Folded), at(window.Rejected)
	l.Failed, l.Unfolded = at(window.Failed), at(window.NotFolded)
	l.Decoded = l.Folded + l.Rejected + l.Failed + l.Unfolded
	l.Received = l.Decoded + l.Undecodable + l.Dropped
	l.Evicted = min(l.Evicted, l.Decoded+l.Undecodable)
	l.Held = l.Decoded + l.Undecodable - l.Evicted
	if !t.Time.IsZero() && row.Last.After(t.Time) {
		row.Last = t.Time
	}
}

// describe says what the broker told of a station; false when it was not listed.
func (t *thenShown) describe(row *StationRow, i int, facts *samples.Sample) bool {
	if facts == nil {
		row.Unsampled = t.Sampled.IsZero()
		return true
	}
	x := stationFacts(facts, i)
	if x == nil {
		row.Unsampled = true
		return i >= mostSampled
	}
	readStation(x, row)
	return true
}

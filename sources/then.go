package sources

import (
	"math"
	"time"

	"signalbox/sources/diagnosis"
	"signalbox/sources/internal/rate"
	"signalbox/sources/internal/samples"
	"signalbox/sources/internal/seconds"
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

func newThen(held int64) then {
	return then{album: samples.Album{Limit: held / albumInHeld}, line: seconds.Line{Limit: held / lineInHeld}}
}

func (t *then) held() int64 { return t.album.Held() + t.line.Held() }

// forget forgets which events there were.
func (t *then) forget(stations []*station) {
	t.line.Clear()
	t.shown = nil
	for _, s := range stations {
		s.inSecond = seconds.Counts{}
	}
}

// countSecond hands over the events that were counted of a second, and begins another.
func (e *Engine) countSecond(s *station, unixNano int64) {
	if s.inSecond.Events > 0 && !e.store.Window.Nothing {
		e.then.line.Add(secondOf(s.second), int(s.Index), s.inSecond)
	}
	s.inSecond, s.second = seconds.Counts{}, secondOf(unixNano)*int64(time.Second)
}

// secondOf is the second in which a time lies.
func secondOf(unixNano int64) int64 { return time.Unix(0, unixNano).Unix() }

// countSeconds hands over what was counted of the seconds that are not over.
func (e *Engine) countSeconds() {
	for _, s := range e.attached.stations {
		if s.inSecond.Events > 0 {
			e.countSecond(s, s.second)
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
func (e *Engine) lookBack(v *View, s *Snapshot) {
	t := e.then.shown
	if t == nil || t.live || t.asked.At != v.At || t.asked.Moment != v.Moment || t.known != len(e.attached.stations) {
		t = e.thenOf(v, t)
		e.then.shown = t
	}
	s.Then, s.Stations, s.Consumers, s.Ledger = &t.Then, t.stations, t.consumers, t.ledger
	s.Rates, s.Rate = t.rates, t.rates[rate.Seconds-1]
}

// thenOf finds out how things were; before is what was shown last, or nil.
func (e *Engine) thenOf(v *View, before *thenShown) *thenShown {
	e.countSeconds()
	t := &thenShown{Then: Then{Number: min(v.At, e.store.Window.Next()-1)}, asked: *v, known: len(e.attached.stations)}
	switch same := before != nil && before.asked.At == v.At; {
	case v.Moment != 0:
		t.Time = time.Unix(0, v.Moment)
	case e.store.Window.Has(t.Number):
		t.Time = time.Unix(0, e.store.Window.Get(t.Number).Time())
	case same:
		t.Time = before.Time
	}
	if first := e.then.album.First(); first != 0 {
		t.Since = time.Unix(0, first)
	}
	counted, facts := e.samplesOf(t)
	t.tallies = e.talliesAt(t.Number, before)
	t.show(e, counted, facts)
	return t
}

// samplesOf are the samples that tell of a moment: of what was taken in, and of stations and consumers. Each is nil where now
// tells it, the second one with t.Sampled being zero where nothing does.
func (e *Engine) samplesOf(t *thenShown) (counted, facts *samples.Sample) {
	past := e.attached.takesPast()
	if s, ok := e.then.album.AfterEvent(t.Number); ok {
		counted = &s
		past = s.Ints[atPast] != 0
	}
	t.live = counted == nil
	switch {
	case t.asked.Moment == 0 && !past && counted != nil:
		facts = counted
	case t.asked.Moment == 0 && !past, e.now().Sub(t.Time) < time.Second:
		t.Sampled = e.now()
	default:
		if s, ok := e.then.album.AtTime(t.Time.Add(time.Second / 2).UnixNano()); ok && t.Time.UnixNano()-s.Until < int64(mostStale) {
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
func (e *Engine) talliesAt(number uint64, before *thenShown) tallies {
	sums := make(tallies, len(e.attached.stations))
	from := e.store.Window.Next() - 1
	distance := func(n uint64) uint64 { return max(n, number) - min(n, number) }
	if before != nil && distance(before.Number) < distance(from) && before.Number+1 >= e.store.Window.First() {
		from = before.Number
		copy(sums, before.tallies)
	} else {
		for i, s := range e.attached.stations {
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
	e.store.Window.Each(min(number, from)+1, max(number, from)+1, func(_ uint64, held window.Held) {
		sums[held.Station()][held.Result()] += step
	})
	return sums
}

// show makes the rows.
func (t *thenShown) show(e *Engine, counted, facts *samples.Sample) {
	t.rates = make([]float64, rate.Seconds)
	rates := make([][]float64, len(e.attached.stations))
	e.then.line.Rates(secondOf(t.Time.UnixNano()), rate.Seconds, func(station, second int, n float64) {
		if rates[station] == nil {
			rates[station] = make([]float64, rate.Seconds)
		}
		rates[station][second] += n
		t.rates[second] += n
	})
	for i, s := range e.attached.stations {
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
		t.consumers = consumersOf(facts, &e.then.album)
		diagnosis.Sort(t.consumers)
	case !t.Sampled.IsZero():
		t.consumers = e.attached.consumers
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

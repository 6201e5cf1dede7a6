package sources

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"signalbox/bus"
	"signalbox/sources/internal/rate"
)

// counted is what an engine that took in events up to one says of them.
func counted(s *Snapshot) []Ledger {
	var out []Ledger
	for _, r := range s.Stations {
		r.Ledger.Gaps, r.Ledger.Unread = nil, 0
		out = append(out, r.Ledger)
	}
	all := s.Ledger
	all.Gaps, all.Unread = nil, 0
	return append(out, all)
}

// The counts at a cursor are those of an engine that took in no more than the events up to it, wherever it stood before.
func TestCountsThenAreThoseOfAFreshIntake(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		stations := []string{"s", "t"}
		var texts, where []string
		for range rapid.IntRange(1, 40).Draw(rt, "events") {
			text := drawText(rt, false)
			if rapid.IntRange(0, 9).Draw(rt, "unreadable") == 0 {
				text = "unreadable"
			}
			texts, where = append(texts, text), append(where, rapid.SampledFrom(stations).Draw(rt, "station"))
		}
		e, ctx := running(rt, Options{})
		b := newMemoryBus(stations...)
		attach(ctx, rt, e, b)
		sampled := rapid.SliceOfNDistinct(rapid.IntRange(0, len(texts)-1), 0, 5, rapid.ID).Draw(rt, "sampled after")
		for i, text := range texts {
			b.send(ctx, rt, e, where[i], batchOf(message(i, text)))
			if slices.Contains(sampled, i) {
				if err := e.requests.do(ctx, func() { e.then.sample(false) }); err != nil {
					rt.Fatal(err)
				}
			}
		}
		filters := []*EntityFilter{nil, NewFilter(func(r *EntityRow) bool { return r.Version%2 == 1 })}
		for range 3 {
			view := EntitiesView{
				Kind: rapid.SampledFrom([]string{"", "thing"}).Draw(rt, "kind"), Top: rapid.IntRange(0, 2).Draw(rt, "top"), Rows: 10,
				Sort:       rapid.SampledFrom([]string{"", "id", "status", "version", "budget"}).Draw(rt, "sort"),
				Descending: rapid.Bool().Draw(rt, "descending"), Filter: filters[rapid.IntRange(0, 1).Draw(rt, "filter")],
			}
			at := rapid.IntRange(1, len(texts)).Draw(rt, "cursor")
			fresh, freshly := running(rt, Options{})
			other := newMemoryBus(stations...)
			attach(freshly, rt, fresh, other)
			for i, text := range texts[:at] {
				other.send(freshly, rt, fresh, where[i], batchOf(message(i, text)))
			}
			want := looks(freshly, rt, fresh, View{Entities: view}, func(s *Snapshot) bool {
				return s.Last == uint64(at) && s.Entities.Searched == s.Entities.Total
			})
			got := looks(ctx, rt, e, View{At: uint64(at), Entities: view}, func(s *Snapshot) bool {
				return s.Then != nil && s.Entities.Searched == s.Entities.Total && len(s.Entities.Rows) >= min(len(want.Entities.Rows), s.Entities.Matching)
			})
			if got, want := entitiesText(got), entitiesText(want); got != want {
				rt.Fatalf("at %d, %+v:\n%s, want\n%s", at, view, got, want)
			}
			if !slices.EqualFunc(counted(got), counted(want), func(a, b Ledger) bool { return a.sameAs(&b) }) {
				rt.Fatalf("at %d:\n%+v, want\n%+v", at, counted(got), counted(want))
			}
			if got.Then.Number != uint64(at) || !got.Then.Time.Equal(time.Unix(int64(at-1), 0)) {
				rt.Fatalf("%+v, want event %d", got.Then, at)
			}
			rates := make([]float64, rate.Seconds)
			for i := range at - 1 {
				if n := i - (at - 1) + rate.Seconds; n >= 0 {
					rates[n]++
				}
			}
			if !slices.Equal(got.Rates, rates) {
				rt.Fatalf("at %d: %v, want %v", at, got.Rates, rates)
			}
		}
	})
}

// entitiesText writes what a snapshot says of entities.
func entitiesText(s *Snapshot) string {
	x := s.Entities
	text := fmt.Sprint(x.Total, x.Matching, x.Top, x.Rejected, x.Partial, x.Kinds, x.Statuses)
	for _, r := range x.Rows {
		text += fmt.Sprint("\n", r.Entity, r.Version, r.Status, r.Rejected, r.Touched.Unix())
		for _, f := range r.Fields {
			text += fmt.Sprint(" ", f.Name, "=", f.Value)
		}
	}
	return text
}

func (l *Ledger) sameAs(m *Ledger) bool {
	return l.Received == m.Received && l.Decoded == m.Decoded && l.Undecodable == m.Undecodable && l.Folded == m.Folded &&
		l.Rejected == m.Rejected && l.Failed == m.Failed && l.Unfolded == m.Unfolded && l.Held == m.Held && l.Evicted == m.Evicted
}

// Consumers and what the broker says of stations are shown as they were when they were looked at, and not at all for a moment
// at which they were not.
func TestConsumersThen(t *testing.T) {
	now := time.Unix(100, 0)
	e, ctx := running(t, Options{Now: func() time.Time { return now }})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	for i := range 3 {
		second := 100 + 10*i
		b.send(ctx, t, e, "s", batchOf(message(second, "thing SET a status=1")))
		if err := e.requests.do(ctx, func() {
			now = time.Unix(int64(second), 0)
			e.attached.stations[0].row.Messages = uint64(i + 1)
			e.attached.consumed(e.attached.buses[0], []bus.Consumer{{Station: "s", Name: "courier", Lag: int64(i), Unacked: 7, Waiting: 1, Pending: []bus.Pending{{}}}}, time.Now())
			e.then.sample(false)
		}); err != nil {
			t.Fatal(err)
		}
	}
	s := looks(ctx, t, e, View{At: 2}, func(s *Snapshot) bool { return s.Then != nil })
	if len(s.Consumers) != 1 || s.Stations[0].Station.Messages != 2 || !s.Then.Sampled.Equal(time.Unix(110, 0)) {
		t.Fatalf("%+v; consumers %+v; %d messages", s.Then, s.Consumers, s.Stations[0].Station.Messages)
	}
	if c := s.Consumers[0]; c.Lag != 1 || c.Unacked != 7 || c.Diagnosis.Text == "" || !slices.Equal(c.Lags, []float64{0, 1}) || c.Pending != nil {
		t.Errorf("%+v", c)
	}
	s = looks(ctx, t, e, View{At: 2, Moment: time.Unix(115, 0).UnixNano()}, func(s *Snapshot) bool { return s.Then != nil })
	if s.Consumers[0].Lag != 1 || !s.Then.Time.Equal(time.Unix(115, 0)) || !s.Then.Sampled.Equal(time.Unix(110, 0)) {
		t.Errorf("between two events: %+v, %+v", s.Then, s.Consumers)
	}
	b.send(ctx, t, e, "s", batchOf(message(20, "thing SET a status=1")))
	if err := e.requests.do(ctx, func() {
		e.attached.stations[0].past++
		e.then.sample(true)
	}); err != nil {
		t.Fatal(err)
	}
	s = looks(ctx, t, e, View{At: 4}, func(s *Snapshot) bool { return s.Then != nil })
	if len(s.Consumers) != 0 || !s.Stations[0].Unsampled || !s.Then.Sampled.IsZero() || !s.Then.Since.Equal(time.Unix(100, 0)) {
		t.Errorf("before anybody looked: %+v, %+v", s.Then, s.Consumers)
	}
	if s = looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Then == nil }); s.Consumers[0].Lag != 2 {
		t.Errorf("now: %+v", s.Consumers)
	}
}

// How far a consumer was with a message is told from how far it is and how it was then, and no more than that.
func TestStandingsThen(t *testing.T) {
	at := func(n uint64) bus.Position { return bus.Position{Major: n} }
	row := func(delivered, floor uint64, unacked int64) *ConsumerRow {
		return &ConsumerRow{Consumer: bus.Consumer{Delivered: at(delivered), AckFloor: at(floor), Unacked: unacked}}
	}
	for _, c := range []struct {
		now  bus.Standing
		then *ConsumerRow
		at   uint64
		want bus.Standing
	}{
		{bus.Done, row(5, 3, 2), 6, bus.Waiting},
		{bus.Done, row(5, 3, 2), 3, bus.Done},
		{bus.Done, row(5, 3, 2), 4, bus.Unknown},
		{bus.Done, row(5, 0, 0), 4, bus.Done},
		{bus.Delivered, row(5, 3, 2), 4, bus.Delivered},
		{bus.Waiting, row(5, 3, 2), 6, bus.Waiting},
		{bus.GivenUp, row(5, 3, 2), 4, bus.Unknown},
	} {
		if got := standingThen(c.now, c.then, at(c.at)); got != c.want {
			t.Errorf("%s now, %d of %d acknowledged, message %d: %s, want %s", c.now, c.then.AckFloor.Major, c.then.Delivered.Major, c.at, got, c.want)
		}
	}
}

func TestEventsAreFoundByTimeAndPosition(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	for _, second := range []int{10, 12, 12, 20} {
		b.send(ctx, t, e, "s", batchOf(message(second, "thing SET a status=1")))
	}
	for second, want := range map[int]uint64{9: 0, 10: 1, 11: 1, 12: 3, 19: 3, 20: 4, 50: 4} {
		if got, err := e.EventAt(ctx, time.Unix(int64(second), 0)); err != nil || got != want {
			t.Errorf("at %d: event %d, %v; want %d", second, got, err, want)
		}
	}
	for position, want := range map[uint64]uint64{10: 1, 12: 3, 13: 0} {
		if got, err := e.EventOn(ctx, "s", bus.Position{Major: position}); err != nil || got != want {
			t.Errorf("position %d: event %d, %v; want %d", position, got, err, want)
		}
	}
	s := looks(ctx, t, e, View{Line: LineView{Columns: 20}}, func(s *Snapshot) bool { return s.Line != nil })
	if l := s.Line; l.From.Unix() != 1 || l.To.Unix() != 21 || l.First.Unix() != 10 || l.Columns[8].Last != 0 || l.Columns[9].Events != 1 {
		t.Errorf("longer than what is held: %+v", l)
	}
	s = looks(ctx, t, e, View{Line: LineView{Columns: 11}}, func(s *Snapshot) bool { return s.Line != nil })
	if l := s.Line; l.From.Unix() != 10 || l.To.Unix() != 21 || l.Columns[2].Events != 2 || l.Columns[9].Last != 3 || l.Columns[10].Last != 4 {
		t.Errorf("%+v", l)
	}
}

// BenchmarkTravel is from a look at another moment to the snapshot that shows it whole, with a million entities and a full
// window.
func BenchmarkTravel(b *testing.B) {
	e, ctx := running(b, quickOptions(0))
	m := newMemoryBus()
	f := m.add(bus.Station{Name: "deliveries", Kind: bus.Stream, Readable: true, Traits: bus.Traits{Separators: "."}})
	attach(ctx, b, e, m)
	const n = 2_000_000
	for at := 0; at < n; at += 50_000 {
		flood(ctx, f, batches(deliveries(50_000, 1_000_000, at), 512), 50_000)
	}
	s := looks(ctx, b, e, View{}, func(s *Snapshot) bool { return s.Ledger.Received >= n })
	var most time.Duration
	b.ResetTimer()
	for i := range b.N {
		at := s.Last - uint64(i*7919)%s.Ledger.Held
		began := time.Now()
		v := View{At: at, Entities: EntitiesView{Rows: 40}, Events: EventsView{Above: 40}, Entity: Entity{}, First: true}
		looks(ctx, b, e, v, func(s *Snapshot) bool {
			return s.Then.Number == at && (len(s.Entities.Rows) == 40 || at < s.Last-s.Ledger.Held+200)
		})
		most = max(most, time.Since(began))
	}
	b.ReportMetric(float64(most.Milliseconds()), "ms-at-most")
	b.ReportMetric(float64(s.Entities.Total), "entities")
	b.ReportMetric(float64(s.Ledger.Held), "held-events")
}

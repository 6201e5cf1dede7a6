package sources

import (
	"testing"

	"signalbox/sources/subjects"
)

// What was published before anybody looked is no rate, however fast it is read: neither of the stations, nor of their
// subjects, nor of all together.
func TestBackfillIsNoRate(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus()
	row := replayable("s", 7)
	row.Separators = "."
	b.add(row)
	attach(ctx, t, e, b)
	texts := func(n int, caughtUp bool) {
		batch := batchOf()
		for i := range n {
			m := message(i+1, "thing SET a n=1")
			batch.Add(&m)
		}
		batch.CaughtUp = caughtUp
		b.send(ctx, t, e, "s", batch)
	}
	view := View{Subjects: subjects.Unfold(subjects.Branch{Station: "s", Most: 9})}
	sums := func() (all, station, subject float64) {
		if err := e.requests.do(ctx, e.tick); err != nil {
			t.Fatal(err)
		}
		s := looks(ctx, t, e, view, func(s *Snapshot) bool { return s.Events.Total == e.Last() })
		for i := range s.Rates {
			all, station = all+s.Rates[i], station+s.Stations[0].Rates[i]
		}
		return all, station, s.Subjects[0].Rows[0].Rate
	}
	texts(5, false)
	texts(2, true)
	if all, station, subject := sums(); all != 0 || station != 0 || subject != 0 {
		t.Errorf("after a backfill of 7 events the rates sum up to %v, the station's to %v, its subject's is %v", all, station, subject)
	}
	texts(3, false)
	if all, station, _ := sums(); all != 3 || station != 3 {
		t.Errorf("3 events came then; the rates sum up to %v, the station's to %v", all, station)
	}
}

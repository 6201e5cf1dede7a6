package sources

import (
	"fmt"
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/sources/subjects"
)

var everything = bus.Station{Name: ">", Kind: bus.Subject, Subjects: []string{">"}, Readable: true, Traits: bus.Traits{Separators: "."}}

func TestSubjectsHaveAMemory(t *testing.T) {
	e := NewEngine(Options{Memory: leastMemory})
	a := &attached{stations: map[string]*station{}}
	for i := range 3 {
		s := e.attached.station(a, bus.Station{Name: fmt.Sprint(i), Traits: bus.Traits{Separators: ":."}})
		for n := range 1000 {
			s.subjects.Count(fmt.Sprintf("%d:%d", n%100, n), 1)
		}
	}
	if limit := e.attached.space.Limit; e.attached.space.Held < limit || e.attached.space.Held > limit+110*3*200 || e.held() < e.attached.space.Held {
		t.Errorf("%d bytes are held, of %d; the engine says %d", e.attached.space.Held, limit, e.held())
	}
}

// A station with more subjects than are counted says so, once.
func TestMoreSubjectsThanAreCountedAreTold(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("plain")
	b.add(everything)
	attach(ctx, t, e, b)
	said := func(s *Snapshot) (n int) {
		for _, row := range s.Notices {
			if row.Station == ">" && strings.Contains(row.Text, "more subjects than are counted") {
				n++
			}
		}
		return n
	}
	for round := range 2 {
		batch := batchOf()
		for i := range 1200 {
			m := message(i+1, "thing SET a n=1")
			m.Subject = fmt.Sprintf("orders.%d.%d", round, i)
			batch.Add(&m)
		}
		b.send(ctx, t, e, ">", batch)
		s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return said(s) > 0 && s.Ledger.Received == uint64(1200*(round+1)) })
		if said(s) != 1 {
			t.Errorf("it is said %d times", said(s))
		}
	}
}

func TestViewUnfoldsSubjects(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("plain")
	b.add(everything)
	attach(ctx, t, e, b)
	batch := batchOf()
	for i, subject := range []string{"orders.new", "orders.paid", "orders.new", "hello"} {
		m := message(i+1, "thing SET a n=1")
		m.Subject = subject
		batch.Add(&m)
	}
	b.send(ctx, t, e, ">", batch)
	b.texts(ctx, t, e, "plain", "thing SET a n=1")
	s := looks(ctx, t, e, View{}, func(*Snapshot) bool { return true })
	if len(s.Subjects) != 0 {
		t.Errorf("what nobody unfolded is there: %+v", s.Subjects)
	}
	unfolds := map[string]bool{}
	for _, r := range s.Stations {
		unfolds[r.Key] = r.Unfolds
	}
	if !unfolds[">"] {
		t.Errorf("> does not unfold: %v", unfolds)
	}
	s = looks(ctx, t, e, View{Subjects: subjects.Unfold(
		subjects.Branch{Station: ">", Path: "orders.", Most: 9}, subjects.Branch{Station: ">", Most: 9}, subjects.Branch{Station: "unknown", Most: 9},
	)},
		func(s *Snapshot) bool { return len(s.Subjects) > 0 })
	tree := s.Subjects[0]
	var tokens []any // depth, token, events
	for _, r := range tree.Rows {
		tokens = append(tokens, r.Depth, r.Token, r.Events)
	}
	if got, want := fmt.Sprint(tokens), "[0 orders. 3 1 new 2 1 paid 1 0 hello 1]"; got != want || tree.Events != 4 ||
		s.Stations[tree.Station].Key != ">" || len(s.Subjects) != 1 {
		t.Errorf("%s, want %s; %d events of station %d", got, want, tree.Events, tree.Station)
	}
	if got := tree.Rows[1].Last.Unix(); got != 3 {
		t.Errorf("orders.new was last seen at %d, want 3", got)
	}
}

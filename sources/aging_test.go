package sources

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"signalbox/bus"
)

// Events and entities that are narrowed by age come and go while nothing else happens; those of an earlier time do not.
func TestFiltersByAgeFollowTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, ctx := running(t, Options{})
		b := newMemoryBus("s")
		attach(ctx, t, e, b)
		add := func(id int) {
			batch := batchOf(bus.Message{Subject: "test", Data: []byte("box SET " + strconv.Itoa(id) + " n=1"), UnixNano: time.Now().UnixNano()})
			b.send(ctx, t, e, "s", batch)
		}
		add(1)
		begin := time.Now()
		time.Sleep(3 * time.Second)
		add(2)
		young := View{
			Events:   EventsView{Above: 9, Filter: NewAgingFilter(func(e *Event) bool { return time.Since(e.Time()) < 5*time.Second })},
			Entities: EntitiesView{Rows: 9, Filter: NewAgingFilter(func(r *EntityRow) bool { return time.Since(r.First) < 5*time.Second })},
		}
		old := View{
			Events:   EventsView{Above: 9, Filter: NewAgingFilter(func(e *Event) bool { return time.Since(e.Time()) > 10*time.Second })},
			Entities: EntitiesView{Rows: 9, Hold: 2, Filter: NewAgingFilter(func(r *EntityRow) bool { return time.Since(r.First) > 10*time.Second })},
		}
		are := func(events uint64, entities int) func(*Snapshot) bool {
			return func(s *Snapshot) bool { return s.Events.Matching == events && s.Entities.Matching == entities }
		}
		looks(ctx, t, e, young, are(2, 2))
		at := young
		at.At = 2
		frozen := looks(ctx, t, e, at, are(2, 2))
		looks(ctx, t, e, young, are(1, 1))
		if passed := time.Since(begin); passed < 5*time.Second || passed > 7*time.Second {
			t.Errorf("the first event was gone %v after it came", passed)
		}
		looks(ctx, t, e, young, are(0, 0))
		if passed := time.Since(begin); passed < 8*time.Second || passed > 10*time.Second {
			t.Errorf("the second event was gone %v after the first came", passed)
		}
		if len(frozen.Events.Rows) != 2 {
			t.Errorf("an earlier time shows %d events", len(frozen.Events.Rows))
		}
		looks(ctx, t, e, old, func(s *Snapshot) bool { // entities are held: what would come is counted
			return s.Events.Matching == 2 && s.Entities.Matching+s.Entities.Moving == 2
		})
	})
}

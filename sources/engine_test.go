package sources

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"signalbox/bus"
)

// one sends texts to a new engine and returns it.
func one(t *testing.T, texts ...string) *Engine {
	t.Helper()
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", texts...)
	return e
}

// detailOf is the thing a.
func detailOf(t *testing.T, e *Engine) *EntityDetail {
	t.Helper()
	d, err := e.Entity(t.Context(), Entity{Kind: "thing", ID: "a"}, 0)
	if err != nil || d == nil {
		t.Fatalf("%v, %v", d, err)
	}
	return d
}

// Whoever gathers what is tapped hears when no more has come.
func TestEngineTellsOfRest(t *testing.T) {
	tapped, rested := 0, make(chan int, 1)
	e, ctx := running(t, Options{Domains: newPlainDomain(), Tap: func(*Event) { tapped++ }, Rest: func() {
		select {
		case <-rested:
		default:
		}
		rested <- tapped
	}})
	b := newMemoryBus("one")
	attach(ctx, t, e, b)
	for want, n := range []int{1, 3000, 1} {
		batch := batchOf()
		for i := range n {
			m := message(i, "thing SET a n=1")
			batch.Add(&m)
		}
		b.send(ctx, t, e, "one", batch)
		want = []int{1, 3001, 3002}[want]
		for have := 0; have < want; {
			select {
			case have = <-rested:
			case <-ctx.Done():
				t.Fatalf("at rest %d events were tapped, want %d", have, want)
			}
		}
	}
}

func TestPayloadThatPanicsIsItsOwnProblem(t *testing.T) {
	e := one(t, "thing SET a n=1", "thing PANIC a n=2", "thing DIE a n=3", "thing FAIL a n=4", "thing SET a n=5")
	d := detailOf(t, e)
	if d.Version != 2 || flat(d)["n"] != "5" || len(d.History) != 4 {
		t.Errorf("%+v", d)
	}
	if got := d.History[1].Failed; got != "the fold panicked: as told" {
		t.Errorf("the panic is %q", got)
	}
	s := looks(t.Context(), t, e, View{Events: EventsView{Above: 9}}, func(s *Snapshot) bool { return len(s.Events.Rows) == 5 })
	if got := s.Events.Rows[2].Problem; got != "understanding it panicked: as told" {
		t.Errorf("the problem is %q", got)
	}
	if l := s.Ledger; l.Failed != 2 || l.Folded != 2 || l.Decoded != 4 || l.Undecodable != 1 {
		t.Errorf("%+v", l)
	}
}

func TestLargePayloadIsFoldedWholeAndHeldInPart(t *testing.T) {
	big := "thing SET a notes=" + strings.Repeat("x", 5<<20) + " last=1"
	e := one(t, big)
	if d := detailOf(t, e); flat(d)["last"] != "1" {
		t.Errorf("the end of the payload was not folded: %d fields", len(d.State))
	}
	s := looks(t.Context(), t, e, View{Open: 1, Events: EventsView{Above: 1}}, func(s *Snapshot) bool { return s.Open != nil })
	if s.Open.Size != len(big) || s.Open.Held != mostHead || len(s.Open.Data) != mostHead || s.Open.ID != "a" {
		t.Errorf("size %d, held %d, data %d", s.Open.Size, s.Open.Held, len(s.Open.Data))
	}
	if row := s.Events.Rows[0]; len(row.Data) != RowData || row.Size != len(big) {
		t.Errorf("the row has %d of %d bytes", len(row.Data), row.Size)
	}
}

func TestNamesLeadToTheEntity(t *testing.T) {
	e := one(t,
		"thing SET - n=0 .ballot:x",           // nobody bears the name yet
		"thing SET a n=1 .ballot:x",           // now it does
		"thing SET - n=2 .ballot:y .ballot:x", // and y is another name of it
		"thing SET - n=3 .ballot:y",
	)
	d := detailOf(t, e)
	if d.Version != 3 || flat(d)["n"] != "3" {
		t.Errorf("version %d, %v", d.Version, flat(d))
	}
	s := looks(t.Context(), t, e, View{Events: EventsView{Above: 9}}, func(s *Snapshot) bool { return len(s.Events.Rows) == 4 })
	if row := s.Events.Rows[3]; row.Entity() != (Entity{Kind: "thing", ID: "a"}) || row.Version != 3 {
		t.Errorf("the last row is of %v", row.Entity())
	}
	if row := s.Events.Rows[0]; !row.Entity().IsZero() {
		t.Errorf("the first row is of %v", row.Entity())
	}
}

func TestSnapshotShowsTheChosenEntity(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", "thing SET a budget=50 status=ready", "thing SET b n=1", "thing SET a budget=30", "thing REFUSE a budget=1")
	v := View{Entity: Entity{Kind: "thing", ID: "a"}, Open: 3, Entities: EntitiesView{Rows: 5}}
	s := looks(ctx, t, e, v, func(s *Snapshot) bool { return s.Entity != nil })
	if d := s.Entity; d.Shown != 2 || d.Newest != 2 || len(d.History) != 3 || d.History[2].Rejected != "refused as told" || d.Rejected != 1 {
		t.Errorf("%+v", d)
	}
	for _, f := range s.Entity.State {
		if f.Name == "budget" && (f.Value.String() != "30" || f.Was.String() != "50" || f.SetBy != "SET" || f.SetAt != 2 || !f.Changed) {
			t.Errorf("%+v", f)
		}
	}
	if o := s.Open; o == nil || len(o.Changes) != 1 || o.Changes[0].Name != "budget" || o.Changes[0].Was.String() != "50" {
		t.Errorf("open: %+v", s.Open)
	}
	if rows := s.Entities.Rows; len(rows) != 2 || rows[0].ID != "a" || rows[0].Status != "ready" {
		t.Errorf("rows: %+v", rows)
	}
	v.Version = 1
	s = looks(ctx, t, e, v, func(s *Snapshot) bool { return s.Entity.Shown == 1 })
	if got := flat(s.Entity)["budget"]; got != "50" || s.Entity.Newest != 2 {
		t.Errorf("budget at version 1 is %s", got)
	}
	b.texts(ctx, t, e, "s", "thing SET a budget=20")
	looks(ctx, t, e, View{Entity: v.Entity}, func(s *Snapshot) bool { return s.Entity.Shown == 3 && flat(s.Entity)["budget"] == "20" })
	looks(ctx, t, e, View{Entity: Entity{Kind: "thing", ID: "nobody"}}, func(s *Snapshot) bool { return s.Entity == nil })
}

func TestTimeCursorMovesEveryPane(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", "thing SET a n=1", "thing SET b n=1", "thing SET a n=2", "thing SET c n=1", "thing SET a n=3")
	v := View{At: 3, Events: EventsView{Above: 9}, Entities: EntitiesView{Rows: 9}, Entity: Entity{Kind: "thing", ID: "a"}}
	s := looks(ctx, t, e, v, func(s *Snapshot) bool {
		return s.Entity != nil && len(s.Entities.Rows) == 2 && s.Entities.Rows[0].Version > 0
	})
	if n := len(s.Events.Rows); n != 3 || s.Events.Rows[2].Number != 3 || s.Events.Following {
		t.Errorf("%d event rows", n)
	}
	if r := s.Entities.Rows[0]; r.ID != "a" || r.Version != 2 || r.Fields[0].Value.String() != "2" {
		t.Errorf("row %+v", r)
	}
	if d := s.Entity; d.Shown != 2 || d.Newest != 3 || flat(d)["n"] != "2" {
		t.Errorf("detail %+v", d)
	}
	// Collecting goes on, and the past stays.
	b.texts(ctx, t, e, "s", "thing SET a n=4")
	s = looks(ctx, t, e, v, func(s *Snapshot) bool { return s.Last == 6 && s.Entity.Newest == 4 })
	if flat(s.Entity)["n"] != "2" || s.Entities.Rows[0].Version != 2 {
		t.Errorf("detail %+v, row %+v", s.Entity, s.Entities.Rows[0])
	}
}

func TestNothingNewNoSnapshot(t *testing.T) {
	e, ctx := running(t, Options{Frame: time.Microsecond})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", "thing SET a n=1")
	looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Ledger.Held == 1 })
	var first, last uint64
	for range 100 { // requests wake the engine, and change nothing
		if err := e.requests.do(ctx, func() {
			if last = e.shots; first == 0 {
				first = last
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
	if last > first+2 { // one for the view's search, one for the tick that ended meanwhile
		t.Errorf("%d snapshots of nothing new", last-first)
	}
}

func TestNoticesAreKeptInOrderAndBounded(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	for i := range mostNotices + 5 {
		b.notices <- bus.Notice{Time: time.Unix(int64(i), 0), Level: bus.Warn, Station: "s", Text: "slow"}
	}
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool {
		n := len(s.Notices)
		return n == mostNotices && s.Notices[n-1].Time.Equal(time.Unix(mostNotices+4, 0))
	})
	if n := s.Notices[0]; n.Time != time.Unix(5, 0) || n.Bus != "memory" || n.Level != int(bus.Warn) {
		t.Errorf("the oldest is %+v", n)
	}
}

// While whoever taps is full nothing is taken in, be it while stations catch up or later, and what is asked is answered.
func TestEngineWaitsForRoom(t *testing.T) {
	const most, n = 10, 25
	var tapped atomic.Uint64 // since there was room last
	room := make(chan struct{}, 1)
	e, ctx := running(t, Options{Tap: func(*Event) { tapped.Add(1) }, Full: func() bool { return tapped.Load() >= most }, Room: room})
	b := newMemoryBus("one")
	attach(ctx, t, e, b)
	received := func() uint64 {
		sum, _, err := e.Ledger(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return sum.Received
	}
	taken, left := uint64(0), uint64(most)
	for range 2 {
		batch := batchOf()
		batch.CaughtUp = true
		for i := range n {
			m := message(i, "thing SET a n=1")
			batch.Add(&m)
		}
		b.feeds["one"].batches <- batch
		for end := taken + n; taken < end; {
			now := min(left, end-taken)
			taken, left = taken+now, left-now
			for have := received(); have != taken; have = received() {
				if have > taken {
					t.Fatalf("%d were taken in, and there was room for %d", have, taken)
				}
			}
			if left == 0 {
				left = most
				tapped.Store(0)
				room <- struct{}{}
			}
		}
	}
}

// A feed that has ended has caught up once all is taken in that it delivered before.
func TestAFeedThatEndedIsTakenInFirst(t *testing.T) {
	var full atomic.Bool
	full.Store(true)
	room := make(chan struct{}, 1)
	e, ctx := running(t, Options{Full: full.Load, Room: room})
	b := newMemoryBus()
	f := b.add(bus.Station{Name: "s", Kind: bus.Stream, Readable: true, Replayable: true})
	if err := e.Attach(ctx, b, Selection{From: bus.From{Start: bus.FromAll}}); err != nil {
		t.Fatal(err)
	}
	if !f.send(ctx, batchOf(message(1, "a"), message(2, "a"))) {
		t.Fatal("the feed was not read")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	ended, caughtUp := false, false
	for !ended {
		if err := e.requests.do(ctx, func() { ended, caughtUp = e.attached.stations[0].feed.ended, e.attached.stations[0].feed.caughtUp }); err != nil {
			t.Fatal(err)
		}
	}
	if caughtUp {
		t.Error("it has caught up, and nothing was taken in")
	}
	full.Store(false)
	room <- struct{}{}
	if err := e.CaughtUp(ctx); err != nil {
		t.Fatal(err)
	}
	if l, _, err := e.Ledger(ctx); err != nil || l.Received != 2 {
		t.Errorf("%+v, %v", l, err)
	}
}

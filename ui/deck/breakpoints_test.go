package deck

import (
	"testing"

	"signalbox/sources"
)

// hits makes the breakpoints of the view what the engine would say of them: the first has been hit by these events.
func (s *driver) hits(numbers ...uint64) {
	var rows []sources.BreakRow
	for i, b := range s.fake.view.Breaks.All {
		row := sources.BreakRow{Breakpoint: b}
		if i == 0 {
			row.Hits = uint64(len(numbers))
			for _, n := range numbers {
				e := s.fake.events[n-1]
				row.Events = append(row.Events, sources.BreakHit{Number: n, Time: e.Time(), Type: e.Type, Entity: e.Entity()})
			}
		}
		rows = append(rows, row)
	}
	s.fake.base.Breaks = rows
	s.send(snapshotMsg{})
}

func TestBreakpointFreezesTheView(t *testing.T) {
	s := drive(t, demo(), 140, 36)
	s.key(":").write("break delivery when data.quantity >").key("enter")
	s.shows("✗ column 16: the expression is not finished")
	s.write(" 3").key("enter")
	s.shows("breakpoint set")
	list := s.fake.view.Breaks
	if list == nil || len(list.All) != 1 || list.All[0].Kind != "delivery" || list.All[0].Text != "delivery when data.quantity > 3" {
		t.Fatalf("the engine is to watch for %+v", list)
	}
	s.hits()
	s.shows("1 break · 0 hits")
	s.hits(94)
	s.shows("stopped · at ", "breakpoint: delivery when data.quantity > 3")
	if s.fake.view.At != 94 || s.fake.view.Events.Cursor != 94 {
		t.Errorf("the view stands at %d, with %d chosen; want 94", s.fake.view.At, s.fake.view.Events.Cursor)
	}
	if want := s.fake.events[93].Entity(); !want.IsZero() && s.fake.view.Entity != want {
		t.Errorf("the entity shown is %v, want %v", s.fake.view.Entity, want)
	}

	// Further hits are counted while one is looked at; the next stop is by what comes after going on.
	s.hits(94, 95)
	if s.fake.view.At != 94 {
		t.Errorf("the view stands at %d, want 94 still", s.fake.view.At)
	}
	s.key("esc")
	s.hides("stopped")
	s.hits(94, 95, 96)
	if s.fake.view.At != 96 {
		t.Errorf("the view stands at %d, want 96", s.fake.view.At)
	}
	s.key("esc")

	// Off, on, to its newest hit, removed.
	s.key("B")
	s.shows("breakpoints", "on  3", "delivery when data.quantity > 3")
	s.key("space")
	if !s.fake.view.Breaks.All[0].Off {
		t.Error("it is not off")
	}
	s.shows("off 3")
	s.key("space", "enter")
	if s.fake.view.At != 96 {
		t.Errorf("the newest hit is shown at %d, want 96", s.fake.view.At)
	}
	s.key("esc", "B", "x")
	s.shows("none: type : and then break")
	if s.fake.view.Breaks != nil {
		t.Error("it is not removed")
	}
}

func TestBisectGoesToTheFirstEvent(t *testing.T) {
	s := drive(t, demo(), 140, 36)
	of := s.fake.details[s.fake.entities[0].Entity].Entity
	var first uint64
	for _, e := range s.fake.events {
		if e.Entity() == of && e.Type == "PICKUP_PRODUCTS" && first == 0 {
			first = e.Number
		}
	}
	s.key(":").write(`bisect type == "PICKUP_PRODUCTS"`).key("enter")
	if first == 0 || s.fake.view.At != first || s.fake.view.Entity != of {
		t.Fatalf("the view stands at %d of %v, want %d of %v", s.fake.view.At, s.fake.view.Entity, first, of)
	}
	s.shows("first held after PICKUP_PRODUCTS")
	s.key("esc", ":").write("bisect data.quantity > 100000").key("enter")
	s.shows("it never held: ")
	s.key(":").write(`bisect delivery when type == "PICKUP_PRODUCTS"`).key("enter")
	s.shows("bisect delivery when type", "1 entity", "since")
	s.key("enter")
	if s.fake.view.At == 0 {
		t.Error("the view stands at now")
	}
	s.key("esc", ":").write(`bisect delivery type == "PICKUP_PRODUCTS"`).key("enter")
	s.shows("bisect delivery type", "1 entity", "since")
	s.key("esc", ":").write(`bisect delivery type == "PICKUP_PRODUCTS" || state.budget > 9`).key("enter")
	s.shows("it cannot be told ─ 1 entity")
	s.key("esc", ":").write("bisect delivery when stat.budget < 0").key("enter")
	s.shows("unknown name stat; did you mean state?")
}

// What a domain says holds always is counted when it does not, listed, and shown as it was.
func TestViolationsAreCountedAndListed(t *testing.T) {
	s := drive(t, demo(), 140, 36)
	s.key("!")
	s.shows("no domain says what is to hold always")
	s.key("esc")
	invariant := sources.BreakRow{Breakpoint: sources.Breakpoint{Number: 1, Kind: "delivery", Text: "budget is never negative"}}
	s.fake.base.Invariants = []sources.BreakRow{invariant}
	s.send(snapshotMsg{})
	s.hides("violation")
	e := s.fake.events[93]
	invariant.Hits, invariant.Events = 3, []sources.BreakHit{{Number: 2}, {Number: 94, Time: e.Time(), Type: e.Type, Entity: e.Entity()}}
	s.fake.base.Invariants = []sources.BreakRow{invariant}
	s.send(snapshotMsg{})
	s.shows("3 violations (!)")
	s.key("!")
	s.shows("3 of 1 invariant", "the newest 2 listed", "! budget is never negative", "held no more")
	s.key("enter")
	if s.fake.view.At != 94 {
		t.Errorf("the view stands at %d, want 94", s.fake.view.At)
	}
}

// The rows of events that hit a breakpoint, or violated an invariant, are marked.
func TestHitsAreMarkedOnTheirRows(t *testing.T) {
	s := drive(t, demo(), 140, 36)
	newest := s.fake.events[len(s.fake.events)-1]
	s.fake.base.Hits = []uint64{newest.Number - 1, newest.Number}
	s.send(snapshotMsg{})
	s.shows(clockOf(s.fake.events[newest.Number-2])+"●", clockOf(newest)+"●")
	s.fake.base.Violations = []uint64{newest.Number}
	s.send(snapshotMsg{})
	s.shows(clockOf(s.fake.events[newest.Number-2])+"●", clockOf(newest)+"!")
}

func clockOf(e *sources.Event) string { return e.Time().In(noon.Location()).Format("15:04:05.000") }

package timecursor

import (
	"testing"
	"time"

	"signalbox/sources"
	"signalbox/sources/subjects"
)

// last is a source that has so many events.
type last uint64

func (l *last) Last() uint64 { return uint64(*l) }

// showing is a snapshot with rows of these numbers.
func showing(numbers ...uint64) *sources.Snapshot {
	s := &sources.Snapshot{Number: uint64(len(numbers))}
	for _, n := range numbers {
		e := &sources.Event{}
		e.Number, e.UnixNano = n, int64(n)*int64(time.Second)
		s.Events.Rows = append(s.Events.Rows, e)
	}
	return s
}

func TestStepsGoAlongWhatIsShown(t *testing.T) {
	source := last(10)
	c := New(&source, showing(2, 5, 9))
	steps := []struct {
		by   int
		at   uint64
		away bool
	}{
		{+1, 0, false}, // from now there is no way on
		{-1, 9, true},
		{-1, 5, true},
		{-2, 3, true}, // fewer rows are at hand: by numbers
		{+1, 4, true},
		{-100, 1, true},
		{+100, 0, false},
	}
	for i, step := range steps {
		c.Choose(7)
		if c.Step(step.by); c.At() != step.at || c.Away() != step.away {
			t.Fatalf("step %d, by %d: at %d, away %t, want %d, %t", i, step.by, c.At(), c.Away(), step.at, step.away)
		}
		if i > 0 && c.At() != 0 && c.Event() != 0 {
			t.Errorf("step %d: event %d is still the chosen one", i, c.Event())
		}
	}
	if c.Event() != 7 {
		t.Errorf("back at now, event %d is the chosen one, want the one from before", c.Event())
	}
	empty := last(0)
	c = New(&empty, showing())
	c.Step(-1)
	if c.At() != 0 {
		t.Error("there is an earlier time where nothing has happened")
	}
}

func TestFreezing(t *testing.T) {
	source := last(9)
	before := showing(2, 5, 9)
	c := New(&source, before)
	c.ToggleFrozen()
	if !c.Frozen() || c.At() != 9 || c.Event() != 9 || c.Earlier() {
		t.Fatalf("frozen %t at %d, event %d, earlier %t", c.Frozen(), c.At(), c.Event(), c.Earlier())
	}
	source = 12
	after := showing(2, 5, 9)
	c.Renew(after)
	if c.Steady() != before || c.Snapshot() != after || c.Newer() != 3 {
		t.Errorf("a frozen view does not keep its snapshot, or says %d newer, want 3", c.Newer())
	}
	c.Step(-1)
	if at, ok := c.Time(); !c.Earlier() || !ok || at.Unix() != 5 {
		t.Errorf("one step back is earlier %t, at %v", c.Earlier(), at)
	}
	c.Back()
	if c.Frozen() || c.Away() || c.Steady() != after || c.Event() != 0 {
		t.Error("it is not now again")
	}
}

func TestAFrozenViewGetsWhatIsUnfolded(t *testing.T) {
	source := last(1)
	c := New(&source, showing(1))
	c.ToggleFrozen()
	newer := showing(1)
	newer.View.Subjects = subjects.Unfold(subjects.Branch{Station: "orders", Most: 20})
	newer.Subjects = []sources.SubjectTree{{Station: 3}}
	newer.Rate = 99
	c.Renew(newer)
	if s := c.Steady(); len(s.Subjects) != 1 || s.Rate != 0 {
		t.Errorf("%d trees, rate %v: want the tree that was unfolded, and the rest as it was", len(s.Subjects), s.Rate)
	}
}

func TestVersionsOfOneEntityAtATime(t *testing.T) {
	source := last(1)
	c := New(&source, showing(1))
	e := &sources.EntityDetail{EntityRow: sources.EntityRow{Entity: sources.Entity{Kind: "order", ID: "1"}}, Newest: 5, Missing: 2}
	for i, step := range []struct {
		by   int
		want uint64
	}{{-1, 4}, {-9, 2}, {+1, 3}, {+9, 0}, {-2, 3}} {
		if c.StepVersion(e, step.by); c.Version(e.Entity) != step.want {
			t.Fatalf("step %d: version %d, want %d", i, c.Version(e.Entity), step.want)
		}
	}
	other := sources.Entity{Kind: "order", ID: "2"}
	if v := c.Version(other); v != 0 || c.Version(e.Entity) != 0 || c.Away() {
		t.Errorf("another entity is shown at version %d, and the first at %d afterwards, want the newest", v, c.Version(e.Entity))
	}
}

func TestHoldChoosesTheNewestShown(t *testing.T) {
	source := last(9)
	c := New(&source, showing(2, 5))
	c.Hold()
	if c.Event() != 5 {
		t.Errorf("event %d is held, want 5", c.Event())
	}
	c.Choose(2)
	c.Hold()
	if c.Event() != 2 {
		t.Errorf("event %d is held, want the chosen one, 2", c.Event())
	}
}

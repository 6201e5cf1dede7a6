package deck

import (
	"errors"
	"slices"
	"testing"
)

// behind gives the first station a backfill of which a quarter is done.
func behind(f *fake) *fake {
	s := &f.base.Stations[0]
	s.Backfill, s.Seen, s.Expected, s.Rate, s.Intake = 0.25, 7801, 31204, 0, 1300
	return f
}

func TestBackfillShowsHowFarItIs(t *testing.T) {
	s := drive(t, behind(demo()), 120, 36)
	s.key("1")
	s.shows("░ 25% 18s", "c cancel")
	s.golden("backfill_120x36")
	s.key("enter")
	s.shows("█████░░░░░░░░░░░░░░░ 25% · 7,801 of 31,204 · 1,300/s · 18s left")
	s.key("esc", "down")
	s.hides("c cancel")
	s = drive(t, behind(demo()), 80, 24)
	s.key("1", "z")
	s.shows("1,300/s 25% 18s")
	s.fake.base.Stations[0].Expected = 0
	s.send(snapshotMsg{})
	s.shows("7801 read")
}

func TestBackfillIsCancelled(t *testing.T) {
	s := drive(t, behind(demo()), 120, 36)
	s.key("1", "c")
	s.shows("Stop reading what deliveries holds")
	s.key("n", "enter", "c", "y")
	if want := []string{"deliveries new"}; !slices.Equal(s.fake.reopened, want) {
		t.Errorf("reopened %q, want %q", s.fake.reopened, want)
	}
	s.shows("deliveries goes on from new")
	s.fake.refusal = errors.New("reading deliveries from new: no permission")
	s.key("c", "y")
	s.shows("✗ reading deliveries from new: no permission")
}

func TestWhereToReadFrom(t *testing.T) {
	s := drive(t, demo(), 120, 36, func(o *Options) { o.ReadOnly = true })
	s.key("1", "F")
	s.shows("read deliveries from", "From  all", "ctrl+n for another of 5")
	s.key("ctrl+u").write("last:none").key("enter", "enter")
	s.shows(`✗ start "last:none": want a whole number from 1 on`)
	s.key("ctrl+u").write("last:20").key("enter", "enter")
	if want := []string{"deliveries last:20"}; !slices.Equal(s.fake.reopened, want) {
		t.Errorf("reopened %q, want %q", s.fake.reopened, want)
	}
	s.shows("✓ deliveries is read from last:20")
	s.golden("from_120x36")
	s.key("enter")
	s.hides("read deliveries from")
	s.fake.base.Stations[0].Station.Replayable = false
	s.send(snapshotMsg{})
	s.hides("F from")
}

package streams

import (
	"slices"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/session"
)

// TestAStreamMadeAnewIsSeenInItsMiddle has an application delete a stream and make another one. Its first entry is read before
// the next check, which finds more that are not read yet.
func TestAStreamMadeAnewIsSeenInItsMiddle(t *testing.T) {
	for name, added := range map[string]uint64{"as long as before": 5, "shorter than before": 40} {
		t.Run(name, func(t *testing.T) {
			f := unread()
			f.next = at(added)
			f.audit.begin(stream(1, added, int64(added)), f.next, time.Now())
			f.take(at(100)) // the first of the other stream; what was added behind the first one's was deleted with it
			f.check(stream(100, 110, 11), time.Now())
			var rest []bus.Position
			for n := range uint64(10) {
				rest = append(rest, at(101+n))
			}
			f.take(rest...)
			f.check(stream(100, 110, 11), time.Now())
			gaps := f.gaps(t)
			if len(gaps) != 1 || gaps[0].From != (bus.Position{Major: added, Minor: 1}) || !gaps[0].Unknown {
				t.Errorf("gaps: %+v", gaps)
			}
			if to := gaps[0].To; !to.Less(at(100)) || to.Less(at(99)) {
				t.Errorf("the gap ends at %v", to)
			}
		})
	}
}

// TestWhatIsToldIsNotToldAgain has a stream trimmed twice while its reader has no room for what follows: the second gap begins
// where the first ends.
func TestWhatIsToldIsNotToldAgain(t *testing.T) {
	f := unread()
	f.next = at(99)
	f.audit.begin(stream(90, 99, 99), f.next, time.Now())
	f.check(stream(107, 109, 109), time.Now())
	f.check(stream(207, 209, 209), time.Now())
	want := []bus.Gap{{From: entries.After(at(99)), To: entries.Before(at(107)), Missed: 7}, {From: at(107), To: entries.Before(at(207)), Missed: 100}}
	got := f.gaps(t)
	for i, gap := range got {
		got[i] = bus.Gap{From: gap.From, To: gap.To, Missed: gap.Missed}
	}
	if !slices.Equal(got, want) {
		t.Errorf("gaps:\n%+v, want\n%+v", got, want)
	}
}

// unread is the feed of a stream that no reader reads.
func unread() *feed {
	return newFeed(&Readers{session: session.Unlinked(bus.NewBudget(bus.DefaultBudget), 100)}, "s", "s")
}

func (f *feed) gaps(t *testing.T) (all []bus.Gap) {
	t.Helper()
	for f.Waiting() > 0 {
		batch, err := f.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, batch.Gaps...)
	}
	return all
}

func at(n uint64) bus.Position { return bus.Position{Major: n} }

// stream is what Redis says of one with entries from the one to the other.
func stream(first, last uint64, added int64) *Info {
	return &Info{Length: int64(last - first + 1), First: at(first), Last: at(last), Added: added, Generated: at(last)}
}

// take reads an answer.
func (f *feed) take(all ...bus.Position) {
	f.audit.answer(f.next, all[0])
	f.audit.direct = false
	for _, p := range all {
		f.next = p
		f.audit.count(p, time.Now())
	}
	f.settle()
}

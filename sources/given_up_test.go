package sources

import (
	"testing"

	"signalbox/bus"
)

// Dead letters and consumers tell the same number at every moment, though the bus is asked for them at different times, and
// may not know of all messages which they were.
func TestGivenUpIsOneNumber(t *testing.T) {
	e, ctx := running(t, Options{Poll: 1e6})
	b := &trackingBus{memoryBus: newMemoryBus("s")}
	told := func(before int64, atLeast bool, listed int) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.consumers = []bus.Consumer{{Station: "s", Name: "mailer", Waiting: 1, MaxDeliver: 5, Unlisted: before, GivenUp: before + int64(listed), AtLeast: atLeast}}
		b.letters = []bus.DeadLetter{{Standing: bus.Delivered, Station: "s", Consumer: "mailer", Position: bus.Position{Major: 99}}}
		for n := range listed {
			b.letters = append(b.letters, bus.DeadLetter{Standing: bus.GivenUp, Station: "s", Consumer: "mailer", Position: bus.Position{Major: uint64(n + 1)}})
		}
	}
	dead := func(s *Snapshot) (n int64) {
		for i := range s.Dead {
			if s.Dead[i].Dead() {
				n += s.Dead[i].Messages()
			}
		}
		return n
	}
	told(0, false, 0)
	attach(ctx, t, e, b)
	for _, c := range []struct {
		before  int64
		atLeast bool
		listed  int
		text    string
	}{
		{0, false, 2, "keeping up, 2 given up"},
		{3, false, 2, "keeping up, 5 given up"},
		{3, true, 1, "keeping up, at least 4 given up"},
		{0, true, 0, "keeping up"},
	} {
		told(c.before, c.atLeast, c.listed)
		n := c.before + int64(c.listed)
		s := looks(ctx, t, e, View{}, func(s *Snapshot) bool {
			if len(s.Consumers) == 0 || len(s.Dead) == 0 {
				return false
			}
			if s.Consumers[0].GivenUp != dead(s) {
				t.Fatalf("the consumer gave up %d, %d are dead letters", s.Consumers[0].GivenUp, dead(s))
			}
			return dead(s) == n && s.Consumers[0].AtLeast == c.atLeast && s.Consumers[0].Text() == c.text
		})
		if r := s.Dead[0]; c.before > 0 && (r.Unlisted != c.before || r.AtLeast != c.atLeast || r.Why != whyUnlisted || r.Event != nil) {
			t.Errorf("what is not listed is %+v", r)
		}
	}
}

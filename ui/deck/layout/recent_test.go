package layout

import (
	"testing"
	"time"
)

func TestRecentGrowsAtOnceAndShrinksLate(t *testing.T) {
	var r Recent
	begin := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, step := range []struct {
		after   time.Duration
		n, want int
	}{
		{0, 5, 5}, {time.Second, 9, 9}, {2 * time.Second, 3, 9}, {11 * time.Second, 3, 9}, {20 * time.Second, 4, 9},
		{22 * time.Second, 3, 4}, {40 * time.Second, 3, 3},
	} {
		if got := r.Most(begin.Add(step.after), step.n); got != step.want {
			t.Errorf("after %s, given %d: %d, want %d", step.after, step.n, got, step.want)
		}
	}
}

package inquiry

import (
	"testing"
	"time"
)

// A course keeps all of its time, in ever longer steps.
func TestCoursesGrowLonger(t *testing.T) {
	c := &cohortCount{every: 1}
	const seconds = 1000
	for i := range seconds {
		c.members.Put(uint32(i), true)
		c.sample(time.Unix(int64(i), 0))
	}
	if len(c.course) >= mostCourse || c.every != 16 || c.since != time.Unix(0, 0) || c.course[0] != 1 {
		t.Errorf("%d numbers, every %d s, since %v", len(c.course), c.every, c.since)
	}
	for i := 1; i < len(c.course); i++ {
		if got := c.course[i] - c.course[i-1]; got != float64(c.every) {
			t.Fatalf("%v more at %d: %v", got, i, c.course)
		}
	}
}

package timecursor

import (
	"fmt"
	"testing"
	"time"
)

// What was sent takes no place from what somebody marked; of that the oldest leaves, and it is told.
func TestMarksThatLeave(t *testing.T) {
	var m Marks
	at := func(n int) time.Time { return time.Unix(int64(n), 0) }
	if gone := m.Set(at(0), "first"); gone != nil {
		t.Fatalf("%+v left", gone)
	}
	for n := range 2 * mostMarks {
		m.Sent(at(n), fmt.Sprint("sent ", n))
	}
	if all := m.All(); len(all) != mostMarks || all[0].Text != "first" || all[1].Text != fmt.Sprint("sent ", mostMarks+1) {
		t.Fatalf("%d marks, which begin with %+v", len(all), all[:2])
	}
	for n := 1; n < mostMarks; n++ {
		if gone := m.Set(at(n), fmt.Sprint(n)); gone != nil {
			t.Fatalf("%+v left for the mark %d", gone, n)
		}
	}
	m.Sent(at(1), "one more")
	if gone := m.Set(at(mostMarks), "last"); gone == nil || gone.Text != "first" || len(m.All()) != mostMarks {
		t.Errorf("%+v left; there are %d", gone, len(m.All()))
	}
}

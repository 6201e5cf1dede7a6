package bus_test

import (
	"fmt"
	"sync"
	"testing"

	"signalbox/bus"
)

// A reader that lags gets the newest notices, and those before Close after it.
func TestNoticesDropTheOldest(t *testing.T) {
	b := bus.NewNoticeBuffer()
	for n := range 1000 {
		b.Add(bus.Warn, "orders", "notice %d", n)
	}
	b.Close()
	b.Close()
	b.Add(bus.Warn, "orders", "after Close")
	var got []bus.Notice
	for n := range b.Notices() {
		got = append(got, n)
	}
	for i, n := range got {
		if want := fmt.Sprint("notice ", 1000-len(got)+i); n.Text != want || n.Station != "orders" || n.Level != bus.Warn || n.Time.IsZero() {
			t.Errorf("%d of %d: %+v, want %q", i, len(got), n, want)
		}
	}
	if len(got) < 10 {
		t.Errorf("only %d notices are left", len(got))
	}
}

func TestNoticesFromSeveralGoroutines(t *testing.T) {
	b := bus.NewNoticeBuffer()
	var adding sync.WaitGroup
	for range 4 {
		adding.Go(func() {
			for range 200 {
				b.Add(bus.Say, "", "news")
			}
		})
	}
	adding.Wait()
	b.Close()
	got := 0
	for range b.Notices() {
		got++
	}
	if got == 0 {
		t.Error("no notice is left")
	}
}

package rate

import "testing"

func TestRatesCountBySecond(t *testing.T) {
	var r Counter
	for range 3 {
		r.Count = 5
		r.Tick()
	}
	r.Tick()
	if r.Now() != 0 || len(r.List()) != Seconds || r.List()[Seconds-2] != 5 || r.List()[Seconds-5] != 0 {
		t.Errorf("%v", r.List())
	}
	for range Seconds {
		r.Tick()
	}
	if !r.Silent() {
		t.Error("silence is still counted")
	}
}

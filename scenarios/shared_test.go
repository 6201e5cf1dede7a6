package scenarios

import (
	"testing"

	"signalbox/bus"
)

// What was made stays until the last that needs it has ended.
func TestWhatIsSharedIsTakenBackByTheLast(t *testing.T) {
	var x Shared
	x.need([]string{"a", "b"}, []bus.NewStation{{Name: "a"}})
	x.need([]string{"a"}, nil)
	if free := x.release([]string{"a", "b"}); len(free) != 0 {
		t.Errorf("taken back while it is needed: %v", free)
	}
	if free := x.release([]string{"a"}); len(free) != 1 || free[0].Name != "a" {
		t.Errorf("taken back by the last: %v", free)
	}
	x.need([]string{"a"}, nil)
	if free := x.release([]string{"a"}); len(free) != 0 {
		t.Errorf("what was there is taken: %v", free)
	}
}

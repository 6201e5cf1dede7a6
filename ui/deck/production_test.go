package deck

import (
	"testing"

	"signalbox/bus"
)

// A bus that is marked as production is shown as such, in letters too, and asks before each send although it is on this
// machine.
func TestProduction(t *testing.T) {
	b := embeddedBus()
	s := drive(t, demo(), 120, 36, armed(t, b), func(o *Options) {
		o.Production = func(bus.Bus) Mark {
			return Mark{Name: "shop", From: "shop.yaml:2", Why: "its context shop is marked in shop.yaml:2"}
		}
	})
	s.shows("production · shop", "by shop.yaml:2")
	s.key("L")
	s.shows("shop: its context shop is marked in shop.yaml:2")
	s.key("esc")
	s.key("i", "enter", "ctrl+s")
	s.shows("are you sure?", "which is marked as", "production (shop: its context shop is")
	if len(b.sent) > 0 {
		t.Fatalf("sent without a yes: %+v", b.sent)
	}
	s.key("n")
	if len(b.sent) > 0 {
		t.Fatalf("sent on a no: %+v", b.sent)
	}
	s.key("ctrl+s", "y")
	if len(b.sent) != 1 {
		t.Errorf("%d sent on a yes, want 1", len(b.sent))
	}
}

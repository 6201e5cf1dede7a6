package deck

import (
	"testing"
	"time"
)

func TestJourneyFollowsACorrelation(t *testing.T) {
	f := demo()
	order := f.add("place-order", "PlaceOrder", "order", "o-1", `{}`, "")
	f.add("deliveries", "CREATE_DELIVERY", "delivery", "x", `{}`, "")
	created := f.add("order-created", "OrderCreated", "order", "o-1", `{}`, "")
	order.Correlation, created.Correlation = "o-1", "o-1"
	created.UnixNano = order.UnixNano + int64(250*time.Millisecond)
	s := drive(t, f, 120, 36)
	s.key("up", "up", "c")
	s.shows("journey o-1", "following ─ 2 of 101", "PlaceOrder", "+250ms order")
	s.hides("delivery x")
	s.golden("journey_120x36")
	s.key("enter")
	s.shows("c journey")
	s.key("c")
	s.shows("journey o-1")
	s.key("/", "ctrl+u").write("x")
	s.hides("journey o-1", "+250ms")
	s.key("esc")
	s.shows("journey o-1")
	s.key("esc")
	s.shows("scrolled · 2 newer ─ 101", "delivery x")
}

// What is only told of an entity, and has no correlation, is a step of the entity's journey.
func TestJourneyFollowsAnEntity(t *testing.T) {
	f := demo()
	order := f.add("place-order", "PlaceOrder", "order", "o-1", `{}`, "")
	order.Correlation = "o-1"
	f.add("notify-sales", "NotifySales", "order", "o-1", `{}`, "")
	s := drive(t, f, 120, 36)
	s.key("c")
	s.shows("journey o-1", "following ─ 2 of", "PlaceOrder", "NotifySales")
	s.key("esc")
	f.add("metrics", "Tick", "", "", `{}`, "")
	s.send(snapshotMsg{})
	s.key("enter")
	s.shows("Tick")
	s.hides("c journey")
}

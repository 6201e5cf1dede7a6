package deck

import (
	"testing"
	"time"
)

func TestWhatFollowedAnEvent(t *testing.T) {
	f := demo()
	order := f.add("place-order", "PlaceOrder", "order", "c-7", `{"id":"c-7"}`, "")
	f.add("deliveries", "CREATE_DELIVERY", "delivery", "x", `{}`, "")
	created := f.add("order-created", "OrderCreated", "order", "c-7", `{"command_id":"c-7","order_id":"o-17"}`, "")
	told := f.add("notify-sales", "NotifySales", "order", "c-7", `{"order_id":"o-17"}`, "")
	created.UnixNano = order.UnixNano + int64(250*time.Millisecond)
	told.UnixNano = created.UnixNano + int64(time.Millisecond)
	s := drive(t, f, 120, 36)
	s.key("up", "up", "up", "b")
	s.shows("what followed PlaceOrder", "2 events followed, 1 caused, 1 inferred", "╰ OrderCreated", "by data.command_id", "  ╰ NotifySales")
	s.golden("effects_120x36")
	f.add("order-created", "OrderShipped", "order", "c-7", `{"order_id":"o-17"}`, "").UnixNano = told.UnixNano + int64(time.Second)
	s.now = s.now.Add(time.Second)
	s.send(snapshotMsg{})
	s.shows("3 events followed", "OrderShipped")
	s.key("Y")
	s.shows("copied the row as JSON")
	s.key("y")
	s.shows("copied what followed as a sequence diagram")
	s.key("down", "enter")
	s.hides("what followed")
	s.shows("OrderCreated")
}

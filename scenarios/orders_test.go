package scenarios

import "testing"

func TestOrdersFold(t *testing.T) {
	w := newWorld(t)
	w.wantEvent(w.send("place-order", `{"id":"p-1","items":["tea","milk"]}`), "PlaceOrder", "", "")
	w.want("order", "p-1", 1, `{"status":"placed","items":["tea","milk"]}`)
	w.wantEvent(w.send("order-created", `{"id":"x-1","command_id":"p-1","order_id":"42","items":["tea","milk"]}`), "OrderCreated", "", "")
	e := w.send("notify-sales", `{"id":"n-1","message":"New Order","order_id":"42"}`)
	w.wantEvent(e, "NotifySales", "", "")
	if e.ID != "p-1" {
		t.Errorf("sales were told of %q, want p-1", e.ID)
	}
	w.want("order", "p-1", 3, `{"status":"notified","items":["tea","milk"],"order_id":"42","message":"New Order"}`)
}

func TestOrdersCorrelate(t *testing.T) {
	w := newWorld(t)
	place := w.send("place-order", `{"id":"p-1","items":["tea"]}`)
	created := w.send("order-created", `{"id":"x-1","command_id":"p-1","order_id":"42"}`)
	if place.Correlation != "p-1" || created.Correlation != "p-1" {
		t.Errorf("correlations %q and %q, want p-1", place.Correlation, created.Correlation)
	}
	w.want("order", "p-1", 2, `{"status":"created","items":["tea"],"order_id":"42"}`)
	if told := w.send("notify-sales", `{"id":"n-1","message":"New Order","order_id":"42"}`); told.Correlation != "" || told.ID != "p-1" {
		t.Errorf("sales were told of %q, correlation %q; want p-1 and none", told.ID, told.Correlation)
	}
}

// The bridge of an application in one process puts the topic's arguments below data.
func TestOrdersBridged(t *testing.T) {
	w := newWorld(t)
	w.wantEvent(w.send("pypubsub:place-order", `{"seq":2,"topic":"place-order","data":{"id":"p-1","items":["tea"]}}`), "PlaceOrder", "", "")
	w.wantEvent(w.send("pypubsub:order-created", `{"seq":3,"topic":"order-created","data":{"id":"x","command_id":"p-1","order_id":7}}`), "OrderCreated", "", "")
	w.want("order", "p-1", 2, `{"status":"created","items":["tea"],"order_id":7}`)
	w.wantEvent(w.send("pypubsub:order-created", `{"seq":4,"topic":"order-created","data":{"order_id":8}}`), "OrderCreated", "", "")
	w.want("order", "8", 1, `{"status":"created","order_id":8}`)
}

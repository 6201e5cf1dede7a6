package scenarios

import (
	"fmt"
	"testing"
)

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
	w.want("order", "p-1", 3, `{"status":"notified","items":["tea","milk"],"order_id":"42","summary":"New Order 42: tea, milk","message":"New Order"}`)
}

func TestOrdersCorrelate(t *testing.T) {
	w := newWorld(t)
	place := w.send("place-order", `{"id":"p-1","items":["tea"]}`)
	created := w.send("order-created", `{"id":"x-1","command_id":"p-1","order_id":"42"}`)
	if place.Correlation != "p-1" || created.Correlation != "p-1" {
		t.Errorf("correlations %q and %q, want p-1", place.Correlation, created.Correlation)
	}
	w.want("order", "p-1", 2, `{"status":"created","items":["tea"],"order_id":"42","summary":"New Order 42: tea"}`)
	if told := w.send("notify-sales", `{"id":"n-1","message":"New Order","order_id":"42"}`); told.Correlation != "" || told.ID != "p-1" {
		t.Errorf("sales were told of %q, correlation %q; want p-1 and none", told.ID, told.Correlation)
	}
}

// The bridge of an application in one process puts the topic's arguments below data.
func TestOrdersBridged(t *testing.T) {
	w := newWorld(t)
	w.wantEvent(w.send("pypubsub:place-order", `{"seq":2,"topic":"place-order","data":{"id":"p-1","items":["tea"]}}`), "PlaceOrder", "", "")
	w.wantEvent(w.send("pypubsub:order-created", `{"seq":3,"topic":"order-created","data":{"id":"x","command_id":"p-1","order_id":7}}`), "OrderCreated", "", "")
	w.want("order", "p-1", 2, `{"status":"created","items":["tea"],"order_id":7,"summary":"New Order 7: tea"}`)
	w.wantEvent(w.send("pypubsub:notify-sales", `{"seq":4,"topic":"notify-sales","data":{"event":{"id":"n","message":"New Order 7"}}}`), "NotifySales", "", "")
}

// A topic whose argument is one command or event puts that below its name.
func TestOrdersWrapped(t *testing.T) {
	w := newWorld(t)
	w.wantEvent(w.send("pypubsub:place-order", `{"seq":2,"topic":"place-order","data":{"command":{"id":"p-1","items":["tea"]}}}`), "PlaceOrder", "", "")
	w.wantEvent(w.send("order-created", `{"event":{"id":"x","command_id":"p-1","order_id":7}}`), "OrderCreated", "", "")
	w.want("order", "p-1", 2, `{"status":"created","items":["tea"],"order_id":7,"summary":"New Order 7: tea"}`)
}

// In the simple version nothing says which order is meant: the one that was placed last is created next, once.
func TestOrdersWithoutIDs(t *testing.T) {
	w := newWorld(t)
	alone := w.send("pypubsub:order-created", `{"seq":1,"topic":"order-created","data":{"order_id":8}}`)
	w.wantEvent(alone, "OrderCreated", "", "")
	w.want("order", "8", 1, `{"status":"created","order_id":8,"summary":"New Order 8"}`)
	for n, item := range []string{"tea", "milk"} {
		placed := w.send("pypubsub:place-order", fmt.Sprintf(`{"seq":%d,"topic":"place-order","data":{"items":[%q]}}`, 2*n+2, item))
		w.wantEvent(placed, "PlaceOrder", "", "")
		created := w.send("pypubsub:order-created", fmt.Sprintf(`{"seq":%d,"topic":"order-created","data":{"order_id":"o-%d"}}`, 2*n+3, n))
		if w.wantEvent(created, "OrderCreated", "", ""); created.ID != placed.ID {
			t.Errorf("created is %q, placed was %q", created.ID, placed.ID)
		}
		w.want("order", placed.ID, 2, fmt.Sprintf(`{"status":"created","items":[%q],"order_id":"o-%d","summary":"New Order o-%d: %s"}`, item, n, n, item))
	}
	placed := w.send("pypubsub:place-order", `{"topic":"place-order","data":{"items":["beans"]}}`) // by the command place-bridged
	w.want("order", placed.ID, 1, `{"status":"placed","items":["beans"]}`)
	w.send("pypubsub:order-created", `{"seq":8,"topic":"order-created","data":{"order_id":"o-3"}}`)
	w.wantEvent(w.send("pypubsub:order-created", `{"seq":9,"topic":"order-created","data":{"order_id":"o-9"}}`), "OrderCreated", "", "The order has another number already")
}

package scenarios

import "testing"

// What is published is what EventsPype's own subscribers read: the payload is a text within the envelope, the tag in capitals, and
// a number where it is one.
func TestEventsPypePublishes(t *testing.T) {
	w := newWorld(t)
	command, err := Builtin().Command("eventspype.publish")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ tag, prefix, subject, data, kind string }{
		{"order_placed", "", "eventspype:ORDER_PLACED", `{"event_tag":"ORDER_PLACED","event_class":"OrderPlacedEvent","event_module":"__main__","payload":"{\"parcel_id\": 1}"}`, "ORDER_PLACED"},
		{"7", "shop:", "shop:7", `{"event_tag":7,"event_class":"OrderPlacedEvent","event_module":"__main__","payload":"{\"parcel_id\": 1}"}`, "OrderPlacedEvent"},
	} {
		values := map[string]string{"tag": c.tag, "class": "OrderPlacedEvent", "payload": `{"parcel_id": 1}`}
		if c.prefix != "" {
			values["prefix"] = c.prefix
		}
		out, err := command.Compose(values)
		if err != nil {
			t.Fatal(err)
		}
		if out.Subject != c.subject || string(out.Data) != c.data {
			t.Errorf("tag %s: on %s %s, want on %s %s", c.tag, out.Subject, out.Data, c.subject, c.data)
		}
		e := w.send(out.Subject, string(out.Data))
		if w.wantEvent(e, c.kind, "", ""); e.ID != "1" {
			t.Errorf("tag %s: the event is of %q, want 1", c.tag, e.ID)
		}
	}
	if _, err := command.Compose(map[string]string{"tag": "x", "class": "X", "payload": "{oops"}); err == nil {
		t.Error("a payload that is not JSON is sent")
	}
}

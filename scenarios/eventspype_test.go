package scenarios

import (
	"strings"
	"testing"
)

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
	// Tags of both dialects, from EventsPype itself: 1.2 makes a number of a text, enums are as they are, blanks and dots stay.
	for _, c := range []struct{ tag, kind, version, channel, written string }{
		{"order_placed", "text", "until 1.2", "eventspype:2081337079", "2081337079"},
		{"order_placed", "text", "1.3 and later", "eventspype:ORDER_PLACED", `"ORDER_PLACED"`},
		{"stock moved", "text", "1.3 and later", "eventspype:STOCK MOVED", `"STOCK MOVED"`},
		{"Ev2.PLACED", "enum", "1.3 and later", "eventspype:Ev2.PLACED", `"Ev2.PLACED"`},
		{"7", "text", "until 1.2", "eventspype:7", "7"},
	} {
		out, err := command.Compose(map[string]string{"tag": c.tag, "kind": c.kind, "version": c.version, "class": "X", "payload": "{}"})
		if err != nil {
			t.Fatal(err)
		}
		if want := `{"event_tag":` + c.written + `,`; out.Subject != c.channel || !strings.HasPrefix(string(out.Data), want) {
			t.Errorf("%+v: on %s %s, want on %s %s…", c, out.Subject, out.Data, c.channel, want)
		}
		if e := w.send(out.Subject, string(out.Data)); e.Type != strings.Trim(c.written, `"`) && e.Type != "X" {
			t.Errorf("%+v is of the type %s", c, e.Type)
		}
	}
	if _, err := command.Compose(map[string]string{"tag": "x", "class": "X", "payload": "{oops"}); err == nil {
		t.Error("a payload that is not JSON is sent")
	}
}

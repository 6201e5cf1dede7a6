package scenarios

import (
	"strings"
	"testing"

	"signalbox/bus"
)

// How a form was filled in is read from the message; what cannot be of the command is said.
func TestFit(t *testing.T) {
	l := Builtin()
	tests := []struct {
		command, subject, data, want string
		headers                      bus.Headers
	}{
		{"deliveries.create", "deliveries.x", `{"type":"CREATE_DELIVERY","delivery_id":"x","data":{"budget":7,"notes":"n"}}`, "budget=7 id=x notes=n", nil},
		{"deliveries.create", "deliveries.x", `{"type":"CREATE_DELIVERY","delivery_id":"x","data":{"budget":7.0,"notes":"n"}}`, "! budget: want a whole number", nil},
		{"deliveries.create", "deliveries", `{"type":"CREATE_DELIVERY","delivery_id":"x","data":{"budget":7,"notes":"n"}}`, "courier=auto id=x", bus.Headers{{Name: "Courier", Value: "auto"}, {Name: "Trace", Value: "1"}}},
		{"deliveries.create", "deliveries.y", `{"type":"CREATE_DELIVERY","delivery_id":"x","data":{"budget":7,"notes":"n"}}`, "! its subject is deliveries.y", nil},
		{"deliveries.create", "deliveries.x", `{"type":"CREATE_DELIVERY","delivery_id":"x","data":{"budget":7,"notes":"n","more":1}}`, "! it has data.more", nil},
		{"deliveries.create", "deliveries.x", `{"type":"CREATE_DELIVERY","delivery_id":"x","data":[]}`, "! its data is no object", nil},
		{"deliveries.create", "deliveries.x", `{"type":"CREATE_DELIVERY","delivery_id":5,"data":{"budget":7,"notes":"n"}}`, "! its subject is deliveries.x", nil},
		{"deliveries.create", "deliveries.x", `<delivery/>`, "! its payload is no JSON", nil},
		{"orders.create", "order-created", `{"id":"other","command_id":"x","order_id":"5"}`, "id=x items= order_id=5", nil},
		{"orders.notify", "notify-sales", `{"id":"e","message":"New Order: 5","order_id":"5"}`, "message=New Order: 5 order_id=5", nil},
	}
	for _, x := range tests {
		c, err := l.Command(x.command)
		if err != nil {
			t.Fatal(err)
		}
		form, err := c.Fit(x.subject, x.headers, []byte(x.data))
		var got []string
		for _, name := range c.FieldNames() {
			got = append(got, name+"="+form.Values[name])
		}
		if err != nil {
			if why, ok := strings.CutPrefix(x.want, "! "); !ok || !strings.Contains(err.Error(), why) {
				t.Errorf("%s of %s: %v, want %s", x.command, x.data, err, x.want)
			}
			continue
		}
		for _, want := range strings.Fields(strings.ReplaceAll(x.want, "New Order: 5", "New")) {
			if !strings.Contains(strings.Join(got, " "), want) {
				t.Errorf("%s of %s: %v, want %s", x.command, x.data, got, x.want)
			}
		}
		if err == nil && x.command == "orders.notify" && !form.Own["message"] {
			t.Error("what the command makes of another field is not its own")
		}
	}
}

package scenarios

import (
	"fmt"
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/bus/bustest/hostile"
	"signalbox/sources"
	"signalbox/sources/state"
)

func TestUnderstandAnything(t *testing.T) {
	h := func(pairs ...string) (headers bus.Headers) {
		for i := 0; i < len(pairs); i += 2 {
			headers = append(headers, bus.Header{Name: pairs[i], Value: pairs[i+1]})
		}
		return headers
	}
	for _, c := range []struct {
		name, subject, data     string
		headers                 bus.Headers
		kind, entity, id, story string
	}{
		{"type and id fields", "x", `{"type":"shipped","parcel_id":"p-1"}`, nil, "shipped", "parcel", "p-1", ""},
		{"camel case", "x", `{"eventType":"Shipped","parcelId":7}`, nil, "Shipped", "parcel", "7", ""},
		{"subject alone", "invoices.42.paid", `{"amount":3}`, nil, "paid", "invoice", "42", ""},
		{"subject, no JSON object", "sensors.t-7", `21.5`, nil, "sensors", "sensor", "t-7", ""},
		{"header before field", "x", `{"type":"a","user_id":"u"}`, h("Event-Type", "B"), "B", "user", "u", ""},
		{"header in another case", "x", `{}`, h("event-type", "B"), "B", "", "", ""},
		{"own id", "parcels.new", `{"type":"parcel.created","id":"p1"}`, nil, "parcel.created", "parcel", "p1", ""},
		{"the id the type speaks of", "x", `{"type":"ParcelSent","customer_id":"c1","parcel_id":"p1"}`, nil, "ParcelSent", "parcel", "p1", ""},
		{"correlation is no entity", "x", `{"type":"a","correlation_id":"k","parcel_id":"p"}`, nil, "a", "parcel", "p", "k"},
		{"traceparent", "x", `{"type":"a"}`, h("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), "a", "", "", "0af7651916cd43dd8448eb211c80319c"},
		{"id one level down", "x", `{"type":"a","data":{"parcel_id":"p"}}`, nil, "a", "parcel", "p", ""},
		{"name is no type", "people", `{"name":"Ada","person_id":"1"}`, nil, "people", "person", "1", ""},
		{"name is a type", "x", `{"name":"PersonBorn","person_id":"1"}`, nil, "PersonBorn", "person", "1", ""},
		{"CloudEvents, structured", "x", `{"specversion":"1.0","type":"com.example.parcel.sent","source":"/s","subject":"parcels/p-9","id":"e1","data":{"weight":2}}`, nil, "com.example.parcel.sent", "parcel", "p-9", ""},
		{"CloudEvents, in headers", "x", `{"weight":2}`, h("ce-type", "parcel.sent", "ce-subject", "p-9", "ce-id", "e"), "parcel.sent", "parcel", "p-9", ""},
		{"EventsPype", "eventspype:ORDER_SENT", `{"event_tag": "ORDER_SENT", "event_class": "OrderSent", "event_module": "m", "payload": "{\"parcel_id\": 1, \"amount\": 49.99, \"tags\": []}"}`, nil, "ORDER_SENT", "parcel", "1", ""},
		{"EventsPype, number as tag", "eventspype:7", `{"event_tag": 7, "event_class": "Shipped", "payload": "{\"parcel_id\": \"o-1\", \"_v\": 2}"}`, nil, "Shipped", "parcel", "o-1", ""},
		{"EventsPype, hash as tag", "eventspype:2081337079", `{"event_tag": "2081337079", "event_class": "Shipped", "payload": "{}"}`, nil, "Shipped", "", "", ""},
		{"EventsPype, enum", "eventspype:Ev2.PLACED", `{"event_tag": "Ev2.PLACED", "event_class": "Outer.Deep", "payload": "{\"x\": 5}"}`, nil, "Ev2.PLACED", "", "", ""},
		{"EventsPype, any value", "eventspype:RAW_INT", `{"event_tag": "RAW_INT", "event_class": "int", "payload": "42"}`, nil, "RAW_INT", "", "", ""},
		{"NaN", "x", `{"type":"measured","sensor_id":"s","value":NaN}`, nil, "measured", "sensor", "s", ""},
	} {
		e := &sources.Event{Received: sources.Received{
			Station: "somewhere", Subject: c.subject, Data: []byte(c.data), Headers: c.headers,
		}}
		shared.Domains().Understand(e)
		kind := ""
		if e.Kind != nil {
			kind = e.Kind.Name()
		}
		if e.Type != c.kind || kind != c.entity || e.ID != c.id || e.Correlation != c.story || e.Problem != "" {
			t.Errorf("%s: type %q, %s/%s, correlation %q, problem %q; want %q, %s/%s, %q", c.name, e.Type, kind, e.ID, e.Correlation, e.Problem, c.kind, c.entity, c.id, c.story)
		}
	}
}

func TestProblems(t *testing.T) {
	for _, c := range []struct {
		data []byte
		size int
		want string
	}{
		{[]byte(`oops`), 0, `not JSON: "oops"`},
		{[]byte(`{"type":"PICKUP_PRODUCTS","delivery_id":"x"`), 0, `not JSON: "{\"type\":\"PICKUP_PRODUCTS\",\"delivery_id\":"…, 43 bytes`},
		{[]byte("\x1b[31mred"), 0, `not JSON: "\x1b[31mred"`},
		{make([]byte, 5<<20), 0, "binary, 5,242,880 bytes"},
		{[]byte{0xff, 0xfe}, 0, "binary, 2 bytes"},
		{[]byte(`{"a":`), 100000, "only the first 5 of 100,000 bytes were read"},
		{nil, 0, ""},
		{[]byte(`"text"`), 0, ""},
		{[]byte(`[1,2]`), 0, ""},
		{[]byte(` 42 `), 0, ""},
	} {
		e := &sources.Event{Received: sources.Received{
			Station: "deliveries", Subject: "deliveries", Data: c.data, Size: max(c.size, len(c.data)),
		}}
		shared.Domains().Understand(e)
		if e.Problem != c.want || c.want != "" && e.Fold != nil {
			t.Errorf("%.20q: problem %q, fold %v; want %q", c.data, e.Problem, e.Fold, c.want)
		}
	}
}

func TestMerge(t *testing.T) {
	w := newWorld(t)
	w.send("x", `{"type":"sent","parcel_id":"p","state":"away","at":{"city":"Bonn","n":[1]},"weight":2.5}`)
	w.want("parcel", "p", 1, `{"parcel_id":"p","status":"away","state":"away","at":{"city":"Bonn","n":[1]},"weight":2.5}`)
	w.send("x", `{"type":"moved","parcel_id":"p","at":null,"status":"there"}`)
	w.want("parcel", "p", 2, `{"parcel_id":"p","status":"there","state":"away","weight":2.5}`)
	if s := w.states[sources.Entity{Kind: "parcel", ID: "p"}]; s.Overflow() {
		t.Error("the kind is full")
	}
}

// bucketTraits and keyTraits are those of stations of keys.
func bucketTraits(name string) *bus.Traits {
	return &bus.Traits{Keyed: true, Bucket: name, Operation: "KV-Operation", Write: "PUT", Removals: [2]string{"DEL", "PURGE"}}
}

var keyTraits = &bus.Traits{Keyed: true, Write: "SET"}

func TestBucket(t *testing.T) {
	w := newWorld(t)
	put := func(data string, headers ...bus.Header) *sources.Event {
		return w.take(&sources.Event{Received: sources.Received{
			Station: "carts", Traits: bucketTraits("carts"), Subject: "cart.7", Data: []byte(data), Headers: headers,
		}})
	}
	put(`{"status":"open","items":2}`)
	w.want("carts", "cart.7", 1, `{"status":"open","items":2}`)
	put(`{"total":3}`)
	w.want("carts", "cart.7", 2, `{"total":3}`)
	if e := put(`plain text`); e.Problem != "" {
		t.Errorf("a text is a value too: %s", e.Problem)
	}
	w.want("carts", "cart.7", 3, `{"value":"plain text"}`)
	put("", bus.Header{Name: "KV-Operation", Value: "DEL"})
	w.want("carts", "cart.7", 4, `{"status":"deleted"}`)
}

// The application's own copy of a delivery is shown with the delivery, changes nothing in its fold, and is no entity of
// its own.
func TestCopyIsNotFolded(t *testing.T) {
	w := newWorld(t)
	unchanged := func() {
		t.Helper()
		w.want("delivery", "01M7XA6ES", 1, `{"id":"01M7XA6ES","budget":50,"notes":"x","status":"ready"}`)
	}
	w.send("deliveries", delivery("CREATE_DELIVERY", `{"budget":50,"notes":"x"}`))
	for _, e := range []*sources.Event{
		{Received: sources.Received{Station: "delivery:*", Traits: keyTraits, Subject: "delivery:01M7XA6ES"}},
		{Received: sources.Received{Station: "deliveries-state", Traits: bucketTraits("deliveries-state"), Subject: "01M7XA6ES"}},
	} {
		e.Data = []byte(`{"id":"01M7XA6ES","budget":1,"status":"odd"}`)
		if got := w.take(e).Entity(); got != (sources.Entity{Kind: "delivery", ID: "01M7XA6ES"}) {
			t.Errorf("a copy at %s is of %s", e.Station, got)
		}
		unchanged()
	}
	// What somebody else says of it belongs to it and changes nothing either.
	e := w.send("mails", `{"type":"mail.sent","delivery_id":"01M7XA6ES","budget":0}`)
	if e.ID != "01M7XA6ES" {
		t.Errorf("the mail is of %q", e.ID)
	}
	unchanged()
	if len(w.states) != 1 {
		t.Errorf("%d entities, want 1", len(w.states))
	}
}

func TestFieldsAreBounded(t *testing.T) {
	w := newWorld(t)
	for i := range 2 * state.MaxFields {
		w.send("x", fmt.Sprintf(`{"type":"T","parcel_id":"1","f%d":%d}`, i, i))
	}
	if n := len(w.state("parcel", "1")); n > state.MaxFields {
		t.Errorf("%d fields", n)
	}
	if !w.states[sources.Entity{Kind: "parcel", ID: "1"}].Overflow() {
		t.Error("nobody is told that fields are left out")
	}
}

// FuzzUnderstand takes any bytes from anywhere, understands them twice alike, and folds what came of it.
func FuzzUnderstand(f *testing.F) {
	for _, data := range []string{
		``, `{}`, `{"type":"PICKUP_PRODUCTS","delivery_id":"1","data":{"quantity":1e400}}`, `{"a":`, `[[[[`, "\x00\xff", `{"event_tag":7,"payload":"{\"a\":NaN}"}`,
		`{"\u0074ype":"x","_id":"1","Id":"2","data":"{"}`, `{"specversion":"1","data":1,"subject":"//"}`, strings.Repeat(`{"a":`, 50),
	} {
		f.Add("deliveries", "a.b.1", "Event-Type", "PhotoVote.Event.Ballot.BallotCast", []byte(data))
	}
	for _, s := range hostile.Payloads() {
		f.Add("deliveries", "deliveries.1", "Kind", "X", []byte(s.Text))
	}
	for _, s := range hostile.Texts() {
		f.Add(s.Text, s.Text, s.Text, s.Text, []byte(`{"type":"A","id":1}`))
	}
	domains := shared.Domains()
	stations := []*bus.Traits{nil, bucketTraits("carts"), keyTraits, {Positions: bus.TimedIDs}}
	f.Fuzz(func(t *testing.T, station, subject, header, value string, data []byte) {
		w := &world{t: t, domains: domains, states: map[sources.Entity]*state.State{}, names: map[string]sources.Entity{}}
		for range 2 {
			e := &sources.Event{Received: sources.Received{
				Station: station, Subject: subject, Traits: stations[len(data)%len(stations)], Data: data, Size: len(data),
				Headers: bus.Headers{{Name: header, Value: value}},
			}}
			before := string(data)
			w.take(e)
			if string(data) != before {
				t.Fatal("the payload was changed")
			}
			for entity, s := range w.states {
				if raw := s.Map(); len(raw) > state.MaxFields {
					t.Fatalf("%s has %d fields", entity, len(raw))
				}
			}
		}
	})
}

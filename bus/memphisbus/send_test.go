package memphisbus_test

import (
	"errors"
	"strings"
	"testing"

	"signalbox/bus"
)

// Messages come to the partitions in turn, or to that of their key, with the headers that clients send; one of an ID is stored once.
func TestSend(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	newClerk(t, p.server.URL())
	station(t, p.server.URL(), "Orders.EU", 3)
	send := func(out bus.Outgoing) bus.Receipt {
		t.Helper()
		out.Station = "Orders.EU"
		r, err := p.bus.Publish(t.Context(), out)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	var places []string
	for range 4 {
		places = append(places, send(bus.Outgoing{Data: []byte("{}")}).Text)
	}
	want := "stored in orders.eu as 1:1, stored in orders.eu as 2:1, stored in orders.eu as 3:1, stored in orders.eu as 1:2"
	if got := strings.Join(places, ", "); got != want {
		t.Errorf("in turn: %s, want %s", got, want)
	}
	// Where memphis.go sends these keys, among three partitions.
	for key, partition := range map[string]uint32{"e-1": 3, "01HX7Q": 1, "voter-3f25": 2} {
		if r := send(bus.Outgoing{Data: []byte("{}"), Key: key}); r.Position.Partition != partition {
			t.Errorf("key %s: %s, want partition %d", key, r.Text, partition)
		}
	}
	exact := send(bus.Outgoing{Subject: "orders#eu$2.final", Data: []byte(`{"a":1}`), ID: "x-1",
		Headers: bus.Headers{{Name: "Event-Type", Value: "E"}, {Name: "$memphis_producedBy", Value: "voter-1"}}})
	if again := send(bus.Outgoing{Subject: "orders#eu$2.final", Data: []byte(`{"a":1}`), ID: "x-1"}); exact.Position.Partition != 2 || again.Duplicate {
		t.Logf("a plain server of NATS knows no msg-id") // Memphis does
	}
	m, err := p.bus.Get(t.Context(), p.one("orders.eu"), exact.Position)
	if err != nil || m.Headers.Get("Event-Type") != "E" || m.Headers.Get("$memphis_producedBy") != "signalbox" ||
		len(m.Headers.Get("$memphis_connectionId")) != 36 || m.Headers.Get("msg-id") != "x-1" || m.Headers.Get("Nats-Msg-Id") != "" {
		t.Errorf("%+v, %v", m, err)
	}
	var wrong *bus.SubjectError
	for _, subject := range []string{"orders#eu$9.final", "election$1.final", "elsewhere"} {
		if _, err := p.bus.Publish(t.Context(), bus.Outgoing{Station: "orders.eu", Subject: subject}); !errors.As(err, &wrong) {
			t.Errorf("on %s: %v, want that it is no subject of the station", subject, err)
		}
	}
}

// What nobody would keep is not sent.
func TestSendToNobody(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	newClerk(t, p.server.URL())
	if _, err := p.bus.Publish(t.Context(), bus.Outgoing{Station: "electoin", Data: []byte("{}")}); !errors.Is(err, bus.ErrMissing) || !strings.Contains(err.Error(), "nothing was sent") {
		t.Errorf("to a station that there is not: %v", err)
	}
	station(t, p.server.URL(), "tasks", 1, ackBased)
	r, err := p.bus.Publish(t.Context(), bus.Outgoing{Station: "tasks", Data: []byte("{}")})
	if err != nil || !r.Lost() || !strings.Contains(r.Text, "no group reads tasks") {
		t.Errorf("to an ack-based station without groups: %+v, %v", r, err)
	}
	p.group("tasks", "workers", 1)
	if r, err = p.bus.Publish(t.Context(), bus.Outgoing{Station: "tasks", Data: []byte("{}")}); err != nil || r.Lost() {
		t.Errorf("with a group: %+v, %v", r, err)
	}
}

// What the schema of a station does not allow is not sent; when it is attached and detached is heard.
func TestSendAgainstSchema(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	c := newClerk(t, p.server.URL())
	station(t, p.server.URL(), "election", 1)
	send := func(data string) error {
		_, err := p.bus.Publish(t.Context(), bus.Outgoing{Station: "election", Data: []byte(data)})
		return err
	}
	on := bus.Target{Station: p.one("election")}
	told := func() string {
		s := p.one("election")
		for _, d := range s.Details {
			if d.Name == "schema" {
				return d.Value
			}
		}
		return ""
	}
	if text := told(); !strings.Contains(text, "not known before something is sent") {
		t.Error(text)
	}
	pull := func(lever string, values map[string]string) string {
		text, err := p.bus.Pull(t.Context(), on, lever, values)
		if err != nil {
			return err.Error()
		}
		return text
	}
	if err := send("anything"); err != nil {
		t.Fatal(err)
	}
	if text := pull("attach-schema", map[string]string{"schema": "nope"}); !strings.Contains(text, "Schema nope does not exist") {
		t.Error(text)
	}
	pull("attach-schema", map[string]string{"schema": "ballots"})
	var refused *bus.RejectionError
	p.eventually("the schema is known", func() bool { return errors.As(send(`{"ballot_id":"b","rating":9}`), &refused) })
	if text := refused.Error(); text != "the schema ballots (json, version 1) of election refused it: /rating: maximum: got 9, want 5; nothing was sent" {
		t.Error(text)
	}
	if err := send(`{"ballot_id":"b","rating":5}`); err != nil {
		t.Error(err)
	}
	if text := pull("schema", nil); !strings.Contains(text, `the schema of election is ballots (json, version 1): {"type":"object"`) {
		t.Error(text)
	}
	if text := told(); text != "ballots (json, version 1)" {
		t.Error(text)
	}
	pull("detach-schema", nil)
	p.eventually("anything fits again", func() bool { return send("anything") == nil })
	if text := told(); text != "none" {
		t.Error(text)
	}
	made, removed := c.heard("$memphis_producer_creations"), c.heard("$memphis_producer_destructions")
	if len(made) != 1 || len(removed) != 1 || !strings.Contains(made[0], `"name":"signalbox","station_name":"election"`) || !strings.Contains(made[0], `"req_version":4`) {
		t.Errorf("producers %q made and %q removed, want one that asked for the schema", made, removed)
	}
}

// Stations are made and removed by requests that Memphis's database learns of, in its words, and no lever goes past them.
func TestLevers(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	c := newClerk(t, p.server.URL())
	values := map[string]string{"name": "Orders.EU", "retention": "messages", "value": "500", "partitions": "2", "dead-letters": "orders-dls"}
	if text, err := p.bus.Pull(t.Context(), bus.Target{}, "create-station", values); err != nil || text != "the station orders.eu is created" {
		t.Fatal(text, err)
	}
	want := `{"name":"Orders.EU","retention_type":"messages","retention_value":500,"storage_type":"file","replicas":1,"idempotency_window_in_ms":120000,"schema_name":"","dls_configuration":{"poison":true,"schemaverse":true},"username":"","tiered_storage_enabled":false,"partitions_number":2,"dls_station":"orders-dls"}`
	if asked := c.heard("$memphis_station_creations"); len(asked) != 1 || asked[0] != want {
		t.Errorf("asked %q, want %s", asked, want)
	}
	s := p.one("orders.eu")
	for on, names := range map[string]string{"station": "send schema attach-schema detach-schema remove", "server": "create-station", "group": "resend"} {
		target := map[string]bus.Target{"station": {Station: s}, "server": {}, "group": {Consumer: &bus.Consumer{Station: "orders.eu", Name: "od"}}}[on]
		var got []string
		for _, l := range p.bus.Levers(target) {
			got = append(got, l.Name)
		}
		if strings.Join(got, " ") != names {
			t.Errorf("levers of a %s: %q, want %q", on, got, names)
		}
	}
	for wrong, text := range map[string]map[string]string{
		"there is a station orders.eu already": {"name": "orders.eu"},
		"Only alphanumeric and the":            {"name": "a b"},
		`retention type "age"`:                 {"name": "a", "retention": "age"},
		`partitions "x": want a number`:        {"name": "a", "partitions": "x"},
	} {
		if text, err := p.bus.Pull(t.Context(), bus.Target{}, "create-station", text); err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(wrong)) {
			t.Errorf("%q, %v, want %q", text, err, wrong)
		}
	}
	if text, err := p.bus.Pull(t.Context(), bus.Target{Station: s}, "remove", nil); err != nil || text != "the station orders.eu is removed" {
		t.Error(text, err)
	}
	if _, err := p.bus.Pull(t.Context(), bus.Target{Station: s}, "remove", nil); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("removed twice: %v", err)
	}
}

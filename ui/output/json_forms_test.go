package output

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/diagnosis"
	"signalbox/sources/state"
)

// The names and forms that scripts of users rely on: each line of JSON, whole, and with all that can be left out left out.
func TestJSONForms(t *testing.T) {
	at := time.Date(2026, 11, 20, 14, 3, 22, 104e6, time.UTC)
	numbered := bus.Traits{Positions: bus.Sequences}
	position := func(n uint64) bus.Position { return bus.Position{Major: n} }
	consumer := sources.ConsumerRow{Bus: "here", LagRate: -2.5, Diagnosis: diagnosis.Diagnosis{Word: "behind", Text: "behind, never caught up"},
		Consumer: bus.Consumer{Station: "orders", Name: "mailer", Kind: "durable", Lag: 7, Unacked: 3, Redelivered: 1, GivenUp: 2,
			Waiting: -1, AckLimit: 100, MaxDeliver: 5, Positions: bus.Sequences, Delivered: position(41), AckFloor: position(38), LastActive: at,
			Members: []bus.Member{{Name: "m1", Pending: 3, Idle: time.Second}},
			Pending: []bus.Pending{{Position: position(39), Member: "m1", Age: 2 * time.Second, Deliveries: 2}},
			Details: []bus.Detail{{Name: "follower", Value: "a"}, {Name: "follower", Value: "b"}}}}
	grouped := sources.ConsumerRow{Bus: "here", Diagnosis: diagnosis.Diagnosis{Word: "ok", Text: "keeping up"},
		Consumer: bus.Consumer{Station: "orders", Name: "billing", Kind: "group", Lag: -1, Unacked: 1, Redelivered: -1, Waiting: -1,
			Positions: bus.TimedIDs, Delivered: bus.Position{Major: 1700}, AckFloor: bus.Position{Major: 1699, Minor: math.MaxUint64},
			Pending: []bus.Pending{{Position: bus.Position{Major: 1700}, Member: "a", Deliveries: 1}}}}
	entity := sources.EntityRow{Entity: sources.Entity{Kind: "delivery", ID: "01HX7Q"}, Version: 4, Status: "collected", Rejected: 1,
		Partial: true, Lack: sources.Began, First: at, Touched: at.Add(time.Second), Fields: []state.Field{{Name: "budget", Value: state.IntValue(30)}}}
	detail := &sources.EntityDetail{EntityRow: entity, Shown: 3, Newest: 4, Missing: 2,
		State: []sources.StateField{{Field: state.Field{Name: "budget", Value: state.IntValue(40)}}},
		History: []sources.HistoryStep{{Version: 3, Time: at, Station: "here/deliveries", Type: "START", Rejected: "no", Failed: "broken",
			Changes: []state.FieldChange{{Name: "budget", Was: state.IntValue(50), Is: state.IntValue(40)}}}}}
	for name, c := range map[string]struct {
		value any
		want  string
	}{
		"station": {StationJSON("here", bus.Station{Name: "orders", Kind: bus.Stream, Replayable: true, Readable: true, Reading: "ordered consumer",
			Messages: 9, Bytes: 900, First: position(1), Last: position(9), Subjects: []string{"orders.>"}, Consumers: 2, Traits: numbered,
			Details: []bus.Detail{{Name: "storage", Value: "file"}}, MoreSubjects: 3,
			BySubject: []bus.SubjectCount{{Subject: "orders.b", Messages: 5}, {Subject: "orders.a", Messages: 2}}}),
			`{"bus":"here","name":"orders","kind":"stream","replayable":true,"readable":true,"reading":"ordered consumer","messages":9,` +
				`"bytes":900,"first":1,"last":9,"subjects":["orders.>"],"consumers":2,"details":{"storage":"file"},"by_subject":{"orders.a":2,"orders.b":5},"more_subjects":3}`},
		"station, unknown": {StationJSON("here", bus.Station{Name: "x", Kind: bus.Channel, Consumers: -1}),
			`{"bus":"here","name":"x","kind":"channel","replayable":false,"readable":false,"messages":0,"bytes":0}`},
		"consumer": {ConsumerJSON(consumer),
			`{"bus":"here","station":"orders","name":"mailer","kind":"durable","lag":7,"lag_rate":-2.5,"unacked":3,"redelivered":1,"given_up":2,` +
				`"ack_limit":100,"max_deliver":5,"delivered":41,"ack_floor":38,"last_active":"2026-11-20T14:03:22.104Z",` +
				`"members":[{"name":"m1","pending":3,"idle":"1s"}],"pending":[{"position":39,"member":"m1","age":"2s","deliveries":2}],` +
				`"details":{"follower":"a; b"},"diagnosis":"behind","text":"behind, never caught up, 2 given up"}`},
		"group with something pending": {ConsumerJSON(grouped),
			`{"bus":"here","station":"orders","name":"billing","kind":"group","lag_rate":0,"unacked":1,"given_up":0,"delivered":"1700-0",` +
				`"acked_before":"1700-0","pending":[{"position":"1700-0","member":"a","deliveries":1}],"diagnosis":"ok","text":"keeping up"}`},
		"unacknowledged": {UnackedJSON(consumer, consumer.Pending[0]),
			`{"bus":"here","station":"orders","consumer":"mailer","position":39,"member":"m1","age":"2s","deliveries":2}`},
		"entity": {EntityJSON(entity),
			`{"kind":"delivery","id":"01HX7Q","version":4,"status":"collected","state":{"budget":30,"status":"collected"},"partial":true,"lacks":"began before you attached",` +
				`"rejected":1,"first":"2026-11-20T14:03:22.104Z","touched":"2026-11-20T14:03:23.104Z"}`},
		"entity with history": {EntityDetailJSON(detail, true),
			`{"kind":"delivery","id":"01HX7Q","version":3,"newest":4,"status":"collected","state":{"budget":40},"partial":true,"lacks":"began before you attached","rejected":1,` +
				`"first":"2026-11-20T14:03:22.104Z","touched":"2026-11-20T14:03:23.104Z","missing":2,"history":[{"version":3,` +
				`"time":"2026-11-20T14:03:22.104Z","station":"here/deliveries","type":"START","changes":[{"name":"budget","was":50,"is":40}],` +
				`"rejected":"no","problem":"broken"}]}`},
		"outgoing": {OutgoingJSON(bus.Outgoing{Station: "orders", Subject: "orders.new", Headers: bus.Headers{{Name: "a", Value: "b"}}, Data: []byte(`{"n":1}`)}),
			`{"station":"orders","subject":"orders.new","headers":{"a":"b"},"data":{"n":1}}`},
		"outgoing, no JSON": {OutgoingJSON(bus.Outgoing{Station: "orders", Data: []byte("plain")}), `{"station":"orders","data":"plain"}`},
		"answer":            {AnswerJSON(bus.Message{Subject: "_INBOX.1", Data: []byte("[1]")}, time.Millisecond), `{"took":"1ms","subject":"_INBOX.1","data":[1]}`},
		"receipt": {ReceiptJSON(bus.Receipt{Station: "orders", Position: position(42), Receivers: -1, Text: "stored"}),
			`{"station":"orders","position":42,"duplicate":false,"text":"stored"}`},
		"finding": {FindingJSON("here", bus.Finding{Section: "rights", Name: "publish", Value: "no", Level: bus.Warn}),
			`{"bus":"here","section":"rights","name":"publish","value":"no","level":"left out"}`},
	} {
		var out bytes.Buffer
		if err := WriteJSON(&out, c.value); err != nil {
			t.Fatal(err)
		}
		if have := strings.TrimSuffix(out.String(), "\n"); have != c.want {
			t.Errorf("%s:\nhave %s\nwant %s", name, have, c.want)
		}
	}
}

// Rows are either a table or lines of JSON, and only the form that is printed is made.
func TestRowsAreOneForm(t *testing.T) {
	for _, asJSON := range []bool{false, true} {
		var out bytes.Buffer
		rows := NewRows(&out, asJSON, "NAME", "N")
		for _, name := range []string{"a\x1b", "long"} {
			err := rows.Add(func() any {
				if !asJSON {
					t.Error("JSON was made for a table")
				}
				return map[string]string{"name": name}
			}, func() []string {
				if asJSON {
					t.Error("cells were made for JSON")
				}
				return []string{name, "1"}
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := rows.Flush(); err != nil {
			t.Fatal(err)
		}
		want := "NAME  N\na␛    1\nlong  1\n"
		if asJSON {
			want = "{\"name\":\"a\\u001b\"}\n{\"name\":\"long\"}\n"
		}
		if out.String() != want {
			t.Errorf("JSON %t: have %q, want %q", asJSON, out.String(), want)
		}
	}
}

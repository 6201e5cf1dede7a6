package scenarios

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/filter"
	"signalbox/sources"
)

// shelf is a bus whose stations deliver one batch each.
type shelf struct {
	bus.Bus
	stations []bus.Station
	batches  map[string]*bus.Batch
}

func (s *shelf) Info() bus.Info             { return bus.Info{Name: "shelf", Link: bus.Live} }
func (s *shelf) Notices() <-chan bus.Notice { return nil }
func (s *shelf) Close() error               { return nil }

func (s *shelf) Stations(context.Context, ...string) ([]bus.Station, error) { return s.stations, nil }

func (s *shelf) Open(_ context.Context, station bus.Station, _ bus.From) (bus.Feed, error) {
	return &oneBatch{s.batches[station.Name]}, nil
}

type oneBatch struct{ batch *bus.Batch }

func (f *oneBatch) Next(context.Context) (*bus.Batch, error) {
	b := f.batch
	if f.batch = nil; b == nil {
		return nil, io.EOF
	}
	b.CaughtUp, b.Ended = true, true
	return b, nil
}

func (f *oneBatch) Close() error { return nil }

// add puts a message into a station, minutes ago.
func (s *shelf) add(station bus.Station, subject, data string, headers ...bus.Header) {
	b := s.batches[station.Name]
	if b == nil {
		s.stations = append(s.stations, station)
		b = bus.NewBatch(bus.FullBatch)
		s.batches[station.Name] = b
	}
	at := bus.Position{Major: uint64(b.Len() + 1)}
	switch station.Kind {
	case bus.Log:
		at = bus.Position{Major: 1_700_000_000_000, Minor: uint64(b.Len() + 1)}
	case bus.Subject:
		at = bus.Position{}
	}
	size := len(data)
	if strings.Contains(data, "cut") {
		size += 1000
	}
	b.Add(&bus.Message{
		Subject: subject, Headers: headers, Data: []byte(data), Position: at, Size: size,
		UnixNano: time.Now().Add(-time.Duration(b.Len()+1) * 10 * time.Minute).UnixNano(),
	})
}

// anything is a bus with what every domain refuses, accepts and cannot fold, with what is generic, and with what nobody
// understands.
func anything() *shelf {
	s := &shelf{batches: map[string]*bus.Batch{}}
	readable := func(name string, kind bus.Kind, form bus.PositionForm) bus.Station {
		return bus.Station{Name: name, Kind: kind, Readable: true, Replayable: true, Traits: bus.Traits{Positions: form}}
	}
	deliveries := readable("deliveries", bus.Stream, bus.Sequences)
	for i := range 10 {
		id := fmt.Sprintf("01M7XA6E%d", i)
		for _, step := range [][2]string{
			{"CREATE_DELIVERY", `{"budget":50,"notes":"ring twice"}`}, {"START_DELIVERY", `{}`}, {"START_DELIVERY", `{}`},
			{"PICKUP_PRODUCTS", `{"purchase_price":10,"quantity":10}`}, {"INCREASE_BUDGET", `{"budget":"50"}`},
			{"PICKUP_PRODUCTS", `{"purchase_price":10,"quantity":10}`}, {"DELIVER_PRODUCTS", `{"sell_price":15,"quantity":4}`}, {"EXPLODE", `{}`}, {"CREATE_DELIVERY", `{"budget":1}`},
		} {
			s.add(deliveries, "deliveries."+id, fmt.Sprintf(`{"type":%q,"delivery_id":%q,"data":%s}`, step[0], id, step[1]),
				bus.Header{Name: "Courier", Value: "auto"}, bus.Header{Name: "Try", Value: fmt.Sprint(i)})
		}
	}
	election := readable("election", bus.Log, bus.TimedIDs)
	for _, step := range [][2]string{
		{"Election.ElectionCreated", `{"id":"1","election_id":"e-1","name":"Photos","description":"Best of"}`},
		{"Voter.VoterRegistered", `{"id":"4","voter_id":"v-1","election_id":"e-1","name":"Ada","email":"ada@example.com"}`},
		{"Ballot.BallotCreated", `{"id":"5","ballot_id":"b-19","voter_id":"v-1","election_id":"e-1"}`},
		{"Ballot.BallotCast", `{"id":"11","ballot_id":"b-19"}`}, {"Ballot.BallotCast", `{"id":"12","ballot_id":"b-19"}`},
		{"Election.ElectionOpened", `{"id":"9","election_id":"e-1","open_date":"2026-11-20"}`},
	} {
		s.add(election, "election", step[1], bus.Header{Name: "Event-Type", Value: "PhotoVote.Event." + step[0]})
	}
	for _, step := range [][2]string{
		{"place-order", `{"id":"p-1","items":["tea","milk"]}`},
		{"order-created", `{"id":"x-1","command_id":"p-1","order_id":"42","items":["tea"]}`},
		{"notify-sales", `{"id":"n-1","message":"New Order","order_id":"42"}`},
	} {
		s.add(readable(step[0], bus.Subject, bus.Sequences), step[0], step[1])
	}
	carts := readable("carts", bus.Bucket, bus.Sequences)
	for _, state := range []string{`{"status":"open","items":2}`, `{"status":"open","items":3}`, `{"items":4}`, `{"status":null}`, `{"status":3,"note":"cut"}`} {
		s.add(carts, "cart.7", state)
	}
	other := readable("other", bus.Channel, bus.Sequences)
	for _, data := range []string{
		``, ` `, `42`, `[1,2]`, `{"broken":`, "\xff\xfe\x1b[31m", `{"type":"measured","sensor_id":"s","status":"hot","value":NaN}`,
		`{"type":"measured","sensor_id":"s","value":3}`, `{"specversion":"1.0","id":"c-1","source":"/x","type":"com.example.made","subject":"thing-1","data":{"status":"new"}}`,
		`{"type":"T","data":"{\"a\":1}","correlation_id":"abc"}`, `{"type":"` + strings.Repeat("x", 600) + `","thing_id":"` + strings.Repeat("y", 600) + `"}`,
	} {
		s.add(other, "other", data)
	}
	s.add(other, strings.Repeat("long.", 2000), `{"type":"measured","sensor_id":"t"}`, bus.Header{Name: "traceparent", Value: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"})
	return s
}

// filters are all that can be asked of an event: each narrowing and each name of expressions, some that want and some
// that do not want.
var filters = []string{
	`pickup`, `-pickup`, `"ring twice"`, `courier`, `auto`, `ada@example.com`, `budget delivery`, `"Not enough"`, `already`, `missing`, `rule`,
	`type:PICKUP*`, `-type:PICKUP*`, `type:pick`, `-type:pick`, `type:"PICKUP_PRODUCTS"`, `type:measured`, `type:x*`, `type:""`,
	`station:deliveries`, `-station:del*`, `station:*order*`, `subject:deliveries.*`, `subject:election`, `subject:long*`, `-subject:o*`,
	`entity:delivery`, `entity:delivery/01M7XA6E3`, `entity:01M7XA6E`, `entity:e-1`, `entity:sensor/s`, `-entity:*`, `entity:order/p-1`,
	`status:ready`, `status:active`, `status:collected`, `status:completed`, `status:rejected`, `status:failed`, `status:open`, `status:3`,
	`status:hot`, `status:new`, `status:placed`, `status:created`, `status:notified`, `-status:?*`, `status:?*`, `-status:rejected`, `status:""`,
	`bus:shelf`, `-bus:shelf`, `bus:s*`,
	`correlation == "p-1"`, `correlation != nil`, `age > 45m`, `age < 45m`, `time > "2026"`, `bus == "shelf"`, `station == "election"`,
	`subject contains "E4"`, `position > 20`, `position == "1700000000000-3"`, `position == nil`, `type in ["BallotCast", "measured"]`,
	`entity.id == "e-1"`, `entity.kind == "order"`, `entity == nil`, `version == 3`, `version > 1`, `version == 0`, `rejected != nil`,
	`rejected == "Not enough budget"`, `problem != nil`, `problem contains "missing"`, `problem contains "no rule"`, `size > 100`, `size > 1000`,
	`data.quantity > 3`, `data.items != nil`, `data.budget == "50"`, `"tea" in data.items`, `data == 42`, `data.status == nil`,
	`headers.Courier == "auto"`, `headers.Try == "7"`, `headers["Event-Type"] contains "Ballot"`, `len(headers) == 0`,
	`type:PICKUP* data.quantity > 3 && rejected != nil`, `status:collected delivery -entity:01M7XA6E3`, `status:rejected data.quantity == 10`,
	`not (version > 2) and type startsWith "C"`,
	`state.budget < 60`, `before.budget < 60 && state.budget > 60`, `changed.budget`, `changed.budget && not changed.status`, `before == nil`,
	`state == nil`, `state.status != before.status`, `rejected != nil && state.budget < 60`, `changed["notes"]`, `len(changed) == 0`,
	`state.name == "Photos"`, `changed.status && before.status == "ready"`, `state == before`,
}

// A filter finds the same among the held events, in the deck, as it does while they come, in tail and in scripts.
func TestFiltersFindTheSameAmongHeldAndLiveEvents(t *testing.T) {
	type pair struct {
		text  string
		held  *sources.EventFilter
		live  *sources.EventFilter
		found []uint64
	}
	pairs := make([]pair, len(filters))
	for i, text := range filters {
		p := &pairs[i]
		var errs [2]error
		p.text = text
		p.held, errs[0] = filter.ParseEvents(text)
		p.live, errs[1] = filter.ParseEvents(text)
		if errs[0] != nil || errs[1] != nil || p.live == nil {
			t.Fatalf("%s: %v", text, errs)
		}
	}
	var events []*sources.Event
	e := sources.NewEngine(sources.Options{Domains: Builtin().Domains(), Tap: func(ev *sources.Event) {
		events = append(events, ev.Clone())
		for i := range pairs {
			if pairs[i].live.Wants(ev) {
				pairs[i].found = append(pairs[i].found, ev.Number)
			}
		}
	}})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	over := make(chan error)
	go func() { over <- e.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-over; err != nil {
			t.Error(err)
		}
	}()
	if err := e.Attach(ctx, anything(), sources.Selection{From: bus.From{Start: bus.FromAll}}); err != nil {
		t.Fatal(err)
	}
	if err := e.CaughtUp(ctx); err != nil {
		t.Fatal(err)
	}
	search := func(filter *sources.EventFilter) []*sources.Event {
		serial := e.Snapshot().View.Serial + 1
		e.Look(sources.View{Serial: serial, Events: sources.EventsView{Filter: filter, Above: 10_000}})
		for {
			if s := e.Snapshot(); s.View.Serial == serial && s.Events.Searched == s.Events.Total {
				return s.Events.Rows
			}
			select {
			case <-e.Changed():
			case <-ctx.Done():
				t.Fatal("the search does not end")
			}
		}
	}
	held := search(nil)
	if len(held) != len(events) || len(events) < 100 {
		t.Fatalf("%d events are held of %d", len(held), len(events))
	}
	for i := range events {
		same(t, events[i], held[i])
	}
	for i := range pairs {
		p := &pairs[i]
		var found []uint64
		for _, ev := range search(p.held) {
			found = append(found, ev.Number)
		}
		if !slices.Equal(found, p.found) {
			t.Errorf("%s: %d held events are found, %d live ones were", p.text, len(found), len(p.found))
		}
		if n := len(p.found); n == 0 && !slices.Contains([]string{`-bus:shelf`, `type:""`}, p.text) {
			t.Errorf("%s: nothing is found, so that nothing is compared", p.text)
		}
	}
}

// same compares all that is said of an event, but what only understanding and folding need.
func same(t *testing.T, live, held *sources.Event) {
	t.Helper()
	for _, part := range []struct {
		live, held any
		but        []string
	}{
		{live.Received, held.Received, nil},
		{live.Understood, held.Understood, []string{"Names", "AloneKind", "AloneID", "Fold"}},
		{live.Outcome, held.Outcome, nil},
	} {
		a, b := reflect.ValueOf(part.live), reflect.ValueOf(part.held)
		for i := range a.NumField() {
			field := a.Type().Field(i)
			if slices.Contains(part.but, field.Name) {
				continue
			}
			x, y := a.Field(i).Interface(), b.Field(i).Interface()
			if data, ok := x.([]byte); ok {
				if !bytes.Equal(data, y.([]byte)) || (data == nil) != (y.([]byte) == nil) {
					t.Errorf("event %d: %s was %.60q and is held as %.60q", live.Number, field.Name, data, y)
				}
			} else if headers, ok := x.(bus.Headers); ok && len(headers) == 0 && len(y.(bus.Headers)) == 0 {
				continue
			} else if !reflect.DeepEqual(x, y) {
				t.Errorf("event %d: %s was %.60v and is held as %.60v", live.Number, field.Name, x, y)
			}
		}
	}
}

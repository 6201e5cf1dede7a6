package scenarios

import (
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
)

// payloads are the life of a delivery, 200 bytes each with blanks for what applications add.
func payloads() [][]byte {
	var list [][]byte
	for _, step := range []struct{ kind, data string }{
		{"CREATE_DELIVERY", `{"budget":100,"notes":"ring twice"}`},
		{"START_DELIVERY", `{}`},
		{"PICKUP_PRODUCTS", `{"purchase_price":10,"quantity":2}`},
		{"INCREASE_BUDGET", `{"budget":50}`},
		{"DELIVER_PRODUCTS", `{"sell_price":15,"quantity":1}`},
	} {
		list = append(list, fmt.Appendf(nil, `{"type":%q,"delivery_id":"01M7XA6ES0V8Q2Z4N6P8R0T2W4","data":%s,"source":"https://deliveries.example/api/v1","sent":"2026-11-20T14:03:22Z"}`, step.kind, step.data))
	}
	return list
}

// byHand is the rules of deliveries as one would write them in Go.
func byHand(e *sources.Event, s *state.State, slot map[string]int) (string, error) {
	get := func(name string) (int64, error) {
		r := gjson.Get(expression.View(e.Body), name)
		switch r.Type {
		case gjson.Number:
			return int64(r.Num), nil
		case gjson.String:
			return strconv.ParseInt(r.Str, 10, 64)
		}
		return 0, errors.New(name + " is missing")
	}
	budget, _ := s.Get(slot["budget"]).Int()
	quantity, _ := s.Get(slot["quantity"]).Int()
	status := s.Get(0).Text()
	switch e.Type {
	case "CREATE_DELIVERY":
		amount, err := get("budget")
		if err != nil {
			return "", err
		}
		s.Set(slot["id"], state.TextValue(e.ID))
		s.Set(slot["budget"], state.IntValue(amount))
		s.Set(slot["notes"], state.TextValue(gjson.Get(expression.View(e.Body), "notes").Str))
		s.Set(0, state.TextValue("ready"))
	case "START_DELIVERY":
		if status != "ready" {
			return "Delivery already started", nil
		}
		s.Set(0, state.TextValue("active"))
	case "PICKUP_PRODUCTS":
		price, err := get("purchase_price")
		if err != nil {
			return "", err
		}
		n, err := get("quantity")
		if err != nil {
			return "", err
		}
		if budget -= price * n; budget < 0 {
			return "Not enough budget", nil
		}
		s.Set(slot["budget"], state.IntValue(budget))
		s.Set(slot["purchase_price"], state.IntValue(price))
		s.Set(slot["quantity"], state.IntValue(n))
		s.Set(0, state.TextValue("collected"))
	case "DELIVER_PRODUCTS":
		price, err := get("sell_price")
		if err != nil {
			return "", err
		}
		n, err := get("quantity")
		if err != nil {
			return "", err
		}
		if quantity -= n; quantity < 0 {
			return "Not enough quantity", nil
		}
		s.Set(slot["budget"], state.IntValue(budget-price*n))
		s.Set(slot["purchase_price"], state.IntValue(price))
		s.Set(slot["quantity"], state.IntValue(quantity))
		s.Set(0, state.TextValue("completed"))
	case "INCREASE_BUDGET":
		amount, err := get("budget")
		if err != nil {
			return "", err
		}
		s.Set(slot["budget"], state.IntValue(budget+amount))
	}
	return "", nil
}

// lives folds the life of a delivery again and again.
func lives(n int, events []*sources.Event, kind *state.Kind, apply func(*sources.Event, *state.State) (string, error)) error {
	var s state.State
	for range n {
		s.Reset(kind)
		for _, e := range events {
			if refused, err := apply(e, &s); refused != "" || err != nil {
				return fmt.Errorf("%s: %s, %w", e.Type, refused, err)
			}
			s.Commit()
			s.Version++
		}
	}
	return nil
}

// understood are the events of a delivery's life.
func understood(d sources.Domains) []*sources.Event {
	var events []*sources.Event
	for _, data := range payloads() {
		e := &sources.Event{Received: sources.Received{Station: "deliveries", Subject: "deliveries.1", Data: data}}
		d.Understand(e)
		events = append(events, e)
	}
	return events
}

// BenchmarkFold sets the compiled rules beside the same rules in Go.
func BenchmarkFold(b *testing.B) {
	events := understood(Builtin().Domains())
	kind := events[0].Kind
	slot := map[string]int{}
	for _, name := range []string{"id", "budget", "notes", "purchase_price", "quantity"} {
		slot[name] = kind.Slot(name)
	}
	b.ReportAllocs()
	compiled := func(e *sources.Event, s *state.State) (string, error) { return e.Fold.Apply(e, s) }
	written := func(e *sources.Event, s *state.State) (string, error) { return byHand(e, s, slot) }
	var took [2]time.Duration
	for done := 0; done < b.N; { // by turns, so that what else the machine does meets both
		n := min(b.N-done, 1000)
		for i, apply := range []func(*sources.Event, *state.State) (string, error){compiled, written} {
			began := time.Now()
			if err := lives(n, events, kind, apply); err != nil {
				b.Fatal(err)
			}
			took[i] += time.Since(began)
		}
		done += n
	}
	perEvent := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / float64(b.N*len(events)) }
	b.ReportMetric(perEvent(took[0]), "ns/event")
	b.ReportMetric(perEvent(took[1]), "ns/event-by-hand")
	b.ReportMetric(float64(took[0])/float64(took[1]), "ratio")
}

// BenchmarkUnderstand finds the type, the entity and the body of events of known domains, and of others, beside four
// look-ups by gjson, which find less.
func BenchmarkUnderstand(b *testing.B) {
	for name, data := range map[string][]byte{
		"deliveries": payloads()[2],
		"generic":    []byte(`{"type":"parcel.sent","parcel_id":"p-1","weight":2.5,"to":{"city":"Bonn","street":"Am Hof 1"},"source":"https://parcels.example/api/v1","sent":"2026-11-20T14:03:22Z"}`),
	} {
		b.Run(name, func(b *testing.B) {
			d := Builtin().Domains()
			b.ReportAllocs()
			e := &sources.Event{}
			var took [2]time.Duration
			for done := 0; done < b.N; { // by turns, so that what else the machine does meets both
				n := min(b.N-done, 1000)
				began := time.Now()
				for range n {
					*e = sources.Event{Received: sources.Received{Station: name, Subject: name, Data: data}}
					d.Understand(e)
				}
				took[0] += time.Since(began)
				if e.ID == "" || e.Type == "" {
					b.Fatalf("%+v", e)
				}
				began = time.Now()
				found := 0
				for range n {
					for _, path := range []string{"type", "delivery_id", "data", "correlation_id"} {
						found += len(gjson.GetBytes(data, path).Raw)
					}
				}
				took[1] += time.Since(began)
				if found == 0 {
					b.Fatal("nothing found by hand")
				}
				done += n
			}
			b.ReportMetric(float64(took[0].Nanoseconds())/float64(b.N), "ns/event")
			b.ReportMetric(float64(took[1].Nanoseconds())/float64(b.N), "ns/event-by-hand")
			b.ReportMetric(float64(took[0])/float64(took[1]), "ratio")
		})
	}
}

// BenchmarkLoad reads the built-in domains and makes them ready, as each start does.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		Builtin().Domains()
	}
}

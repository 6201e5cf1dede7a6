package scenarios

import (
	"fmt"
	"testing"

	"signalbox/sources"
	"signalbox/sources/state"
)

// delivery is an event of a delivery as the application sends it.
func delivery(kind, data string) string {
	return fmt.Sprintf(`{"type":%q,"delivery_id":"01M7XA6ES","data":%s}`, kind, data)
}

// The worked example of the application's documentation, with its numbers.
func TestDeliveriesWorkedExample(t *testing.T) {
	w := newWorld(t)
	for _, step := range []struct{ kind, data, rejected, state string }{
		{"CREATE_DELIVERY", `{"budget":50,"notes":"test note"}`, "", `{"id":"01M7XA6ES","budget":50,"notes":"test note","status":"ready"}`},
		{"START_DELIVERY", `{}`, "", `{"id":"01M7XA6ES","budget":50,"notes":"test note","status":"active"}`},
		{"START_DELIVERY", `{}`, "Delivery already started", `{"id":"01M7XA6ES","budget":50,"notes":"test note","status":"active"}`},
		{"PICKUP_PRODUCTS", `{"purchase_price":10,"quantity":10}`, "Not enough budget", `{"id":"01M7XA6ES","budget":50,"notes":"test note","status":"active"}`},
		{"INCREASE_BUDGET", `{"budget":"50"}`, "", `{"id":"01M7XA6ES","budget":100,"notes":"test note","status":"active"}`},
		{"PICKUP_PRODUCTS", `{"purchase_price":10,"quantity":10}`, "", `{"id":"01M7XA6ES","budget":0,"notes":"test note","status":"collected","purchase_price":10,"quantity":10}`},
		{"DELIVER_PRODUCTS", `{"sell_price":15,"quantity":11}`, "Not enough quantity", `{"id":"01M7XA6ES","budget":0,"notes":"test note","status":"collected","purchase_price":10,"quantity":10}`},
		{"DELIVER_PRODUCTS", `{"sell_price":15,"quantity":4}`, "", `{"id":"01M7XA6ES","budget":-60,"notes":"test note","status":"completed","purchase_price":15,"quantity":6}`},
	} {
		before := uint64(0)
		if s := w.states[sources.Entity{Kind: "delivery", ID: "01M7XA6ES"}]; s != nil {
			before = s.Version
		}
		w.wantEvent(w.send("deliveries", delivery(step.kind, step.data)), step.kind, step.rejected, "")
		if step.rejected == "" {
			before++
		}
		w.want("delivery", "01M7XA6ES", before, step.state)
	}
}

func TestDeliveriesFailures(t *testing.T) {
	for _, c := range []struct{ before, kind, data, failed string }{
		{"", "START_DELIVERY", `{}`, "There is no such delivery"},
		{"", "PICKUP_PRODUCTS", `{"purchase_price":1,"quantity":1}`, "There is no such delivery"},
		{"", "DELIVER_PRODUCTS", `{"sell_price":1,"quantity":1}`, "There is no such delivery"},
		{"", "INCREASE_BUDGET", `{"budget":1}`, "There is no such delivery"},
		{"", "CREATE_DELIVERY", `{"notes":"x"}`, "data.budget is missing"},
		{"", "CREATE_DELIVERY", `{"budget":1}`, "data.notes is missing"},
		{"", "CREATE_DELIVERY", `{"budget":"much","notes":"x"}`, `data.budget: want a whole number, have "much"`},
		{"50", "DELIVER_PRODUCTS", `{"sell_price":1,"quantity":1}`, "Nothing was picked up"},
		{"50", "PICKUP_PRODUCTS", `{"purchase_price":1}`, "data.quantity is missing"},
		{"50", "PICKUP_PRODUCTS", `{"purchase_price":[],"quantity":1}`, "data.purchase_price: want a whole number, have []"},
		{"50", "INCREASE_BUDGET", `{}`, "data.budget is missing"},
		{"50", "EXPLODE", `{}`, "deliveries has no rule for EXPLODE"},
	} {
		w := newWorld(t)
		version, state := uint64(0), `{}`
		if c.before != "" {
			w.send("deliveries", delivery("CREATE_DELIVERY", `{"budget":`+c.before+`,"notes":"x"}`))
			version, state = 1, `{"id":"01M7XA6ES","budget":50,"notes":"x","status":"ready"}`
		}
		w.wantEvent(w.send("deliveries", delivery(c.kind, c.data)), c.kind, "", c.failed)
		w.want("delivery", "01M7XA6ES", version, state)
	}
}

// Rules that the application does not have: no check of the status at pick-up and delivery, none of the budget there.
func TestDeliveriesDoNotCheckStatus(t *testing.T) {
	w := newWorld(t)
	w.send("deliveries", delivery("CREATE_DELIVERY", `{"budget":"50","notes":"x"}`))
	w.wantEvent(w.send("deliveries", delivery("PICKUP_PRODUCTS", `{"purchase_price":"10","quantity":"5"}`)), "PICKUP_PRODUCTS", "", "")
	w.wantEvent(w.send("deliveries", delivery("DELIVER_PRODUCTS", `{"sell_price":100,"quantity":1}`)), "DELIVER_PRODUCTS", "", "")
	w.wantEvent(w.send("deliveries", delivery("DELIVER_PRODUCTS", `{"sell_price":100,"quantity":1}`)), "DELIVER_PRODUCTS", "", "")
	w.want("delivery", "01M7XA6ES", 4, `{"id":"01M7XA6ES","budget":-200,"notes":"x","status":"completed","purchase_price":100,"quantity":3}`)
	w.wantEvent(w.send("deliveries", delivery("CREATE_DELIVERY", `{"budget":1,"notes":"again"}`)), "CREATE_DELIVERY", "", "")
	w.want("delivery", "01M7XA6ES", 5, `{"id":"01M7XA6ES","budget":1,"notes":"again","status":"ready"}`)
}

// What a state lacks because its first events were never seen is no reason to refuse.
func TestDeliveriesPartial(t *testing.T) {
	w := newWorld(t)
	w.partial = true
	w.wantEvent(w.send("deliveries", delivery("START_DELIVERY", `{}`)), "START_DELIVERY", "", "")
	w.want("delivery", "01M7XA6ES", 1, `{"status":"active"}`)
	w.wantEvent(w.send("deliveries", delivery("START_DELIVERY", `{}`)), "START_DELIVERY", "Delivery already started", "")
	w.wantEvent(w.send("deliveries", delivery("PICKUP_PRODUCTS", `{"purchase_price":1000,"quantity":10}`)), "PICKUP_PRODUCTS", "", "")
	w.want("delivery", "01M7XA6ES", 2, `{"status":"collected","purchase_price":1000,"quantity":10}`)
	w.wantEvent(w.send("deliveries", delivery("DELIVER_PRODUCTS", `{"sell_price":1,"quantity":11}`)), "DELIVER_PRODUCTS", "Not enough quantity", "")
	w.wantEvent(w.send("deliveries", delivery("PICKUP_PRODUCTS", `{"quantity":10}`)), "PICKUP_PRODUCTS", "", "data.purchase_price is missing")
	w.wantEvent(w.send("deliveries", delivery("CREATE_DELIVERY", `{"budget":5,"notes":"x"}`)), "CREATE_DELIVERY", "", "")
	w.want("delivery", "01M7XA6ES", 3, `{"id":"01M7XA6ES","budget":5,"notes":"x","status":"ready"}`)
	w.wantEvent(w.send("deliveries", delivery("PICKUP_PRODUCTS", `{"purchase_price":1000,"quantity":10}`)), "PICKUP_PRODUCTS", "Not enough budget", "")
}

// An event is judged by what is known; that it was not is said.
func TestWhatIsNotJudged(t *testing.T) {
	rules := func(partial, missed bool, payload, fields string) (refused string, unjudged bool) {
		t.Helper()
		d := shared.Domains()
		e := &sources.Event{Received: sources.Received{Station: "deliveries", Subject: "deliveries.1", Data: []byte(payload)}}
		d.Understand(e)
		var s state.State
		s.Reset(e.Kind)
		s.Partial, s.Missed = partial || missed, missed
		if fields != "" {
			s.Set(0, state.TextValue(fields))
		}
		out := sources.Apply(e, &s)
		return out.Rejected + out.Failed, out.Unjudged
	}
	start := delivery("START_DELIVERY", `{}`)
	for _, c := range []struct {
		partial, missed bool
		status          string
		refused         string
		unjudged        bool
	}{
		{false, false, "", "There is no such delivery", false},
		{false, false, "active", "Delivery already started", false},
		{true, false, "", "", true},
		{true, false, "active", "Delivery already started", false},
		{true, false, "ready", "", false},
		{true, true, "active", "", true}, // it may be another by now
	} {
		if refused, unjudged := rules(c.partial, c.missed, start, c.status); refused != c.refused || unjudged != c.unjudged {
			t.Errorf("%+v: %q, unjudged %v", c, refused, unjudged)
		}
	}
}

// An entry of an object that a fold builds may be there in truth, where the state is partial.
func TestEntriesOfAPartialState(t *testing.T) {
	w := newWorld(t)
	w.partial = true
	rate := func(ballot, competition string) *sources.Event {
		return w.send("election", `{"type":"BallotCandidateRated","election_id":"e","ballot_id":"`+ballot+`","competition_id":"`+competition+`","candidate_id":"x","rating":3}`)
	}
	w.wantEvent(rate("b1", "c1"), "BallotCandidateRated", "", "")
	w.wantEvent(w.send("election", `{"type":"BallotCast","election_id":"e","ballot_id":"b1"}`), "BallotCast", "", "")
	w.wantEvent(rate("b1", "c2"), "BallotCandidateRated", "Ballot has already been cast", "")
	w.wantEvent(rate("b2", "c1"), "BallotCandidateRated", "", "")
}

// The application stores events as Redis hashes, whose data is JSON in a text; others send the fields flat.
func TestDeliveriesForms(t *testing.T) {
	w := newWorld(t)
	hash := `{"pk":"01M7XA6ET","delivery_id":"01M7XA6ES","type":"CREATE_DELIVERY","data":"{\"budget\": 50, \"notes\": \"test note\"}"}`
	e := w.take(&sources.Event{Received: sources.Received{
		Station: ":main.Event:*", Traits: keyTraits, Subject: ":main.Event:01M7XA6ET", Data: []byte(hash),
	}})
	w.wantEvent(e, "CREATE_DELIVERY", "", "")
	w.wantEvent(w.send("anything", `{"type":"INCREASE_BUDGET","delivery_id":"01M7XA6ES","budget":25}`), "INCREASE_BUDGET", "", "")
	w.want("delivery", "01M7XA6ES", 2, `{"id":"01M7XA6ES","budget":75,"notes":"test note","status":"ready"}`)
	unknown := w.take(&sources.Event{Received: sources.Received{Station: "keys:*.Event:*", Traits: keyTraits, Subject: ":main.Event:01M7XA6EV",
		Data: []byte(`{"pk":"01M7XA6EV","delivery_id":"01M7XA6ES","type":"EXPLODE","data":"{}"}`)}})
	w.wantEvent(unknown, "EXPLODE", "", "deliveries has no rule for EXPLODE")
	cached := w.take(&sources.Event{Received: sources.Received{Station: "keys:delivery:*", Traits: keyTraits, Subject: "delivery:01M7XA6EX", Data: []byte(`{}`)}})
	if !cached.Copy || !cached.Follows {
		t.Errorf("an empty copy begins an entity: %+v", cached.Understood)
	}
	if got := string(e.Body); got != `{"budget": 50, "notes": "test note"}` {
		t.Errorf("data is %s", got)
	}
	e = w.send("deliveries", `{"type":"START_DELIVERY"}`)
	if want := "belongs to no delivery: data.delivery_id ?? headers.delivery_id is missing"; e.Problem != want || e.Kind != nil {
		t.Errorf("an event of no delivery: %q, want %q", e.Problem, want)
	}
}

// To understand and fold an event of a known domain takes no memory besides what the state keeps.
func TestDeliveriesTakeNoMemory(t *testing.T) {
	d := shared.Domains()
	e := &sources.Event{Received: sources.Received{
		Station: "deliveries", Subject: "deliveries.1",
		Data: []byte(delivery("PICKUP_PRODUCTS", `{"purchase_price":1,"quantity":"2"}`)),
	}}
	d.Understand(e)
	var s state.State
	s.Reset(e.Kind)
	s.Partial = true
	apply := func() {
		if refused, err := e.Fold.Apply(e, &s); refused != "" || err != nil {
			t.Fatal(refused, err)
		}
		s.Undo()
	}
	apply()
	if n := testing.AllocsPerRun(100, apply); n != 0 {
		t.Errorf("a fold makes %v allocations", n)
	}
	if n := testing.AllocsPerRun(100, func() { d.Understand(e) }); n != 0 {
		t.Errorf("understanding makes %v allocations", n)
	}
}

package filter

import (
	"errors"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/bus/bustest/hostile"
	"signalbox/sources"
	"signalbox/sources/state"
)

// pickedUp is an event that the filters of the tests are asked about, as it is when it is held.
func pickedUp() *sources.Event {
	const data = `{"purchase_price":10,"quantity":4,"note":"Ring \"twice\", Ämter","list":["a"]}`
	return &sources.Event{
		Received: sources.Received{
			Number: 7, UnixNano: time.Date(2026, 11, 20, 14, 3, 22, 104e6, time.UTC).UnixNano(), Bus: "demo",
			Station: "deliveries", Source: bus.Stream, Subject: "deliveries.01HX7Q",
			Position: bus.Position{Major: 48193}, Headers: bus.Headers{{Name: "Courier", Value: "auto"}},
			Data: []byte(`{"type":"PICKUP_PRODUCTS","delivery_id":"01HX7Q","data":` + data + `}`),
		},
		Understood: sources.Understood{Type: "PICKUP_PRODUCTS", Kind: state.NewKind("delivery"), ID: "01HX7Q", Body: []byte(data)},
		Outcome:    sources.Outcome{Version: 4, Status: "collected"},
	}
}

func TestParseFilter(t *testing.T) {
	for text, want := range map[string]bool{
		`pickup`:                         true,
		`PICKUP 01hx`:                    true,
		`pickup nowhere`:                 false,
		`-pickup`:                        false,
		`-nowhere`:                       true,
		`auto`:                           true,
		`courier`:                        true,
		`ämter`:                          true,
		`"Ring \"twice\""`:               false, // the payload has it escaped
		`"_price\":10"`:                  true,
		"`purchase_price\":10`":          true,
		`delivery`:                       true,
		`type:PICKUP*`:                   true,
		`type:pickup_products`:           true,
		`type:pick`:                      true,
		`type:PRODUCTS`:                  false,
		`type:PICKUP?`:                   false,
		`type:"PICKUP"`:                  false,
		`type:"pickup_products"`:         true,
		`type:"*_products"`:              true,
		`type:""`:                        false,
		`-type:""`:                       true,
		`-type:pick`:                     false,
		`station:deliv`:                  true,
		`station:"deliv"`:                false,
		`status:COLL`:                    true,
		`status:"coll"`:                  false,
		`subject:deliveries`:             true,
		`subject:"deliveries"`:           false,
		`bus:de`:                         true,
		`entity:del`:                     true,
		`entity:del/01hx`:                true,
		`entity:"del"`:                   false,
		`entity:"delivery/01HX7Q"`:       true,
		`entity:""`:                      false,
		`-type:PICKUP*`:                  false,
		`-type:START*`:                   true,
		`station:deliveries`:             true,
		`station:*election*`:             false,
		`entity:delivery`:                true,
		`entity:01HX`:                    true,
		`entity:delivery/01hx7q`:         true,
		`entity:order/01HX7Q`:            false,
		`status:collected`:               true,
		`status:ready`:                   false,
		`subject:deliveries.*`:           true,
		`"type" in data`:                 false,
		`"list" in data`:                 true,
		`"list" not in data`:             false,
		`"a" in headers`:                 false, // a question, no words
		`"Courier" in headers`:           true,
		`list in data`:                   true, // three words
		`data.quantity > 3`:              true,
		`data.quantity > 4`:              false,
		`data.gone > 4`:                  false,
		`type:PICKUP* data.quantity > 3`: true,
		`data.quantity > 3 type:START*`:  false,
		`01HX data.quantity > 3`:         true,
		`nowhere data.quantity > 3`:      false,
		`-auto data.quantity > 3`:        false,
		`data.quantity > 3 && type != "START_DELIVERY"`:           true,
		`type == "PICKUP_PRODUCTS"`:                               true,
		`entity.kind == "delivery" and entity.id startsWith "01"`: true,
		`headers["Courier"] == "auto"`:                            true,
		`headers.Courier == "none"`:                               false,
		`position == 48193`:                                       true,
		`version >= 4`:                                            true,
		`rejected == nil`:                                         true,
		`time > "2026-11-20T14:03"`:                               true,
		`time > "2026-11-20T14:04"`:                               false,
		`station in ["election", "deliveries"]`:                   true,
		`data.note contains "twice"`:                              true,
		`data.note == "nothing"`:                                  false,
		`"a" in data.list`:                                        true,
		`not (type == "x")`:                                       true,
		`type contains "PICK"`:                                    true,
		`subject matches "^deliv.*Q$"`:                            true,
		`any(data.list, # == "a")`:                                true,
		`not (data.list == nil)`:                                  true,
		`data.gone ?? true`:                                       true,
		`data.quantity == "4"`:                                    true,
		`age > 5m`:                                                true,
		`age < 1h30m`:                                             false,
		`size > 5`:                                                true,
		`delivery:01HX7Q`:                                         false, // a word: a key as Redis users write them
		`in on`:                                                   false, // words
	} {
		wanted, err := ParseEvents(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := wanted.Wants(pickedUp()); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	if wanted, err := ParseEvents("  "); wanted != nil || err != nil {
		t.Errorf("an empty filter is %v, %v; want nil", wanted != nil, err)
	}
}

// What has no type, status or entity is found by the empty quotes.
func TestFilterOfWhatIsNotThere(t *testing.T) {
	for _, text := range []string{`type:""`, `status:""`, `entity:""`, "type:``"} {
		wanted, err := ParseEvents(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !wanted.Wants(&sources.Event{}) || wanted.Wants(pickedUp()) {
			t.Errorf("%s does not want just what has none", text)
		}
	}
}

// What went wrong with an event has one word, and no event has two.
func TestStatusIsWhatWentWrong(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*sources.Event)
		status string
	}{
		"folded":      {func(*sources.Event) {}, "collected"},
		"refused":     {func(e *sources.Event) { e.Rejected, e.Status = "Not enough budget", "" }, "rejected"},
		"not folded":  {func(e *sources.Event) { e.Failed, e.Status = "no number", "" }, "failed"},
		"of nobody":   {func(e *sources.Event) { e.Problem, e.Status = "belongs to no delivery", "" }, "failed"},
		"undecodable": {func(e *sources.Event) { e.Problem, e.Undecodable, e.Status = "not JSON", true, "" }, "undecodable"},
	} {
		e := pickedUp()
		c.change(e)
		for _, status := range []string{"collected", "rejected", "failed", "undecodable"} {
			wanted, err := ParseEvents("status:" + status)
			if err != nil {
				t.Fatal(err)
			}
			if got := wanted.Wants(e); got != (status == c.status) {
				t.Errorf("an event that is %s: status:%s is %t", name, status, got)
			}
		}
	}
}

func TestSlipsOfNamesThatNarrow(t *testing.T) {
	for text, want := range map[string]string{
		`typ:PICK`:          "typ: narrows nothing; did you mean type:?",
		`pickup -statoin:x`: "statoin: narrows nothing; did you mean station:?",
		`type:typ`:          "",
		`order:17`:          "",
		`typ`:               "",
		`"typ:x"`:           "",
	} {
		if got := Slip(text, EventNames()); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// A filter knows whether it wants something else as time goes by.
func TestFiltersKnowWhetherTheyAge(t *testing.T) {
	for text, want := range map[string]bool{
		`age < 5m`: true, `pickup age > 1h`: true, `type:x && not (age < 3)`: true, `data.age > 3`: false, `age`: false, `type:age`: false,
		`any(data.list, age > 5)`: true,
	} {
		if wanted, err := ParseEvents(text); err != nil || wanted.Ages() != want {
			t.Errorf("%s: ages %v, %v; want %v", text, wanted.Ages(), err, want)
		}
	}
	for text, want := range map[string]bool{`idle > 1m`: true, `age > 5m && status == "x"`: true, `state.age > 5`: false} {
		if wanted, err := ParseEntities(text); err != nil || wanted.Ages() != want {
			t.Errorf("%s: ages %v, %v; want %v", text, wanted.Ages(), err, want)
		}
	}
}

const knownOfEvents = "; known are age, before, bus, changed, correlation, data, entity, headers, partial, position, problem, rejected, size, " +
	"state, station, subject, time, took, type, unjudged, version"

func TestParseFilterErrors(t *testing.T) {
	for text, want := range map[string]Error{
		`data.quantity >`:            {15, "the expression is not finished"},
		`type:x dat.quantity > 3`:    {8, "unknown name dat; did you mean data?"},
		`5m < age && agee > 3`:       {13, "unknown name agee; did you mean age?"},
		`data.quantity`:              {1, "data.quantity is a value, not a condition: compare it, as in data.quantity > 3 or data.quantity == true"},
		`pickup data.quantity`:       {8, "data.quantity is a value, not a condition: compare it, as in data.quantity > 3 or data.quantity == true"},
		`data.quantity + 1`:          {1, "data.quantity + 1 is a value, not a condition: compare it, as in (data.quantity + 1) > 3 or (data.quantity + 1) == true"},
		`int(data.quantity)`:         {1, "int(data.quantity) is a value, not a condition: compare it, as in int(data.quantity) > 3 or int(data.quantity) == true"},
		`len(data.list)`:             {1, "want something that is true or false, such as data.quantity > 3"},
		`quantity=3`:                 {9, "a single = says nothing; write == to compare, or put the word in quotes"},
		`(data.quantity`:             {14, "the expression is not finished"},
		`quantity > 3`:               {1, "unknown name quantity: a field is data.quantity or state.quantity, a text stands in quotes" + knownOfEvents},
		`type == OrderPlaced`:        {9, "unknown name OrderPlaced: a field is data.OrderPlaced or state.OrderPlaced, a text stands in quotes" + knownOfEvents},
		`data.quantity = 3`:          {15, "a single = says nothing; write == to compare"},
		`data.quantity between 3`:    {15, `this does not belong here: "between"`},
		`entity == "o4"`:             {8, "== between an object and a text means nothing"},
		`version + 1 > 1 && "ä" - 1`: {24, `- between a text and a number means nothing`},
	} {
		_, err := ParseEvents(text)
		var at *Error
		if !errors.As(err, &at) {
			t.Errorf("%s: %v; want a *FilterError", text, err)
			continue
		}
		if *at != want {
			t.Errorf("%s: %v; want %v", text, err, &want)
		}
	}
}

func TestParseEntityFilter(t *testing.T) {
	row := &sources.EntityRow{
		Entity: sources.Entity{Kind: "order", ID: "o-42"}, Version: 3, Status: "pending", Rejected: 1,
		Fields: []state.Field{{Name: "items", Value: state.JSONValue(`["tea"]`)}, {Name: "total", Value: state.IntValue(7)}},
		First:  time.Now().Add(-10 * time.Minute), Touched: time.Now().Add(-30 * time.Second),
	}
	for text, want := range map[string]bool{
		`order`:                                 true,
		`o-42 tea`:                              true,
		`-tea`:                                  false,
		`status:pend*`:                          true,
		`-status:pending`:                       false,
		`kind:order id:o-4`:                     true,
		`kind:delivery`:                         false,
		`kind:ord status:pend`:                  true,
		`status:"pend"`:                         false,
		`id:"o-4"`:                              false,
		`order status == "pending" && age > 5m`: true,
		`age > 10m30s`:                          false,
		`idle > 10s && idle < 1m`:               true,
		`state.total > 6 and version == 3`:      true,
		`state.gone > 6`:                        false,
		`state.status == status`:                true,
		`rejected > 0`:                          true,
		`partial`:                               false,
		`not partial`:                           true,
		`"tea" in state.items`:                  true,
		`len(state.items) == 1`:                 true,
		`id startsWith "o-"`:                    true,
	} {
		wanted, err := ParseEntities(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := wanted.Wants(row); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// A filter means the same with and without the glance at the raw bytes, however the payload is written.
func TestFilterOfEscapedPayload(t *testing.T) {
	wanted, err := ParseEvents(`data.name == "tea" && data.size > 1`)
	if err != nil {
		t.Fatal(err)
	}
	for data, want := range map[string]bool{
		`{"name":"tea","size":2}`:                  true,
		`{"n\u0061me":"t\u0065a","size":2}`:        true,
		`{"name":"coffee","size":2}`:               false,
		`{"name":"tea"}`:                           false,
		`{"name":"coffee","other":"tea","size":2}`: false,
	} {
		if got := wanted.Wants(&sources.Event{Received: sources.Received{Data: []byte(data)}}); got != want {
			t.Errorf("%s: %v, want %v", data, got, want)
		}
	}
}

// FuzzParseFilter: whatever is typed, there is a filter or an error with a column in the text, and no panic.
func FuzzParseFilter(f *testing.F) {
	for _, text := range []string{`type:PICKUP* data.quantity > 3`, `-"a b" (`, `"`, `data[`, `5m5m < age`, "`", `a ? b : c`, `-type:"x y"`, `== 3`} {
		f.Add(text)
	}
	for _, s := range hostile.Small(hostile.Expressions(), 2000) {
		f.Add(s.Text)
	}
	for _, s := range hostile.Texts() {
		f.Add(s.Text)
		f.Add("type:" + s.Text + ` -"` + s.Text + `" data.n > 1`)
	}
	e, row := pickedUp(), &sources.EntityRow{}
	f.Fuzz(func(t *testing.T, text string) {
		wanted, err := ParseEvents(text)
		if err == nil && wanted != nil {
			wanted.Wants(e)
		}
		var at *Error
		if err != nil && (!errors.As(err, &at) || at.Column < 1 || at.Column > len([]rune(text))+1) {
			t.Errorf("%q: %v", text, err)
		}
		if wanted, err := ParseEntities(text); err == nil && wanted != nil {
			wanted.Wants(row)
		}
	})
}

// BenchmarkFilter asks filters about an event that they do not want, as most are.
func BenchmarkFilter(b *testing.B) {
	e := pickedUp()
	for _, text := range []string{"nowhere", "type:START*", "data.quantity > 4", `data.notes == "x"`, `type == "PICKUP_PRODUCTS" && int(data.quantity) > 4`} {
		b.Run(text, func(b *testing.B) {
			wanted, err := ParseEvents(text)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if wanted.Wants(e) {
					b.Fatal("wanted")
				}
			}
		})
	}
}

// A filter that asks for nothing of an event but what the event did to a state says so: the event need not be read.
func TestWhetherAFilterAsksForStatesOnly(t *testing.T) {
	for text, want := range map[string]bool{
		"state.n < 0":                           true,
		"state.n < 2 && before.n == 2":          true,
		`changed.n or "n" in changed`:           true,
		"len(state) > 2":                        true,
		"state.n < 2 && data.n == 2":            false,
		"state.n < 2 && type == 'X'":            false,
		"state.n < 2 && partial":                false,
		"let n = data.n; state.n < n":           false,
		"any(data.items, # > state.n)":          false,
		"state.n < 2 && date(now()).Year() > 1": false,
		"type:X state.n < 2":                    false,
		"word state.n < 2":                      false,
	} {
		if wanted, err := ParseEvents(text); err != nil || wanted.AsksStatesOnly() != want {
			t.Errorf("%s: asks for states only: %v, %v; want %v", text, err == nil && wanted.AsksStatesOnly(), err, want)
		}
	}
}

package output

import (
	"strings"
	"testing"
	"time"

	"signalbox/sources"
	"signalbox/sources/state"
)

func TestEventLine(t *testing.T) {
	at := time.Date(2026, 11, 20, 14, 3, 22, 104e6, time.Local).UnixNano()
	kind := state.NewKind("delivery")
	long := strings.Repeat("é", 200)
	for _, c := range []struct {
		event sources.Event
		want  string
	}{
		{sources.Event{
			Received:   sources.Received{UnixNano: at, Station: "deliveries", Data: []byte(`{"quantity": 2, "notes": "ring \"twice\"", "tags": [1, 2]}`)},
			Understood: sources.Understood{Type: "PICKUP_PRODUCTS", Kind: kind, ID: "01HX7Q"}, Outcome: sources.Outcome{Version: 4},
		}, `14:03:22.104 deliveries   PICKUP_PRODUCTS   delivery 01HX7Q v4  quantity=2 notes=ring "twice" tags=[1, 2]`},
		{sources.Event{
			Received:   sources.Received{UnixNano: at, Station: "deliveries", Data: []byte(`{"n": 2}`)},
			Understood: sources.Understood{Type: "PICKUP_PRODUCTS", Kind: kind, ID: "01HX7Q"}, Outcome: sources.Outcome{Version: 1, Partial: true},
		}, `14:03:22.104 deliveries   PICKUP_PRODUCTS   delivery 01HX7Q v1 (partial)  n=2`},
		{sources.Event{
			Received: sources.Received{UnixNano: at + 5e6, Station: "événements", Data: []byte("not JSON \x1b[2J")}, Outcome: sources.Outcome{Rejected: "Not enough budget"},
		}, `14:03:22.109 événements                      not JSON ␛[2J  ✗ Not enough budget`},
		{sources.Event{Received: sources.Received{UnixNano: at + 1e9, Station: "s", Data: []byte(`{"a":"` + long + `","b":1}`)}},
			`14:03:23.104 s                               a=` + strings.Repeat("é", 79) + `…`},
		{sources.Event{Received: sources.Received{UnixNano: at + 60e9, Station: "s"}, Understood: sources.Understood{Problem: "binary", Undecodable: true}},
			`14:04:22.104 s                               ? binary`},
		{sources.Event{Received: sources.Received{UnixNano: at + 60e9, Station: "s"}, Understood: sources.Understood{Problem: "of nobody"}},
			`14:04:22.104 s                               ! of nobody`},
	} {
		for range 2 { // a form is used again
			got := string(EventLine(Colours{})([]byte("before\n"), &c.event))
			if got != "before\n"+c.want+"\n" {
				t.Errorf("have %q\nwant %q", got, c.want)
			}
		}
	}
	form := EventLine(Colours{on: true})
	e := sources.Event{Received: sources.Received{UnixNano: at, Station: "s"}, Understood: sources.Understood{Type: "T"}, Outcome: sources.Outcome{Failed: "no"}}
	first, second := string(form(nil, &e)), string(form(nil, &e))
	if want := "\x1b[2m14:03:22.104\x1b[m s            \x1b[1mT                \x1b[m  \x1b[31m! no\x1b[m\n"; first != want || second != want {
		t.Errorf("in colours %q, then %q\nwant %q", first, second, want)
	}
}

func BenchmarkEventLine(b *testing.B) {
	e := sources.Event{
		Received: sources.Received{UnixNano: 1_700_000_000_123_456_789, Station: "deliveries",
			Data: []byte(`{"type":"PICKUP_PRODUCTS","delivery_id":"01HX7QZZ","data":{"purchase_price":10,"quantity":2,"note":"` + strings.Repeat("x", 100) + `"}}`)},
		Understood: sources.Understood{Type: "PICKUP_PRODUCTS", Kind: state.NewKind("delivery"), ID: "01HX7QZZ"},
	}
	form := EventLine(Colours{})
	var line []byte
	for b.Loop() {
		line = form(line[:0], &e)
	}
}

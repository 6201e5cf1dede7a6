package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"signalbox/bus"
)

// One event of each kind there is, to one delivery: a rule refuses two of them, three cannot be folded, one is about
// nobody, and one cannot be read.
var oneOfEach = []string{
	`{"type":"CREATE_DELIVERY","delivery_id":"d1","data":{"budget":50,"notes":"x"}}`,
	`{"type":"START_DELIVERY","delivery_id":"d1","data":{}}`,
	`{"type":"START_DELIVERY","delivery_id":"d1","data":{}}`,
	`{"type":"PICKUP_PRODUCTS","delivery_id":"d1","data":{"purchase_price":10,"quantity":10}}`,
	`{"type":"PICKUP_PRODUCTS","delivery_id":"d1","data":{"purchase_price":"ten","quantity":10}}`,
	`{"type":"DANCE","delivery_id":"d1","data":{}}`,
	`{"type":"START_DELIVERY","data":{}}`,
	`{"hello":1}`,
	`{"type":"START_DELI`,
}

// What is refused, failed or undecodable has the same number wherever it is told: in the ledger, of an entity and in its
// history, among the events, and by a filter, of what was held and of what comes live.
func TestCountsAgree(t *testing.T) {
	url, b := serverWithBus(t)
	if err := b.Make(t.Context(), bus.NewStation{Name: "deliveries"}); err != nil {
		t.Fatal(err)
	}
	for _, text := range oneOfEach {
		if _, err := bus.Publish(t.Context(), b, bus.Outgoing{Station: "deliveries", Kind: bus.Stream, Data: []byte(text)}); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) (out, errs string) {
		t.Helper()
		var o, e bytes.Buffer
		if code := Main(args, strings.NewReader(""), &o, &e); code != exitDone {
			t.Fatalf("%v: exit code %d: %s", args, code, &e)
		}
		return o.String(), e.String()
	}
	out, errs := run("tail", url, "deliveries", "--from", "all", "--no-follow", "--stats")
	ledger := gjson.Parse(errs[strings.Index(errs, "\n")+1:])
	for name, want := range map[string]int64{"received": 9, "decoded": 8, "undecodable": 1, "folded": 2, "rejected": 2, "failed": 3, "unfolded": 1, "held": 0, "evicted": 9} {
		if got := ledger.Get(name).Int(); got != want || ledger.Get("stations.deliveries."+name).Int() != want {
			t.Errorf("the ledger counts %d %s, want %d", got, name, want)
		}
	}
	detail, _ := run("state", url, "delivery/d1", "--history", "--json")
	history, _ := run("state", url, "delivery/d1", "--history")
	for status, sign := range map[string]string{"rejected": "✗", "failed": "!", "undecodable": "?"} {
		want := int(ledger.Get(status).Int())
		if got := strings.Count(out, "  "+sign+" "); got != want {
			t.Errorf("%d events have %s, but %d are %s", got, sign, want, status)
		}
		held, _ := run("tail", url, "deliveries", "--from", "all", "--no-follow", "--where", "status:"+status)
		if got := strings.Count(held, "\n"); got != want {
			t.Errorf("status:%s wants %d events, want %d:\n%s", status, got, want, held)
		}
	}
	refused := gjson.Get(detail, "history.#(rejected)#.rejected").Array()
	if n := gjson.Get(detail, "rejected").Int(); n != 2 || len(refused) != 2 || strings.Count(history, "✗") != 2 {
		t.Errorf("%d are refused, %v in the history, which is:\n%s", n, refused, history)
	}
	if n := strings.Count(history, "  ! "); n != 2 { // the third has no entity
		t.Errorf("%d of the entity's events could not be folded, want 2:\n%s", n, history)
	}
}

// The ledger of the demo's own traffic adds up.
func TestLedgerOfTheDemoAddsUp(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	if code := Main([]string{"tail", "--count", "30", "--stats"}, strings.NewReader(""), &out, &errs); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &errs)
	}
	at := strings.Index(errs.String(), `{"received"`)
	if at < 0 {
		t.Fatalf("no ledger in %s", &errs)
	}
	all := gjson.Parse(errs.String()[at:])
	check := func(where string, l gjson.Result) {
		n := func(name string) int64 { return l.Get(name).Int() }
		if n("received") != n("held")+n("evicted")+n("dropped") || n("received") != n("decoded")+n("undecodable")+n("dropped") ||
			n("decoded") != n("folded")+n("rejected")+n("failed")+n("unfolded") {
			t.Errorf("%s does not add up: %s", where, l.Raw)
		}
	}
	check("all", all)
	stations, received := all.Get("stations").Map(), int64(0)
	for name, l := range stations {
		check(name, l)
		received += l.Get("received").Int()
	}
	if received != all.Get("received").Int() || received < 30 || len(stations) < 5 {
		t.Errorf("%d stations received %d in all: %s", len(stations), received, all.Raw)
	}
}

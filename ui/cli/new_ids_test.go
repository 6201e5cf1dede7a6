package cli

import (
	"regexp"
	"testing"

	"signalbox/bus"
	"signalbox/sources"
	entity "signalbox/sources/state"
)

// IDs that are numbers become other numbers, where the name of a member says that they are IDs; the same one everywhere.
func TestNumbersAsIDs(t *testing.T) {
	ids := newNewIDs(true)
	e := &sources.Event{Understood: sources.Understood{Kind: entity.NewKind("order"), ID: "17"}}
	out := bus.Outgoing{Subject: "orders.17.paid", Data: []byte(`{"order_id":17,"quantity":17,"text":"17","id":"17","order":17,"itemIds":[17,18],"void":17,"inner":"{\"orderId\":17}"}`)}
	ids.change(e, &out, ".")
	got := regexp.MustCompile(`^\{"order_id":(\d{9}),"quantity":17,"text":"17","id":"(\d{9})","order":(\d{9}),"itemIds":\[(\d{9}),18\],"void":17,"inner":"\{\\"orderId\\":(\d{9})\}"\}$`).FindSubmatch(out.Data)
	if got == nil {
		t.Fatalf("%s", out.Data)
	}
	for _, id := range got[1:] {
		if string(id) != string(got[1]) || out.Subject != "orders."+string(id)+".paid" {
			t.Errorf("%s on %s", out.Data, out.Subject)
		}
	}
}

// Names of members that are IDs are IDs, too.
func TestNamesAsIDs(t *testing.T) {
	ids := newNewIDs(true)
	e := &sources.Event{Understood: sources.Understood{Kind: entity.NewKind("order"), ID: "o-1"}}
	out := bus.Outgoing{Subject: "orders", Data: []byte(`{"by":{"o-1":{"sum":5},"o-2":1}}`)}
	ids.change(e, &out, ".")
	if !regexp.MustCompile(`^\{"by":\{"o-1-[a-z0-9]{6}":\{"sum":5\},"o-2":1\}\}$`).Match(out.Data) {
		t.Errorf("%s", out.Data)
	}
}

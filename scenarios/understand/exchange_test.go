package understand

import (
	"testing"

	"signalbox/bus"
	"signalbox/sources"
)

// A request and its replies are tied together: by what the request says itself, else by where replies are awaited.
func TestExchanges(t *testing.T) {
	d := New(nil)
	exchange, took := bus.Header{Name: bus.ExchangeHeader, Value: "_INBOX.a.1"}, bus.Header{Name: bus.TookHeader, Value: "2ms"}
	failed := bus.Header{Name: bus.FailureHeader, Value: "409: not enough"}
	other := bus.Header{Name: bus.ExchangeHeader, Value: "_INBOX.a.2"}
	for i, test := range []struct {
		headers                   bus.Headers
		data                      string
		typ, correlation, problem string
	}{
		{bus.Headers{exchange}, `{"sku":"a"}`, "reserve", "_INBOX.a.1", ""},
		{bus.Headers{exchange, took}, `{"ok":true}`, "reserve reply", "_INBOX.a.1", ""},
		{bus.Headers{exchange, took, failed}, ``, "reserve error", "_INBOX.a.1", "409: not enough"},
		{bus.Headers{other, {Name: "Correlation-Id", Value: "c-7"}}, `{}`, "reserve", "c-7", ""},
		{bus.Headers{other, took}, `{}`, "reserve reply", "c-7", ""},
		{nil, `{}`, "reserve", "", ""},
	} {
		e := &sources.Event{Received: sources.Received{Station: "stock", Subject: "stock.reserve", Headers: test.headers, Data: []byte(test.data),
			Traits: &bus.Traits{Separators: ".", Exchanges: true}}}
		d.Understand(e)
		if e.Type != test.typ || e.Correlation != test.correlation || e.Problem != test.problem || e.Undecodable {
			t.Errorf("%d: type %q, correlation %q, problem %q", i, e.Type, e.Correlation, e.Problem)
		}
	}
}

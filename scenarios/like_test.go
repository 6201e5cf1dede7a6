package scenarios

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signalbox/bus"
	"signalbox/bus/bustest/hostile"
	"signalbox/sources"
)

// seenEvent is one that came with a payload.
func seenEvent(payload string) *sources.Event {
	e := &sources.Event{}
	e.Station, e.Subject, e.Type, e.Data = "payments", "payments.17", "PaymentTaken", []byte(payload)
	e.Headers = bus.Headers{{Name: "Event-Type", Value: "PaymentTaken"}}
	return e
}

func TestACommandLikeAnEventSendsTheSame(t *testing.T) {
	for _, payload := range []string{
		`{"type":"PaymentTaken","amount":12.5,"n":3,"paid":true,"to":{"iban":"DE1","x":[1,"2"]},"empty":""}`,
		`{"len":1,"a-b":"{x}","in":2,"true":"no","A":1,"a":2,"id":"p-1"}`,
		`{"ä":"\u0007\n\"'","":1}`,
	} {
		c, values := Like(seenEvent(payload))
		if c == nil {
			t.Fatalf("no command for %s", payload)
		}
		out, err := c.Compose(values)
		if err != nil {
			t.Fatalf("%s: %v", payload, err)
		}
		var was, is any
		if json.Unmarshal([]byte(payload), &was) != nil || json.Unmarshal(out.Data, &is) != nil {
			t.Fatalf("%s became %s", payload, out.Data)
		}
		if diff := cmp.Diff(was, is); diff != "" {
			t.Errorf("%s became %s:\n%s", payload, out.Data, diff)
		}
		if out.Station != "payments" || out.Subject != "payments.17" || out.Headers.Get("Event-Type") != "PaymentTaken" {
			t.Errorf("sent as %+v", out)
		}
	}
	for _, payload := range []string{"text", "[1]", "{}", ""} {
		if c, _ := Like(seenEvent(payload)); c != nil {
			t.Errorf("a command for %q", payload)
		}
	}
}

func FuzzLike(f *testing.F) {
	for _, s := range hostile.Small(hostile.Payloads(), 3000) {
		f.Add(s.Text)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		c, values := Like(seenEvent(payload))
		if c == nil {
			return
		}
		if out, err := c.Compose(values); err == nil && !json.Valid(out.Data) {
			t.Errorf("%q became %q", payload, out.Data)
		}
	})
}

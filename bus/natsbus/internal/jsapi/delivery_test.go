package jsapi

import (
	"testing"

	"github.com/nats-io/nats.go"

	"signalbox/bus/bustest/hostile"
)

func TestParseDelivery(t *testing.T) {
	for reply, want := range map[string]Delivery{
		"$JS.ACK.orders.mailer.1.48193.7.1700000000123456789.12":              {48193, 7, 1700000000123456789, 12},
		"$JS.ACK.hub.AbCdEf.orders.mailer.1.48193.7.1700000000123456789.0":    {48193, 7, 1700000000123456789, 0},
		"$JS.ACK._.AbCdEf.orders.mailer.3.5.6.1700000000123456789.8.x1Y2z3":   {5, 6, 1700000000123456789, 8},
		"$JS.ACK._.AbCdEf.orders.mailer.3.5.6.1700000000123456789.8.x1Y2z3.k": {5, 6, 1700000000123456789, 8},
	} {
		if got, ok := ParseDelivery(reply); !ok || got != want {
			t.Errorf("ParseDelivery(%q) = %+v, %t, want %+v", reply, got, ok, want)
		}
	}
}

func TestParseDeliveryRefuses(t *testing.T) {
	for _, reply := range []string{
		"", "_INBOX.a.b", "$JS.ACK.", "$JS.FC.orders.mailer.1.2.3.4.5.6.7",
		"$JS.ACK.orders.mailer.1.2.3.4",           // too short
		"$JS.ACK.orders.mailer.1.2.3.4.5.6",       // neither form
		"$JS.ACK.orders.mailer.1.x.3.4.5",         // no number
		"$JS.ACK.orders.mailer.1.-2.3.4.5",        // negative
		"$JS.ACK.orders.mailer.1..3.4.5",          // empty
		"$JS.ACK.o.m.1.2.3.4.9223372036854775808", // more than an int64
	} {
		if got, ok := ParseDelivery(reply); ok {
			t.Errorf("ParseDelivery(%q) = %+v, want it refused", reply, got)
		}
	}
}

func TestParseDeliveryAllocatesNothing(t *testing.T) {
	const reply = "$JS.ACK._.AbCdEf.orders.mailer.3.5.6.1700000000123456789.8.x1Y2z3"
	if n := testing.AllocsPerRun(100, func() { ParseDelivery(reply) }); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

// FuzzParseDelivery compares with the client library: what we take, it must read alike.
func FuzzParseDelivery(f *testing.F) {
	f.Add("$JS.ACK.orders.mailer.1.48193.7.1700000000123456789.12")
	f.Add("$JS.ACK._.AbCdEf.orders.mailer.3.5.6.1700000000123456789.8.x1Y2z3")
	f.Add("$JS.ACK.a.b.c.d.e.f.g.h.i.j")
	for _, n := range hostile.Lengths() {
		f.Add("$JS.ACK.orders.mailer." + n + "." + n + "." + n + "." + n + "." + n)
		f.Add("$JS.ACK._.AbCdEf.orders.mailer.1." + n + ".6." + n + "." + n + ".x1Y2z3")
	}
	for _, s := range hostile.Texts() {
		f.Add("$JS.ACK." + s.Text + "." + s.Text + ".1.2.3.4.5")
	}
	f.Fuzz(func(t *testing.T, reply string) {
		got, ok := ParseDelivery(reply)
		m := nats.Msg{Reply: reply, Sub: &nats.Subscription{}}
		want, err := m.Metadata()
		if !ok {
			return
		}
		if err != nil {
			t.Fatalf("%q: read as %+v, but the client library says %v", reply, got, err)
		}
		if got != (Delivery{want.Sequence.Stream, want.Sequence.Consumer, want.Timestamp.UnixNano(), want.NumPending}) {
			t.Fatalf("%q: read as %+v, the client library reads %+v", reply, got, want)
		}
	})
}

package deadletters

import (
	"strings"
	"testing"
)

// refused is what memphis.go 1.3 says of a message that a member refuses.
const refused = `{"station_name":"orders#eu","error":"cannot parse order","partition":1,"cg_name":"Esdb.Workers","seq":7}`

func TestRead(t *testing.T) {
	x, ok := read([]byte(refused))
	if want := (place{"orders#eu$1", "esdb#workers", 7}); !ok || x.at != want || x.why != "terminated: cannot parse order" {
		t.Errorf("%+v, want %+v", x, want)
	}
	if x, ok := read([]byte(`{"station_name":"orders","cg_name":"od","seq":7}`)); !ok || x.at.stream != "orders" || x.why != "terminated" {
		t.Errorf("without partition or reason: %+v", x)
	}
	for _, text := range []string{``, `null`, `[]`, `{}`, `{"station_name":"a","cg_name":"b"}`, `{"station_name":"a","cg_name":"b","seq":-1}`, `{"station_name":"a","cg_name":"b","seq":1,"partition":-1}`} {
		if x, ok := read([]byte(text)); ok {
			t.Errorf("%s is read as %+v", text, x)
		}
	}
}

// So many refusals are kept, the newest.
func TestTakeIsBounded(t *testing.T) {
	l := New(Parts{})
	for range mostRefusals + 7 {
		l.take([]byte(refused))
	}
	l.take([]byte(strings.Replace(refused, `"seq":7`, `"seq":8`, 1)))
	if n := len(l.refusals); n != mostRefusals || l.refusals[n-1].at.sequence != 8 {
		t.Errorf("%d are kept, the last %+v", n, l.refusals[n-1])
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(refused))
	f.Add([]byte(`{"station_name":"\u0000","error":"\u001b[2J","partition":2147483648,"cg_name":"*.>","seq":18446744073709551615}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if x, ok := read(data); ok && (x.at.sequence == 0 || x.why == "") {
			t.Errorf("%q is read as %+v", data, x)
		}
	})
}

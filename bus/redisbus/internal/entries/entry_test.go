package entries

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/bus/bustest/hostile"
)

func TestEntryIsAMessage(t *testing.T) {
	for _, c := range []struct {
		fields  string
		data    string
		headers string
	}{
		{"data=text", "text", ""},
		{"payload=", "", ""},
		{`order={"id":1}`, `{"id":1}`, ""},
		{"temperature=21.5", `{"temperature":"21.5"}`, ""},
		{`type=Created|data={"id":1}|by=me`, `{"id":1}`, "type=Created|by=me"},
		{`data={"id":1}|payload={"id":2}`, `{"id":1}`, `payload={"id":2}`},
		{`type=Created|event=[1]`, `[1]`, "type=Created"},
		{"type=Created|data=hello", `{"type":"Created","data":"hello"}`, ""},
		{"sensor=a|value=3", `{"sensor":"a","value":"3"}`, ""},
		{"a=\"\\\n|b=é\xff", `{"a":"\"\\\n","b":"é\ufffd"}`, ""},
		{"", "{}", ""},
	} {
		var list []any
		for pair := range strings.SplitSeq(c.fields, "|") {
			if name, value, ok := strings.Cut(pair, "="); ok {
				list = append(list, name, value)
			}
		}
		m, err := FromReply("orders", []any{"1700000000000-3", list}, time.Now())
		if err != nil {
			t.Fatalf("%q: %v", c.fields, err)
		}
		var headers []string
		for _, h := range m.Headers {
			headers = append(headers, h.Name+"="+h.Value)
		}
		if string(m.Data) != c.data || strings.Join(headers, "|") != c.headers || m.Size != len(c.data) {
			t.Errorf("%q: data %s, headers %q, size %d; want %s, %q", c.fields, m.Data, headers, m.Size, c.data, c.headers)
		}
		if m.Subject != "orders" || m.Position != (bus.Position{Major: 1700000000000, Minor: 3}) || m.Time().UnixMilli() != 1700000000000 {
			t.Errorf("%q: %+v", c.fields, m)
		}
	}
	now := time.Now()
	for _, id := range []string{"5-1", "99999999999999-0"} {
		if m, err := FromReply("orders", []any{id, []any{"a", "b"}}, now); err != nil || !m.Time().Equal(now.Truncate(0)) {
			t.Errorf("entry %s, whose ID is no time: %s, %v, want %s", id, m.Time(), err, now)
		}
	}
}

func TestPositions(t *testing.T) {
	for _, id := range []string{"0-0", "1-0", "1700000000000-7", "18446744073709551615-18446744073709551615"} {
		p, err := ParseID([]byte(id))
		if err != nil || ID(p) != id {
			t.Errorf("%s is %v, %v", id, p, err)
		}
		if id != "0-0" && After(Before(p)) != p {
			t.Errorf("%s: after %v comes %v", id, Before(p), After(Before(p)))
		}
	}
	for _, id := range []string{"", "-", "1", "1-", "-1", "1-x", "1-18446744073709551616", "+1-1"} {
		if p, err := ParseID([]byte(id)); err == nil {
			t.Errorf("%q is %v", id, p)
		}
	}
}

// FuzzEntry makes messages of any fields: an entry with no payload of its own is always valid JSON.
func FuzzEntry(f *testing.F) {
	f.Add([]byte("type"), []byte("Created"), []byte("data"), []byte(`{"id":1}`))
	f.Add([]byte{0xff}, []byte("\x1b[31m"), []byte(""), []byte("\u2028"))
	for _, s := range hostile.Texts() {
		f.Add([]byte(s.Text), []byte(s.Text), []byte("data"), []byte(s.Text))
	}
	for _, n := range hostile.Numbers() {
		f.Add([]byte(n), []byte(n), []byte("a"), []byte(n))
	}
	f.Fuzz(func(t *testing.T, a, b, c, d []byte) {
		fields := []Field{{a, b, len(b)}, {c, d, len(d)}}
		var p Builder
		m := p.Message("s", bus.Position{Major: 1}, fields, time.Now())
		if which := payload(fields); which >= 0 {
			if string(m.Data) != string(fields[which].Value) || len(m.Headers) != 1 || m.Headers[0].Value != string(fields[1-which].Value) {
				t.Errorf("message %+v", m)
			}
		} else if !json.Valid(m.Data) {
			t.Errorf("data %q is not JSON", m.Data)
		}
	})
}

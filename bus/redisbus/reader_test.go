package redisbus

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"signalbox/bus"
)

func TestReaderTakesWhatComesInPieces(t *testing.T) {
	long := strings.Repeat("x", 3*readerSize)
	text := fmt.Sprintf("*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$%d\r\n", len(long)) + long + "\r\n:-42\r\n$-1\r\n+OK\r\n-ERR no\r\n$0\r\n\r\n"
	r := newReader(iotest.HalfReader(strings.NewReader(text)))
	if n, err := r.array(); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	for _, want := range []string{"message", "c"} {
		if got, err := r.word(); string(got) != want || err != nil {
			t.Fatalf("%q, %v, want %q", got, err, want)
		}
	}
	head, err := r.next()
	if err != nil || head.n != int64(len(long)) {
		t.Fatal(head, err)
	}
	if data, own, err := r.bulk(head.n, 10); string(data) != long[:10] || !own || err != nil {
		t.Fatalf("%q, %t, %v", data, own, err)
	}
	for _, want := range []string{"-42", "", "OK", "ERR no", ""} {
		if got, err := r.text(); got != want || err != nil {
			t.Fatalf("%q, %v, want %q", got, err, want)
		}
	}
	if _, err := r.next(); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

func TestReaderRefusesWhatIsNoRedis(t *testing.T) {
	for _, text := range []string{"HTTP/1.1 200 OK\r\n", "\r\n", "$x\r\n", "*-2\r\n", "$\r\n", strings.Repeat("+", 2*readerSize)} {
		r := newReader(strings.NewReader(text))
		if _, err := r.next(); !errors.Is(err, errProtocol) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	r := newReader(strings.NewReader(strings.Repeat("*1\r\n", 1000)))
	head, _ := r.next()
	if err := r.skip(head, 0); !errors.Is(err, errProtocol) {
		t.Errorf("nested deeply: %v", err)
	}
}

// A length near the end of what a number holds is read until the connection ends, as any other.
func TestReaderTakesAnyLength(t *testing.T) {
	for _, n := range []int64{readerSize - 3, readerSize - 2, readerSize - 1, readerSize, math.MaxInt32, math.MaxInt64 - 2, math.MaxInt64 - 1, math.MaxInt64} {
		r := newReader(strings.NewReader(fmt.Sprintf("+OK\r\n$%d\r\nabc", n)))
		if _, err := r.text(); err != nil {
			t.Fatal(err)
		}
		head, err := r.next()
		if head.n != n || err != nil {
			t.Fatal(head, err)
		}
		if data, _, err := r.bulk(head.n, 2); !errors.Is(err, io.EOF) {
			t.Errorf("%d bytes, of which 3 came: %q, %v", n, data, err)
		}
	}
	for _, text := range []string{"$9223372036854775808\r\n", "*-9223372036854775808\r\n", "$-2\r\n"} {
		r := newReader(strings.NewReader(text))
		if head, err := r.next(); !errors.Is(err, errProtocol) {
			t.Errorf("%q: %+v, %v", text, head, err)
		}
	}
}

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
		m, err := entryOf("orders", []any{"1700000000000-3", list}, time.Now())
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
		if m, err := entryOf("orders", []any{id, []any{"a", "b"}}, now); err != nil || !m.Time().Equal(now.Truncate(0)) {
			t.Errorf("entry %s, whose ID is no time: %s, %v, want %s", id, m.Time(), err, now)
		}
	}
}

func TestPositions(t *testing.T) {
	for _, id := range []string{"0-0", "1-0", "1700000000000-7", "18446744073709551615-18446744073709551615"} {
		p, err := parseID([]byte(id))
		if err != nil || idOf(p) != id {
			t.Errorf("%s is %v, %v", id, p, err)
		}
		if id != "0-0" && after(before(p)) != p {
			t.Errorf("%s: after %v comes %v", id, before(p), after(before(p)))
		}
	}
	for _, id := range []string{"", "-", "1", "1-", "-1", "1-x", "1-18446744073709551616", "+1-1"} {
		if p, err := parseID([]byte(id)); err == nil {
			t.Errorf("%q is %v", id, p)
		}
	}
}

// FuzzReader feeds any bytes to all that reads from the server: it must end with an error, and soon.
func FuzzReader(f *testing.F) {
	for _, seed := range []string{
		"*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$2\r\nhi\r\n",
		"*4\r\n$8\r\npmessage\r\n$2\r\nn*\r\n$4\r\nnews\r\n$2\r\nhi\r\n",
		"*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n",
		"*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n",
		"-NOPERM no\r\n", "*-1\r\n", "$99999999999\r\nx", "*2147483647\r\n",
		"+OK\r\n$9223372036854775807\r\nabc", "*3\r\n$9223372036854775806\r\nmessage", "*9223372036854775807\r\n:-9223372036854775808\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b := &Bus{options: Options{Body: 100, Buffer: 1000}}
		line := newLine(b, "")
		feed := newChannelFeed(b, topic{bus.Channel, "news"})
		line.subs[feed.topic] = &subscription{feeds: []*channelFeed{feed}, ready: make(chan struct{})}
		c := &conn{in: newReader(strings.NewReader(string(data)))}
		if err := line.receive(c); err == nil {
			t.Error("receiving ends without an error")
		}
		in, stream := newReader(strings.NewReader(string(data))), &logFeed{outlet: outlet{bus: b, batches: make(chan *bus.Batch, 1000)}, key: "s", entry: 1}
		for range 100 {
			if _, err := stream.answer(t.Context(), &in); err != nil {
				break
			}
		}
		for _, m := range stream.filling().batch.Messages {
			if m.Size < len(m.Data) {
				t.Errorf("message %+v", m)
			}
		}
	})
}

// FuzzEntry makes messages of any fields: an entry with no payload of its own is always valid JSON.
func FuzzEntry(f *testing.F) {
	f.Add([]byte("type"), []byte("Created"), []byte("data"), []byte(`{"id":1}`))
	f.Add([]byte{0xff}, []byte("\x1b[31m"), []byte(""), []byte("\u2028"))
	f.Fuzz(func(t *testing.T, a, b, c, d []byte) {
		fields := []field{{a, b, len(b)}, {c, d, len(d)}}
		p := smallParcel()
		p.addEntry("s", bus.Position{Major: 1}, fields, time.Now())
		m := p.batch.Messages[0]
		if which := payload(fields); which >= 0 {
			if string(m.Data) != string(fields[which].value) || len(m.Headers) != 1 || m.Headers[0].Value != string(fields[1-which].value) {
				t.Errorf("message %+v", m)
			}
		} else if !json.Valid(m.Data) {
			t.Errorf("data %q is not JSON", m.Data)
		}
	})
}

// FuzzNames: whatever a place is called, what we write for it leads back to it.
func FuzzNames(f *testing.F) {
	for _, name := range []string{"orders", "channel:x", "stream:", "a*", "sharded:b", "keys:*", ""} {
		f.Add(name)
	}
	kinds := []bus.Kind{bus.Log, bus.Channel, bus.Pattern, bus.Sharded}
	f.Fuzz(func(t *testing.T, raw string) {
		if raw == "" {
			return
		}
		for _, kind := range kinds {
			name := written(kind, raw, kind == bus.Channel)
			if got := rawName(bus.Station{Kind: kind, Name: name}); got != raw {
				t.Errorf("%s %q is written %q, which is %q", kind, raw, name, got)
			}
			means, same := parse(name)
			if same != raw || means != kind && (means != "" || !slices.Contains(kinds[:1], kind)) {
				t.Errorf("%s %q is written %q, which means %s %q", kind, raw, name, means, same)
			}
		}
	})
}

package event

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"signalbox/bus"
	"signalbox/bus/bustest/hostile"
	"signalbox/sources/state"
)

// eventLine is the form of an event by its documentation, for encoding/json to read.
type eventLine struct {
	Time                                     time.Time
	Bus, Station, Subject, Type, Correlation string
	Position                                 any
	Entity                                   *Entity
	Version                                  uint64
	Headers                                  map[string]string
	Data, Payload                            any
	Size                                     int
	Rejected, Problem                        string
}

func TestEventAsJSON(t *testing.T) {
	kind := state.NewKind("delivery")
	e := Event{
		Received: Received{
			UnixNano: time.Date(2026, 11, 20, 14, 3, 22, 104e6, time.UTC).UnixNano(), Bus: "b", Station: "deliveries",
			Subject: `deliveries."é`, Position: bus.Position{Major: 48193}, Data: []byte("{ \"n\" : 1 ,\n\"rest\": [1, 2 ] }"), Size: 90,
			Headers: bus.Headers{{Name: "b", Value: "1"}, {Name: "a", Value: "<\x01>"}, {Name: "b", Value: "2"}},
		},
		Understood: Understood{Type: "PICKUP", Kind: kind, ID: "01HX", Correlation: "c", Body: []byte(`{"n": 1}`)},
		Outcome:    Outcome{Version: 4, Rejected: "Not enough budget"},
	}
	const want = `{"time":"2026-11-20T14:03:22.104Z","bus":"b","station":"deliveries","subject":"deliveries.\"é","position":48193,` +
		`"type":"PICKUP","entity":{"kind":"delivery","id":"01HX"},"version":4,"correlation":"c","headers":{"a":"<\u0001>","b":"2"},` +
		`"data":{"n":1},"payload":{"n":1,"rest":[1,2]},"size":90,"rejected":"Not enough budget"}`
	if diff := cmp.Diff(want, string(e.AppendJSON(nil))); diff != "" {
		t.Errorf("an event as JSON (-want +got):\n%s", diff)
	}
	e.Traits = &bus.Traits{Positions: bus.TimedIDs}
	e.Failed = "no such field"
	e.Partial = true
	line := string(e.AppendJSON(nil))
	for _, part := range []string{`"position":"48193-0"`, `"problem":"no such field"`, `"version":4,"partial":true,`} {
		if !strings.Contains(line, part) {
			t.Errorf("%s lacks %s", line, part)
		}
	}
}

// A form that has written other events writes an event as one that has written none.
func TestEventsAsJSONOneAfterTheOther(t *testing.T) {
	var form JSONForm
	rapid.Check(t, func(t *rapid.T) {
		second := rapid.Int64Range(-3, 3).Draw(t, "second") + rapid.SampledFrom([]int64{0, 1_763_647_402, -62_135_596_800 / 7}).Draw(t, "era")
		nano := rapid.SampledFrom([]int64{0, 1, 10, 100_000_000, 104_000_000, 999_999_999, rapid.Int64Range(0, 999_999_999).Draw(t, "any")}).Draw(t, "nano")
		e := Event{Received: Received{
			UnixNano: second*1e9 + nano, Bus: rapid.SampledFrom([]string{"", "b", "c\""}).Draw(t, "bus"),
			Station: rapid.SampledFrom([]string{"", "s", "é"}).Draw(t, "station"), Data: []byte(`{"n": 1, "data": {"m": 2}}`),
		}}
		if rapid.Bool().Draw(t, "body") {
			e.Body = e.Data[17:25]
		}
		line := string(form.Append(nil, &e))
		if alone := string(e.AppendJSON(nil)); line != alone {
			t.Fatalf("after others it is\n%s\nalone\n%s", line, alone)
		}
		var read eventLine
		if err := json.Unmarshal([]byte(line), &read); err != nil {
			t.Fatal(err)
		}
		if want := `{"time":"` + e.Time().UTC().Format(time.RFC3339Nano) + `"`; !strings.HasPrefix(line, want) {
			t.Fatalf("%s does not begin with %s", line, want)
		}
	})
}

// A payload that is nested beyond what readers of JSON take is a text, and the event says so.
func TestDeeplyNestedPayloadsAreTexts(t *testing.T) {
	nested := func(n int) *Event {
		return &Event{Received: Received{Data: []byte(strings.Repeat("[", n) + strings.Repeat("]", n))}}
	}
	var line eventLine
	for _, n := range []int{mostNesting, mostNesting + 1, 10_000, 1_000_000} {
		line = eventLine{}
		if err := json.Unmarshal(nested(n).AppendJSON(nil), &line); err != nil {
			t.Fatalf("nested %d deep: %v", n, err)
		}
		_, text := line.Data.(string)
		if too := n > mostNesting; text != too || strings.Contains(line.Problem, "nested") != too {
			t.Errorf("nested %d deep: a text: %t, problem %q", n, text, line.Problem)
		}
	}
}

// Whatever comes, an event is one line of JSON in UTF-8, and data comes out as encoding/json reads it.
func FuzzEventAsJSON(f *testing.F) {
	for _, data := range []string{
		"", "null", " 1 ", "1 2", "tr ue", "- 1", `{"a":1}`, `{"a" : [ 1 , "x y" ] }`, `"\ud800"`, "\"\xff\"", "{\"a\":\"\x9b1m\"}", `{"a":1}}`,
		`"a" "b"`, "[", `"`, `"\`, "1e400", "0x1", "-0", "01", `{"a":1,}`, "\u2028", "\ufeff{}", "[[[[1]]]]", "NaN", "{\n}", `{"a":1,"a":2}`,
	} {
		f.Add([]byte(data), "subject", "header")
	}
	for _, s := range hostile.Payloads() {
		f.Add([]byte(s.Text), "subject", "header")
	}
	for _, s := range hostile.Texts() {
		f.Add([]byte(s.Text), s.Text, s.Text)
	}
	f.Fuzz(func(t *testing.T, data []byte, subject, header string) {
		e := Event{Received: Received{Subject: subject, Data: data, Size: len(data), Headers: bus.Headers{{Name: header, Value: subject}}}}
		out := e.AppendJSON(nil)
		var line eventLine
		if err := decode(out, &line); err != nil || !utf8.Valid(out) || bytes.IndexByte(out, '\n') >= 0 {
			t.Fatalf("%q is written as %q: %v", data, out, err)
		}
		if utf8.ValidString(subject) && line.Subject != subject {
			t.Fatalf("subject %q came back as %q", subject, line.Subject)
		}
		var want any
		if err := decode(data, &want); err != nil || !utf8.Valid(data) || strings.Contains(line.Problem, "nested") {
			want = strings.ToValidUTF8(string(data), "\ufffd")
			if !utf8.Valid(data) { // how many U+FFFD stand for a run of bad bytes is not told
				_, isText := line.Data.(string)
				if !isText {
					t.Fatalf("%q came back as %#v", data, line.Data)
				}
				return
			}
		}
		if !reflect.DeepEqual(want, line.Data) {
			t.Fatalf("%q came back as another value:\n%s", data, cmp.Diff(want, line.Data))
		}
	})
}

// decode reads one value of JSON and nothing after it; numbers stay as they are written.
func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows")
	}
	return nil
}

func BenchmarkEventAsJSON(b *testing.B) {
	e := Event{
		Received: Received{UnixNano: 1_700_000_000_123_456_789, Bus: "127.0.0.1:4222", Station: "deliveries", Subject: "deliveries.01HX7Q",
			Position: bus.Position{Major: 48193}, Data: []byte(`{"type": "PICKUP_PRODUCTS", "delivery_id": "01HX7QZZ", "data": {"purchase_price": 10, "quantity": 2, "note": "` + strings.Repeat("x", 100) + `"}}`)},
		Understood: Understood{Type: "PICKUP_PRODUCTS", Kind: state.NewKind("delivery"), ID: "01HX7QZZ"},
	}
	var line []byte
	for b.Loop() {
		line = e.AppendJSON(line[:0])
	}
}

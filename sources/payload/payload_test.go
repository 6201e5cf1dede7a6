package payload

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"signalbox/bus/bustest/hostile"
)

// samples are payloads of all kinds, with what each mistake looks like.
var samples = []string{
	"", " ", "null", " true ", "false", "nul", "tr ue", "truex", "1 2", "- 1", "-", "-0", "01", "-01", "0", "1.", ".5", "1.5e", "1e+", "1E-7", "1e400", "0x1",
	`""`, `"`, `"\`, `"a`, `"\n\u00e9\/"`, `"\u12"`, `"\u12G4"`, `"\ud800"`, `"\x"`, "\"\x1f\"", "\"\x7f\"", "\"\xff\"", "\"\xc3\"", "\"é漢🚚\"",
	`"seven77"`, `"eight888"`, `"fifteen12345678\""`, "\"ends with a tab\t\"", `"a" "b"`, "\u2028", "\ufeff{}",
	"{}", "[]", " { } ", "[ ]", "[", "{", "]", "}", "[1", "[1,", "[1,]", "[,1]", "[1 2]", `{"a"}`, `{"a":}`, `{"a":1`, `{"a":1,}`, `{a:1}`, `{"a":1}}`,
	`{"a" : [ 1 , "x  y" , { } ] , "b" : null }`, "{\n\t\"a\": 1\r\n}", `{"a":1,"a":2}`, `[[[[1]]]]`, "[\v1]", "[1\u00a0]",
	strings.Repeat("[", 200) + strings.Repeat("]", 200),
}

// What is JSON for encoding/json, in UTF-8, is JSON here and written the same.
func check(t *testing.T, data []byte, nested int) {
	t.Helper()
	const before = "before"
	out, ok := AppendJSON([]byte(before), data, nested)
	if IsJSON(data, nested) != ok {
		t.Fatalf("%q is JSON: %t, and is appended: %t", data, !ok, ok)
	}
	var want bytes.Buffer
	want.WriteString(before)
	if json.Valid(data) && utf8.Valid(data) && depth(t, data) <= nested {
		if err := json.Compact(&want, data); err != nil {
			t.Fatal(err)
		}
		if !ok {
			t.Fatalf("%q is JSON", data)
		}
	} else if ok {
		t.Fatalf("%q is not JSON", data)
	}
	if string(out) != want.String() {
		t.Fatalf("%q is written as %q, not %q", data, out, want.String())
	}
	checkMembers(t, data, nested, ok)
}

// What is JSON and an object has the members that encoding/json finds, as they are written.
func checkMembers(t *testing.T, data []byte, nested int, isJSON bool) {
	t.Helper()
	var have []string
	object := Members(data, nested, func(name, value []byte) { have = append(have, string(name)+":"+string(value)) })
	if want := isJSON && bytes.TrimLeft(data, " \n\r\t")[0] == '{'; object != want {
		t.Fatalf("%q is an object: %t", data, object)
	}
	if !object {
		return
	}
	d := json.NewDecoder(bytes.NewReader(data))
	_, err := d.Token()
	for i := 0; err == nil && d.More(); i++ {
		var name, value json.RawMessage
		begin := d.InputOffset()
		if _, err = d.Token(); err == nil {
			name = bytes.TrimLeft(data[begin:d.InputOffset()], ", \n\r\t")
			err = d.Decode(&value)
		}
		if want := string(name) + ":" + string(value); i >= len(have) || have[i] != want {
			t.Fatalf("%q has the members %q, without %q", data, have, want)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// depth is how many arrays and objects lie in each other at most.
func depth(t *testing.T, data []byte) int {
	t.Helper()
	d, most, now := json.NewDecoder(bytes.NewReader(data)), 0, 0
	for {
		token, err := d.Token()
		if err != nil {
			return most
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			now++
		case json.Delim('}'), json.Delim(']'):
			now--
		}
		most = max(most, now)
	}
}

func TestPayloadsAreReadAsByTheStandardLibrary(t *testing.T) {
	for _, data := range samples {
		for _, nested := range []int{0, 1, 3, 4, 250} {
			check(t, []byte(data), nested)
		}
	}
}

// A part and the whole are written together as each is alone, whatever the part is.
func checkBoth(t *testing.T, data []byte, from, end, nested int) {
	t.Helper()
	const before, between = "before", "between"
	want, ok := AppendJSON([]byte(before), data[from:end], nested)
	if ok {
		if want, ok = AppendJSON(append(want, between...), data, nested); !ok {
			want = []byte(before)
		}
	}
	out, both := AppendBoth([]byte(before), data, from, end, between, nested)
	if both != ok || string(out) != string(want) {
		t.Fatalf("%q with its part %q is written as %q, %t; want %q, %t", data, data[from:end], out, both, want, ok)
	}
}

func TestAPartIsReadOnce(t *testing.T) {
	for _, data := range append(samples, `{"n": 1 , "data" : { "a" : [1, "{}" ] } , "t":"[1]" }`, `[{"a":1},{"a":1} ]`, `{"data":{"a": 1}x}`) {
		for _, nested := range []int{0, 1, 2, 3, 250} {
			for from := range len(data) {
				for end := from; end <= len(data) && len(data) < 100; end++ {
					checkBoth(t, []byte(data), from, end, nested)
				}
			}
		}
	}
}

func TestPlainTexts(t *testing.T) {
	for _, around := range []string{"", "123", "1234567", "12345678", "123456789abcdef"} {
		for c := range 256 {
			text := around + string([]byte{byte(c)}) + around
			quoted, err := json.Marshal(string([]byte{byte(c)}))
			want := err == nil && string(quoted) == "\""+string([]byte{byte(c)})+"\"" || c == '<' || c == '>' || c == '&'
			if IsPlain(text) != want {
				t.Errorf("%q is written as it is: %t", text, !want)
			}
		}
		if !IsPlain(around) {
			t.Errorf("%q is not written as it is", around)
		}
	}
}

func FuzzPayload(f *testing.F) {
	for _, data := range samples {
		f.Add([]byte(data), 3)
	}
	for _, s := range hostile.Payloads() {
		f.Add([]byte(s.Text), 100)
	}
	f.Fuzz(func(t *testing.T, data []byte, nested int) {
		nested = max(nested%300, -nested%300)
		check(t, data, nested)
		if i := bytes.LastIndexAny(data, "{["); i >= 0 {
			checkBoth(t, data, i, i+bytes.IndexAny(data[i:], "}]")+1, nested)
		}
	})
}

func BenchmarkAppendJSON(b *testing.B) {
	data := []byte(`{"type": "PICKUP_PRODUCTS", "delivery_id": "01HX7QZZ", "data": {"purchase_price": 10, "quantity": 2, "note": "` + strings.Repeat("x", 100) + `"}}`)
	var line []byte
	for b.Loop() {
		line, _ = AppendJSON(line[:0], data, 250)
	}
}

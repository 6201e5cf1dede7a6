package hostile

import "strings"

// Payloads are what a message may hold, each of them with the name that tells what is odd.
func Payloads() []Sample {
	all := []Sample{
		{"nested-arrays", nested("[", "", "]", Deep)},
		{"nested-arrays-never-closed", strings.Repeat("[", Deep)},
		{"nested-objects", nested(`{"a":`, "1", "}", Deep)},
		{"nested-objects-never-closed", strings.Repeat(`{"a":`, Deep)},
		{"nested-both", nested(`[{"a":`, "null", "}]", Deep)},
		{"nested-within-a-member", `{"type":"A","id":"1","data":` + nested("[", "", "]", Deep) + "}"},
		{"nested-101", nested("[", "", "]", 101)},
		{"closed-only", strings.Repeat("]", Deep)},
		{"duplicate-keys", `{"a":1,"a":2,"type":"A","type":"B","id":"1","id":"2"}`},
		{"duplicate-keys-escaped", `{"id":"1","\u0069d":"2"}`},
		{"empty-key", `{"":1,"":{"":2}}`},
		{"names-of-ours", `{"time":"x","bus":1,"station":null,"subject":[],"position":{},"data":"d","__proto__":{"constructor":1}}`},
		{"many-keys", manyKeys(5000)},
		{"many-elements", "[" + strings.Repeat("0,", 50_000) + "0]"},
		{"byte-order-mark", "\ufeff{\"a\":1}"},
		{"byte-order-mark-of-16-bits", "\xff\xfe{\x00}\x00"},
		{"two-values", `{"a":1}{"a":2}`},
		{"value-and-rest", `{"a":1} x`},
		{"cut-short", `{"type":"A","data":{"n":1`},
		{"cut-in-a-text", `{"a":"b`},
		{"cut-in-an-escape", `{"a":"\u00`},
		{"comma-too-many", `{"a":[1,],}`},
		{"no-quotes", `{a:1}`},
		{"single-quotes", `{'a':1}`},
		{"comment", "{\"a\":1} // b"},
		{"lone-surrogate", `{"a":"\ud800"}`},
		{"lone-surrogate-low", `{"\udc00":"\udc00"}`},
		{"surrogates-the-wrong-way", `{"a":"\udc00\ud800"}`},
		{"escaped-control", `{"a":"\u0000\u001b]52;c;aGk=\u0007\u009b2J"}`},
		{"raw-control", "{\"a\":\"\x1b]52;c;aGk=\x07\"}"},
		{"escaped-bidi", `{"id":"\u202egpj","type":"\u200b"}`},
		{"bad-utf8-in-json", "{\"a\":\"\xff\x9b2J\"}"},
		{"blanks-of-unicode", "\u00a0{\u2003\"a\":1}"},
		{"blanks-only", " \t\r\n"},
		{"text", `"text"`},
		{"true", "true"},
		{"null", "null"},
		{"nothing", ""},
		{"gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x4b\x4c\x04\x00"},
		{"protobuf", "\x0a\x03abc\x10\x96\x01"},
		{"xml", `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`},
		{"all-bytes", allBytes()},
	}
	for _, s := range Texts() {
		all = append(all, Sample{"text-" + s.Name, s.Text})
	}
	for _, n := range Numbers() {
		all = append(all, Sample{"number-" + n, n}, Sample{"id-" + n, `{"type":"A","id":` + n + `,"n":[` + n + `]}`})
	}
	for _, n := range NoNumbers() {
		all = append(all, Sample{"no-number-" + n, `{"a":` + n + `}`})
	}
	return all
}

// LargePayloads are of about Large bytes. They are apart from the others for what they take.
func LargePayloads() []Sample {
	return []Sample{
		{"large-text", strings.Repeat("x", Large)},
		{"large-text-in-json", `{"type":"A","id":"` + strings.Repeat("y", Large) + `"}`},
		{"large-of-escapes", `"` + strings.Repeat(`\u001b`, Large/6) + `"`},
		{"large-of-bad-utf8", strings.Repeat("\x9b", Large)},
		{"large-array", "[" + strings.Repeat("1,", Large/2) + "1]"},
		{"large-object", manyKeys(Large / 12)},
		{"large-number", strings.Repeat("9", Large)},
		{"large-nesting", nested("[", "", "]", Large/2)},
		{"large-blanks", strings.Repeat(" ", Large) + "1"},
	}
}

// manyKeys is an object with so many members.
func manyKeys(n int) string {
	var b strings.Builder
	b.WriteString(`{"k":0`)
	for i := range n {
		b.WriteString(`,"k`)
		for d := 1_000_000; d > 0; d /= 10 {
			b.WriteByte('0' + byte(i/d%10))
		}
		b.WriteString(`":1`)
	}
	b.WriteByte('}')
	return b.String()
}

func allBytes() string {
	var b [256]byte
	for i := range b {
		b[i] = byte(i)
	}
	return string(b[:])
}

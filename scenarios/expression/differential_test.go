package expression

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"signalbox/bus/bustest/hostile"
	"signalbox/sources/state"
)

// texts generates expressions: most of them make sense of some data, all of them of some.
func texts() *rapid.Generator[string] {
	leaf := rapid.SampledFrom([]string{
		"1", "2.5", "0", "-3", `"a"`, `"10"`, `""`, "true", "false", "nil", "data", "data.n", "data.s", "data.b", "data.o", "data.o.n", "data.o.s", "data.l",
		"data.l[0]", "data.l[-1]", "data.l[data.n]", "data.o[data.s]", "data.none", "data.none.none", "data?.o?.n", `data["s"]`, "state", "state.budget", "state.tree.a.b",
		"state.none", "state.list", "state.list[1]", "state.list[data.n]", `headers["Kind"]`, "headers", "headers.none", "id", "type", "version", "subject",
	})
	unary := []string{"-%s", "not (%s)", "!(%s)", "int(%s)", "float(%s)", "string(%s)", "len(%s)", "lower(%s)", "upper(%s)", "abs(%s)", "(%s).n", "(%s)[0]", `"s" in (%s)`, "fromJSON(%s)"}
	binary := []string{"+", "-", "*", "/", "%", "**", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "??", "in", "contains", "startsWith", "endsWith", "and", "or", "not in"}
	return rapid.Custom(func(t *rapid.T) string {
		var write func(depth int) string
		write = func(depth int) string {
			shape := rapid.IntRange(0, 9).Draw(t, "shape")
			switch {
			case depth == 0 || shape < 2:
				return leaf.Draw(t, "leaf")
			case shape < 5:
				return fmt.Sprintf(rapid.SampledFrom(unary).Draw(t, "unary"), write(depth-1))
			case shape < 9:
				return "(" + write(depth-1) + ") " + rapid.SampledFrom(binary).Draw(t, "binary") + " (" + write(depth-1) + ")"
			default:
				return "(" + write(depth-1) + ") ? (" + write(depth-1) + ") : (" + write(depth-1) + ")"
			}
		}
		return write(rapid.IntRange(1, 3).Draw(t, "depth"))
	})
}

// payloads generates what data may be.
func payloads() *rapid.Generator[string] {
	scalar := rapid.SampledFrom([]string{"0", "1", "-1", "3", "2.5", "1e3", "12345678901234567890", `"a"`, `"10"`, `" 7 "`, `"x\n\u00e4"`, "true", "false", "null", "{}", "[]", `"{\"n\": 1}"`})
	return rapid.Custom(func(t *rapid.T) string {
		if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
			return scalar.Draw(t, "whole")
		}
		v := func(name string) string { return scalar.Draw(t, name) }
		return fmt.Sprintf(` {"n": %s, "s":%s,"b":%s,"o":{"n":%s,"s":%s},"l":[%s,%s, %s] } `, v("n"), v("s"), v("b"), v("on"), v("os"), v("l0"), v("l1"), v("l2"))
	})
}

// compare sets beside each other what the closures and expr's interpreter make of an expression.
func compare(t interface{ Fatalf(string, ...any) }, text, data string) {
	scope := newSample(data).scope()
	closures, err := scope.compile(text, false)
	if err != nil {
		return
	}
	interpreter, err := scope.compile(text, true)
	if err != nil {
		return // the checker knows of a mistake that the closures find when they run
	}
	f := &Frame{}
	a, errA := closures.Eval(f)
	f.Begin()
	b, errB := interpreter.Eval(f)
	if (errA == nil) != (errB == nil) {
		t.Fatalf("%s over %s: closures %s, %v; interpreter %s, %v", text, data, shown(a), errA, shown(b), errB)
	}
	if errA == nil && !alike(Any(a), Any(b)) {
		t.Fatalf("%s over %s: closures %#v; interpreter %#v", text, data, Any(a), Any(b))
	}
}

// alike is equality in which NaN is NaN, and a number is a number.
func alike(a, b any) bool {
	switch a := a.(type) {
	case int:
		return alike(float64(a), b)
	case float64:
		if i, ok := b.(int); ok {
			b = float64(i)
		}
		f, ok := b.(float64)
		return ok && (a == f || math.IsNaN(a) && math.IsNaN(f))
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, alike)
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && maps.EqualFunc(a, b, alike)
	case Value: // a number as it is written, wherever its text lies
		b, ok := b.(Value)
		return ok && a.Equal(b)
	}
	return reflect.DeepEqual(a, b)
}

// The closures mean what expr's interpreter means.
func TestClosuresAreTheLanguage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { compare(t, texts().Draw(t, "text"), payloads().Draw(t, "data")) })
}

func FuzzClosures(f *testing.F) {
	f.Add(`int(data.n) * 2 > state.budget ?? 3`, `{"n": "4"}`)
	f.Add(`data.l[1] in ["a", nil] || headers.Kind matches "k"`, `{"l":[1,"a"]}`)
	f.Add(`data["\u0061"] == 1`, `{"a":1,"a":2}`)
	for _, s := range hostile.Small(hostile.Expressions(), 200) {
		f.Add(s.Text, `{"n":9007199254740993,"s":"a","l":[1,"a"],"o":{"n":-1}}`)
	}
	for _, s := range hostile.Payloads() {
		f.Add(`data.id == "1" || data.n[0] > 9007199254740992 || data.a == data.b`, s.Text)
	}
	f.Fuzz(func(t *testing.T, text, data string) {
		if strings.Contains(text, "now") || strings.Contains(text, "timezone") || strings.Contains(text, "..") || len(text) > 200 || !json.Valid([]byte(data)) {
			return // what differs from call to call, or takes long
		}
		compare(t, text, data)
	})
}

// FuzzObject reads objects as encoding/json does, whatever was read before, and finds the same members in one pass as one
// by one.
func FuzzObject(f *testing.F) {
	for _, data := range []string{`{"a":1,"b":{"a":[2]},"a":"\"x"}`, `{}`, `{"a"`, `{"a":1,}`, ` { "\u0061" : null } x`, `{"a":"` + strings.Repeat(`\\`, 30) + `"}`} {
		f.Add(data, data)
		f.Add(`{"a":1,"b":2,"a":3}`, data)
	}
	for _, s := range hostile.Payloads() {
		f.Add(`{"a":1,"type":2}`, s.Text)
		f.Add(s.Text, `{"a":1,"type":2}`)
	}
	f.Fuzz(func(t *testing.T, before, data string) {
		lookup := &Lookup{}
		slot := lookup.Slot("a")
		var d Document
		d.Reset(before, lookup)
		d.IsObject()
		d.Reset(data, lookup)
		found := d.Member(slot)
		if alone := Member(state.JSONValue(data), "a"); !d.Value().Equal(Value{}) && !alone.Equal(found) && !alike(Any(alone), Any(found)) {
			t.Errorf("%q: in one pass %v, alone %v", data, found, alone)
		}
		var want map[string]json.RawMessage
		if json.Unmarshal([]byte(data), &want) != nil || want == nil {
			return
		}
		if !d.IsObject() || !IsJSON(data) {
			t.Fatalf("%q is an object", data)
		}
		if raw := want["a"]; !d.Member(slot).Equal(FromJSON(string(raw))) {
			t.Errorf("%q: a is %v, want %q", data, d.Member(slot), raw)
		}
	})
}

// Objects that follow each other are read as encoding/json reads each of them, however much the names of one are written
// like those of the one before.
func TestObjectsInARow(t *testing.T) {
	long := strings.Repeat("n", maxShort+1)
	names := []string{`"a"`, `"a" `, `"b"`, `"ab"`, `"\u0061"`, `"a\"b"`, `"` + long + `"`, `"c"`}
	written := rapid.Custom(func(t *rapid.T) string {
		var members []string
		for range rapid.IntRange(0, guesses+2).Draw(t, "members") {
			members = append(members, rapid.SampledFrom(names).Draw(t, "name")+rapid.SampledFrom([]string{":", ": ", " :"}).Draw(t, "colon")+
				rapid.SampledFrom([]string{`1`, `"x"`, `{"a":2}`, `[":"]`}).Draw(t, "value"))
		}
		return "{" + strings.Join(members, ",") + "}"
	})
	rapid.Check(t, func(t *rapid.T) {
		lookup := &Lookup{}
		asked := []string{"a", "b", `a"b`, long}
		var d Document
		for i := range rapid.IntRange(2, 6).Draw(t, "objects") {
			slots := map[string]int{}
			for _, name := range asked[:min(i+1, len(asked))] { // names may be asked for later than others
				slots[name] = lookup.Slot(name)
			}
			raw := written.Draw(t, "object")
			var want map[string]json.RawMessage
			if err := json.Unmarshal([]byte(raw), &want); err != nil {
				t.Fatal(err)
			}
			d.Reset(raw, lookup)
			for name, slot := range slots {
				if got := d.Member(slot); !got.Equal(FromJSON(string(want[name]))) {
					t.Fatalf("%s: %q is %v, want %s", raw, name, got, want[name])
				}
			}
		}
	})
}

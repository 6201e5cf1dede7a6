package state

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"unsafe"

	"signalbox/sources/internal/packed"
	"signalbox/sources/payload"
)

// Value is one value in an entity's state. The zero Value is absent, which is what null in JSON is too. It is three
// words, so that the compiler keeps it in registers: expressions hand values around by the dozen for every event.
type Value struct {
	kind ValueKind
	num  uint64         // Int: the int64; Float: its bits; Bool: 0 or 1; Text, JSON, Number: how many bytes
	at   unsafe.Pointer // Text, JSON, Number: the first byte; Tree: a map[string]Value; List: a []Value
}

// ValueKind is the sort of a Value.
type ValueKind uint8

// Kinds of values.
const (
	Absent ValueKind = iota
	Bool
	Int
	Float
	Text
	JSON // an array or an object as it came; never changed in part
	Tree // an object that a fold builds and changes in part
	List // an array that a fold builds and changes in part

	// Number is a JSON number that is neither an Int nor a Float without becoming another number, as it was written: above
	// 2^63, as 1e400 or 1e-400. It is shown, compared and sent again; nothing is computed with it.
	Number
)

// BoolValue makes a Bool.
func BoolValue(b bool) Value {
	if b {
		return Value{kind: Bool, num: 1}
	}
	return Value{kind: Bool}
}

// IntValue makes an Int.
func IntValue(i int64) Value { return Value{kind: Int, num: uint64(i)} }

// FloatValue makes a Float.
func FloatValue(f float64) Value { return Value{kind: Float, num: math.Float64bits(f)} }

// TextValue makes a Text.
func TextValue(s string) Value { return textual(Text, s) }

// JSONValue makes a JSON of an array or an object as it came.
func JSONValue(raw string) Value { return textual(JSON, raw) }

// NumberValue makes a Number of how it is written.
func NumberValue(written string) Value { return textual(Number, written) }

func textual(kind ValueKind, s string) Value {
	return Value{kind: kind, num: uint64(len(s)), at: unsafe.Pointer(unsafe.StringData(s))}
}

// TreeValue makes a Tree, which shares the map.
func TreeValue(tree map[string]Value) Value {
	return Value{kind: Tree, at: unsafe.Pointer(&tree)}
}

// ListValue makes a List, which shares the slice. What is absent in it becomes null.
func ListValue(list []Value) Value {
	for i := range list {
		if list[i].kind == Absent {
			list[i] = null
		}
	}
	return Value{kind: List, at: unsafe.Pointer(&list)}
}

// Kind tells the sort of v.
func (v Value) Kind() ValueKind { return v.kind }

// Bool is v as a truth: only true is true.
func (v Value) Bool() bool { return v.kind == Bool && v.num == 1 }

// Int is v as a whole number, when it is one.
func (v Value) Int() (int64, bool) { return int64(v.num), v.kind == Int }

// Float is v as a number, when it is one.
func (v Value) Float() (float64, bool) {
	switch v.kind {
	case Int:
		return float64(int64(v.num)), true
	case Float:
		return math.Float64frombits(v.num), true
	}
	return 0, false
}

// Text is the text of a Text, the raw JSON of a JSON, and a Number as it is written; "" for all others.
func (v Value) Text() string {
	if v.kind != Text && v.kind != JSON && v.kind != Number {
		return ""
	}
	return unsafe.String((*byte)(v.at), v.num)
}

// Tree is the object of a Tree, shared with v; nil for all others.
func (v Value) Tree() map[string]Value {
	if v.kind != Tree {
		return nil
	}
	return *(*map[string]Value)(v.at)
}

// List is the array of a List, shared with v; nil for all others.
func (v Value) List() []Value {
	if v.kind != List {
		return nil
	}
	return *(*[]Value)(v.at)
}

// Nested tells whether v is made of other values, which can be changed one by one.
func (v Value) Nested() bool { return v.kind == Tree || v.kind == List }

// Equal tells whether v and w are the same value. 1 and 1.0 are.
func (v Value) Equal(w Value) bool {
	if v.kind == w.kind && v.kind != Float && !v.Nested() {
		return v.num == w.num && v.Text() == w.Text()
	}
	if a, ok := v.Float(); ok {
		b, ok := w.Float()
		return ok && a == b
	}
	return v.kind == w.kind && v.Nested() && maps.EqualFunc(v.Tree(), w.Tree(), Value.Equal) &&
		slices.EqualFunc(v.List(), w.List(), Value.Equal)
}

// String writes v for people: text as it is, everything else as JSON; "" for absent. The result may hold any bytes
// that the payload held: clean it before it reaches a terminal.
func (v Value) String() string {
	if v.kind == Text {
		return v.Text()
	}
	if v.kind == Absent {
		return ""
	}
	return string(v.AppendJSON(nil))
}

// AppendJSON appends v as JSON, objects with sorted names.
func (v Value) AppendJSON(to []byte) []byte {
	switch v.kind {
	case Bool:
		return strconv.AppendBool(to, v.num == 1)
	case Int:
		return strconv.AppendInt(to, int64(v.num), 10)
	case Float:
		f := math.Float64frombits(v.num)
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return append(to, "null"...)
		}
		return strconv.AppendFloat(to, f, 'g', -1, 64)
	case Text:
		quoted, _ := json.Marshal(v.Text())
		return append(to, quoted...)
	case Number:
		return append(to, v.Text()...)
	case JSON:
		if !payload.IsJSON(unsafe.Slice(unsafe.StringData(v.Text()), len(v.Text())), payload.MostNesting) { // such as NaN
			quoted, _ := json.Marshal(v.Text())
			return append(to, quoted...)
		}
		return append(to, v.Text()...)
	case Tree:
		to = append(to, '{')
		for i, name := range slices.Sorted(maps.Keys(v.Tree())) {
			if i > 0 {
				to = append(to, ',')
			}
			quoted, _ := json.Marshal(name)
			to = append(append(to, quoted...), ':')
			to = v.Tree()[name].AppendJSON(to)
		}
		return append(to, '}')
	case List:
		to = append(to, '[')
		for i, x := range v.List() {
			if i > 0 {
				to = append(to, ',')
			}
			to = x.AppendJSON(to)
		}
		return append(to, ']')
	}
	return append(to, "null"...)
}

// MarshalJSON implements json.Marshaler.
func (v Value) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil), nil }

// Any is v as expressions and templates see it: nil, bool, int, float64, string, []any or map[string]any.
func (v Value) Any() any {
	switch v.kind {
	case Bool:
		return v.num == 1
	case Int:
		return int(int64(v.num))
	case Float:
		return math.Float64frombits(v.num)
	case Text, Number:
		return v.Text()
	case JSON:
		var out any
		if json.Unmarshal([]byte(v.Text()), &out) != nil {
			return v.Text()
		}
		return out
	case Tree:
		out := make(map[string]any, len(v.Tree()))
		for name, x := range v.Tree() {
			out[name] = x.Any()
		}
		return out
	case List:
		out := make([]any, len(v.List()))
		for i, x := range v.List() {
			out[i] = x.Any()
		}
		return out
	}
	return nil
}

// Own copies a value with all it points to: it outlives the event it comes from, and may go to another goroutine.
func (v Value) Own() Value {
	switch v.kind {
	case Text, JSON, Number:
		return textual(v.kind, packed.Clone(v.Text()))
	case Tree:
		tree := make(map[string]Value, len(v.Tree()))
		for name, x := range v.Tree() {
			tree[packed.Clone(name)] = x.Own()
		}
		return TreeValue(tree)
	case List:
		list := make([]Value, len(v.List()))
		for i, x := range v.List() {
			list[i] = x.Own()
		}
		return ListValue(list)
	}
	return v
}

// Size estimates the bytes of memory behind a value. An entry of a list counts as one of a tree whose name is its index:
// changes say no more of either.
func (v Value) Size() int64 {
	switch v.kind {
	case Text, JSON, Number:
		return int64(v.num)
	case Tree, List:
		return v.nestedSize()
	}
	return 0
}

func (v Value) nestedSize() (n int64) {
	for name, x := range v.Tree() {
		n += EntrySize + int64(len(name)) + x.Size()
	}
	for i, x := range v.List() {
		n += EntrySize + int64(len(strconv.Itoa(i))) + x.Size()
	}
	return n
}

// EntrySize estimates what one entry of a tree takes besides its texts.
const EntrySize = 96

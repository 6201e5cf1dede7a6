package sources

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"unsafe"
)

// Value is one value in an entity's state. The zero Value is absent, which is what null in JSON is too. It is three
// words, so that the compiler keeps it in registers: expressions hand values around by the dozen for every event.
type Value struct {
	kind ValueKind
	num  uint64         // Int: the int64; Float: its bits; Bool: 0 or 1; Text, JSON: how many bytes
	at   unsafe.Pointer // Text, JSON: the first byte; Tree: the map[string]Value
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

func textual(kind ValueKind, s string) Value {
	return Value{kind: kind, num: uint64(len(s)), at: unsafe.Pointer(unsafe.StringData(s))}
}

// TreeValue makes a Tree, which shares the map.
func TreeValue(tree map[string]Value) Value {
	return Value{kind: Tree, at: unsafe.Pointer(&tree)}
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

// Text is the text of a Text, and the raw JSON of a JSON; "" for all others.
func (v Value) Text() string {
	if v.kind != Text && v.kind != JSON {
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

// Equal tells whether v and w are the same value. 1 and 1.0 are.
func (v Value) Equal(w Value) bool {
	if v.kind == w.kind && v.kind != Float && v.kind != Tree {
		return v.num == w.num && v.Text() == w.Text()
	}
	if a, ok := v.Float(); ok {
		b, ok := w.Float()
		return ok && a == b
	}
	return v.kind == Tree && w.kind == Tree && maps.EqualFunc(v.Tree(), w.Tree(), Value.Equal)
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
	case JSON:
		if !json.Valid([]byte(v.Text())) { // an application may write NaN, which JSON has not
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
	case Text:
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
	}
	return nil
}

// own copies a value with all it points to: it outlives the event it comes from, and may go to another goroutine.
func (v Value) own() Value {
	switch v.kind {
	case Text, JSON:
		return textual(v.kind, clone(v.Text()))
	case Tree:
		tree := make(map[string]Value, len(v.Tree()))
		for name, x := range v.Tree() {
			tree[clone(name)] = x.own()
		}
		return TreeValue(tree)
	}
	return v
}

// size estimates the bytes of memory behind a value.
func (v Value) size() int64 {
	n := int64(len(v.Text()))
	for name, x := range v.Tree() {
		n += treeEntry + int64(len(name)) + x.size()
	}
	return n
}

// treeEntry estimates what one entry of a tree takes besides its texts.
const treeEntry = 96

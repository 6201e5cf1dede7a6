package expression

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"

	"signalbox/sources/state"
)

// conversion makes one value of another; problem says why it cannot.
type conversion func(v Value) (result Value, problem string)

// own are the functions that mean something else than expr's functions of the same name.
var own = map[string]conversion{
	"int":      toInt,
	"float":    toFloat,
	"string":   toText,
	"fromJSON": fromText,
}

// same are functions of expr that are closures here.
var same = map[string]conversion{
	"len":   toLength,
	"lower": func(v Value) (Value, string) { return mapText(v, strings.ToLower) },
	"upper": func(v Value) (Value, string) { return mapText(v, strings.ToUpper) },
	"abs":   magnitude,
}

// call compiles the call of a function with one argument.
func (c *translator) call(name string, argument ast.Node) eval {
	convert, ok := own[name]
	if !ok {
		convert, ok = same[name]
	}
	if !ok {
		return c.cannot()
	}
	inner, text := c.value(argument), argument.String()
	return func(f *Frame) Value {
		v := inner(f)
		if name == "int" && v.Kind() == state.Int {
			return v
		}
		result, problem := convert(v)
		if problem == "" || f.err != nil {
			return result
		}
		if v.Kind() == state.Absent {
			return f.missing(text)
		}
		return f.fail("%s: %s, have %s", text, problem, shown(v))
	}
}

// toInt is a whole number: a fraction is cut off, and a text of digits is taken as the number it is.
func toInt(v Value) (Value, string) {
	const want = "want a whole number"
	switch v.Kind() {
	case state.Int:
		return v, ""
	case state.Float:
		f, _ := v.Float()
		if f = math.Trunc(f); f >= -(1<<63) && f < 1<<63 {
			return state.IntValue(int64(f)), ""
		}
	case state.Text:
		if i, err := strconv.ParseInt(strings.TrimSpace(v.Text()), 10, 64); err == nil {
			return state.IntValue(i), ""
		}
	}
	return Value{}, want
}

func toFloat(v Value) (Value, string) {
	if f, ok := v.Float(); ok {
		return state.FloatValue(f), ""
	}
	if v.Kind() == state.Text {
		if f, err := strconv.ParseFloat(strings.TrimSpace(v.Text()), 64); err == nil {
			return state.FloatValue(f), ""
		}
	}
	return Value{}, "want a number"
}

func toText(v Value) (Value, string) {
	switch v.Kind() {
	case state.Absent:
		return v, "want a value"
	case state.JSON, state.List:
		v = FromAny(Any(v)) // however it was spaced
	}
	return state.TextValue(v.String()), ""
}

// fromText is the JSON that a text holds.
func fromText(v Value) (Value, string) {
	if v.Kind() == state.Text {
		raw := strings.TrimSpace(v.Text())
		if end := skip(raw, 0); end == len(raw) {
			return FromJSON(raw), ""
		}
	}
	return Value{}, "want JSON in a text"
}

func toLength(v Value) (Value, string) {
	switch v.Kind() {
	case state.Text:
		return state.IntValue(int64(utf8.RuneCountInString(v.Text()))), ""
	case state.JSON:
		return state.IntValue(int64(length(v.Text()))), ""
	case state.Tree:
		return state.IntValue(int64(len(v.Tree()))), ""
	case state.List:
		return state.IntValue(int64(len(v.List()))), ""
	}
	return Value{}, "want a text, a list or an object"
}

func mapText(v Value, change func(string) string) (Value, string) {
	if v.Kind() != state.Text {
		return Value{}, "want a text"
	}
	return state.TextValue(change(v.Text())), ""
}

func magnitude(v Value) (Value, string) {
	v, _ = counts(v)
	if i, ok := v.Int(); ok {
		return state.IntValue(max(i, -i)), ""
	}
	if f, ok := v.Float(); ok {
		if f < 0 {
			f = -f
		}
		return state.FloatValue(f), ""
	}
	return Value{}, "want a number"
}

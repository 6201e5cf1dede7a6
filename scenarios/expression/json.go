package expression

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"signalbox/sources/state"
)

// FromJSON is the value of a JSON text. Texts without escapes, arrays and objects are views into raw; what is no JSON
// is a text. The NaN and Infinity that some applications write are numbers.
func FromJSON(raw string) Value {
	if raw == "" {
		return Value{}
	}
	switch c := raw[0]; {
	case c == '"':
		if len(raw) < 2 {
			return state.TextValue(raw)
		}
		if strings.IndexByte(raw, '\\') >= 0 {
			return state.TextValue(unquote(raw))
		}
		return state.TextValue(raw[1 : len(raw)-1])
	case c == '{' || c == '[':
		return state.JSONValue(raw)
	case c == '-' || '0' <= c && c <= '9':
		return number(raw)
	}
	switch raw {
	case "true":
		return state.BoolValue(true)
	case "false":
		return state.BoolValue(false)
	case "null":
		return Value{}
	case "NaN":
		return state.FloatValue(math.NaN())
	case "Infinity":
		return state.FloatValue(math.Inf(1))
	}
	return state.TextValue(raw)
}

// number reads a JSON number: an int when it has neither fraction nor exponent and there is room for it.
func number(raw string) Value {
	i, minus := 0, false
	if raw[0] == '-' {
		i, minus = 1, true
	}
	if digits := len(raw) - i; digits > 0 && digits <= 18 {
		var n int64
		for ; i < len(raw) && '0' <= raw[i] && raw[i] <= '9'; i++ {
			n = n*10 + int64(raw[i]-'0')
		}
		if i == len(raw) {
			if minus && n == 0 {
				return state.FloatValue(math.Copysign(0, -1))
			}
			if minus {
				n = -n
			}
			return state.IntValue(n)
		}
	}
	if n, err := strconv.ParseInt(raw, 10, 64); err == nil {
		return state.IntValue(n)
	}
	if strings.ContainsAny(raw, "xXpP_") { // Go reads these as numbers, JSON does not
		return state.TextValue(raw)
	}
	f, err := strconv.ParseFloat(raw, 64)
	switch {
	case math.IsInf(f, 0) && err != nil, err == nil && f == 0 && !isZero(raw), err == nil && math.Abs(f) >= 1<<63 && isWhole(raw):
		return state.NumberValue(raw)
	case err == nil:
		return state.FloatValue(f)
	}
	return state.TextValue(raw)
}

// isZero tells whether nothing but 0 is written before the exponent of a number.
func isZero(raw string) bool {
	digits, _, _ := strings.Cut(strings.ToLower(raw), "e")
	return strings.Trim(digits, "-0.") == ""
}

// isWhole tells whether a number is written with digits alone.
func isWhole(raw string) bool {
	return strings.Trim(strings.TrimPrefix(raw, "-"), "0123456789") == ""
}

// unquote takes quotes and escapes off a JSON text; what is wrong in it stays as it is written.
func unquote(raw string) string {
	var s string
	if json.Unmarshal([]byte(raw), &s) == nil {
		return s
	}
	return raw[1 : len(raw)-1]
}

// maxDepth bounds how deep arrays and objects are taken apart; what lies deeper stays JSON text.
const maxDepth = 250

// Any is a value as expr's interpreter takes it: nil, bool, int, float64, string, []any or map[string]any.
func Any(v Value) any {
	switch v.Kind() {
	case state.JSON:
		return anyJSON(v.Text(), 0)
	case state.Tree:
		tree := v.Tree()
		out := make(map[string]any, len(tree))
		for name, x := range tree {
			out[name] = Any(x)
		}
		return out
	case state.List:
		list := v.List()
		out := make([]any, len(list))
		for i := range list {
			out[i] = Any(list[i])
		}
		return out
	case state.Number:
		return v
	}
	return v.Any()
}

func anyJSON(raw string, depth int) any {
	v := FromJSON(strings.TrimSpace(raw))
	if v.Kind() != state.JSON || depth == maxDepth {
		if v.Kind() == state.JSON {
			return v.Text()
		}
		return Any(v)
	}
	var whole bool
	var out any
	if raw := v.Text(); raw[0] == '{' {
		object := map[string]any{}
		whole = eachMember(raw, func(name, value string) bool {
			object[name] = anyJSON(value, depth+1)
			return true
		})
		out = object
	} else {
		array := []any{}
		whole = eachElement(raw, func(value string) bool {
			array = append(array, anyJSON(value, depth+1))
			return true
		})
		out = array
	}
	if !whole {
		return v.Text()
	}
	return out
}

// FromAny is what the interpreter came to, as a value.
func FromAny(x any) Value {
	switch x := x.(type) {
	case nil:
		return Value{}
	case Value:
		return x
	case bool:
		return state.BoolValue(x)
	case int:
		return state.IntValue(int64(x))
	case int64:
		return state.IntValue(x)
	case uint64:
		if x > math.MaxInt64 {
			return state.NumberValue(strconv.FormatUint(x, 10))
		}
		return state.IntValue(int64(x))
	case float64:
		return state.FloatValue(x)
	case string:
		return state.TextValue(x)
	}
	raw, err := json.Marshal(finite(x))
	if err != nil {
		return Value{}
	}
	return FromJSON(string(raw))
}

// finite replaces the numbers that JSON has no form for by nil.
func finite(x any) any {
	switch x := x.(type) {
	case float64:
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil
		}
	case []any:
		out := make([]any, len(x))
		for i := range x {
			out[i] = finite(x[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(x))
		for name := range x {
			out[name] = finite(x[name])
		}
		return out
	}
	return x
}

// Member is a member of an object, absent where there is none or v is no object.
func Member(v Value, name string) Value {
	switch v.Kind() {
	case state.Tree:
		return v.Tree()[name]
	case state.JSON:
		var found string
		whole := eachMember(v.Text(), func(n, value string) bool {
			if n == name {
				found = value
			}
			return true
		})
		if whole {
			return FromJSON(found)
		}
	}
	return Value{}
}

// element is an element of an array, counted from the end when i is negative; absent where there is none.
func element(v Value, i int64) Value {
	if list := v.List(); list != nil {
		if i < 0 {
			i += int64(len(list))
		}
		if i < 0 || i >= int64(len(list)) {
			return Value{}
		}
		return list[i]
	}
	if v.Kind() != state.JSON {
		return Value{}
	}
	if i < 0 {
		i += int64(length(v.Text()))
	}
	var found string
	whole := eachElement(v.Text(), func(value string) bool {
		if i == 0 {
			found = value
		}
		i--
		return true
	})
	if !whole {
		return Value{}
	}
	return FromJSON(found)
}

// length counts the elements of an array, or the members of an object.
func length(raw string) int {
	if raw[0] == '{' {
		names := map[string]bool{}
		eachMember(raw, func(name, _ string) bool { names[name] = true; return true })
		return len(names)
	}
	n := 0
	eachElement(raw, func(string) bool { n++; return true })
	return n
}

// IsJSON tells whether a text is one JSON value, as far as its outermost level shows.
func IsJSON(raw string) bool {
	i := blank(raw, 0)
	if i == len(raw) {
		return false
	}
	switch raw[i] {
	case '{':
		return eachMember(raw, func(_, _ string) bool { return true })
	case '[':
		return eachElement(raw, func(string) bool { return true })
	case '"':
		end, _ := text(raw, i)
		return end > 0 && blank(raw, end) == len(raw)
	}
	end := skip(raw, i)
	return end > 0 && blank(raw, end) == len(raw) && FromJSON(raw[i:end]).Kind() != state.Text
}

// EachMember calls yield with the members of an object, each value as JSON, until it returns false. It returns false
// when raw is no object that holds together.
func EachMember(raw string, yield func(name, value string) bool) bool { return eachMember(raw, yield) }

// HasMember tells whether an object has a member of a name, be it null.
func HasMember(raw, name string) bool {
	found := false
	EachMember(raw, func(n, _ string) bool {
		found = n == name
		return !found
	})
	return found
}

package expression

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/expr-lang/expr/vm/runtime"

	"signalbox/sources/state"
)

// comparison is one of <, <=, > and >=.
type comparison struct{ less, same, more bool }

func comparisonOf(operator string) comparison {
	return comparison{less: operator[0] == '<', same: len(operator) == 2, more: operator[0] == '>'}
}

// order compiles the comparisons of two numbers or two texts, or of a number and a text that holds one.
func order(operator string, left, right eval, a, b string) test {
	o := comparisonOf(operator)
	less, same, more := o.less, o.same, o.more
	return func(f *Frame) bool {
		x, y := left(f), right(f)
		i, xInt := x.Int()
		j, yInt := y.Int()
		if xInt && yInt {
			return less && i < j || more && i > j || same && i == j
		}
		p, xOK := x.Float()
		q, yOK := y.Float()
		if xOK && yOK {
			return less && p < q || more && p > q || same && p == q
		}
		if x.Kind() == state.Text && y.Kind() == state.Text {
			s, t := x.Text(), y.Text()
			return less && s < t || more && s > t || same && s == t
		}
		if isNumber(x) && isNumber(y) {
			return o.holds(x, y)
		}
		switch p, q, ok := numbers(x, y); {
		case ok:
			return o.holds(p, q)
		case f.err != nil:
		case x.Kind() == state.Absent:
			f.missing(a)
		case y.Kind() == state.Absent:
			f.missing(b)
		default:
			f.fail("%s %s %s: cannot compare %s with %s", a, operator, b, shown(x), shown(y))
		}
		return false
	}
}

// holds compares two numbers.
func (o comparison) holds(x, y Value) bool {
	i, xInt := x.Int()
	j, yInt := y.Int()
	if xInt && yInt {
		return o.less && i < j || o.more && i > j || o.same && i == j
	}
	p, xOK := x.Float()
	q, yOK := y.Float()
	if !xOK || !yOK {
		sign := exactly(x).Cmp(exactly(y))
		return o.less && sign < 0 || o.more && sign > 0 || o.same && sign == 0
	}
	return o.less && p < q || o.more && p > q || o.same && p == q
}

// equal tells whether two values are the same, arrays and objects by what they hold. A number and a text that holds the
// same number are.
func equal(a, b Value) bool {
	if compound(a) && compound(b) {
		return runtime.Equal(Any(a), Any(b))
	}
	if a.Kind() == b.Kind() {
		return a.Equal(b)
	}
	if x, y, ok := numbers(a, b); ok {
		a, b = x, y
	}
	return a.Equal(b)
}

// compound tells whether a value is an array or an object.
func compound(v Value) bool { return v.Kind() == state.JSON || v.Nested() }

// numbers are a number and the number that a text beside it holds, in either order. Fields that know only texts, such as
// those of a Redis stream, compare as what they hold.
func numbers(a, b Value) (x, y Value, ok bool) {
	switch {
	case b.Kind() == state.Text && isNumber(a):
		y, ok = inText(b)
		return a, y, ok
	case a.Kind() == state.Text && isNumber(b):
		x, ok = inText(a)
		return x, b, ok
	}
	return a, b, false
}

func isNumber(v Value) bool {
	return v.Kind() == state.Int || v.Kind() == state.Float || v.Kind() == state.Number
}

// exactly is a number with all that is written of it; what is larger than that can hold is infinite.
func exactly(v Value) *big.Float {
	const bits = 512
	n, _, err := big.ParseFloat(v.String(), 10, bits, big.ToNearestEven)
	if err != nil {
		n = new(big.Float)
	}
	return n
}

// inText is the number that a text holds, and nothing else but blanks around it.
func inText(v Value) (Value, bool) {
	text := strings.TrimSpace(v.Text())
	if text == "" || strings.IndexByte("+-.0123456789", text[0]) < 0 {
		return Value{}, false
	}
	n := number(text)
	return n, isNumber(n)
}

// The comparisons on expr's interpreter: functions by these names stand for the operators where the types of both sides
// are not known before. Nobody can write them.
const comparesPrefix = "\x00"

// loose are the operators that compare a number with a text that holds one, on expr's interpreter.
var loose = map[string]func(a, b any) bool{
	"==": runtime.Equal,
	"!=": func(a, b any) bool { return !runtime.Equal(a, b) },
	"<":  runtime.Less,
	"<=": runtime.LessOrEqual,
	">":  runtime.More,
	">=": runtime.MoreOrEqual,
}

// asWritten are two values of which one is a Number, which expr's interpreter does not know.
func asWritten(a, b any) (x, y Value, written bool) {
	_, first := a.(Value)
	_, second := b.(Value)
	if !first && !second {
		return x, y, false
	}
	return FromAny(a), FromAny(b), true
}

// compareWritten is an operator of values of which one is a Number.
func compareWritten(operator string, x, y Value) (any, error) {
	switch operator {
	case "==":
		return equal(x, y), nil
	case "!=":
		return !equal(x, y), nil
	}
	if p, q, ok := numbers(x, y); ok {
		x, y = p, q
	}
	if !isNumber(x) || !isNumber(y) {
		return nil, fmt.Errorf("cannot compare %s with %s", shown(x), shown(y))
	}
	return comparisonOf(operator).holds(x, y), nil
}

// alikeAny is numbers for the values of expr's interpreter; other pairs stay as they are.
func alikeAny(a, b any) (any, any) {
	_, aText := a.(string)
	_, bText := b.(string)
	if aText == bText {
		return a, b
	}
	if x, y, ok := numbers(scalar(a), scalar(b)); ok {
		return Any(x), Any(y)
	}
	return a, b
}

// scalar is a text or a number as a value; absent for all others.
func scalar(x any) Value {
	switch x.(type) {
	case Value, string, int, int64, uint64, float64:
		return FromAny(x)
	}
	return Value{}
}

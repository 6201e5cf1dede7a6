package expression

import (
	"math"
	"slices"

	"signalbox/sources/state"
)

// arithmetic compiles an operator over numbers; + joins texts as well. Whole numbers stay whole, but for / and **. A text that
// holds a number counts as that, but for two that + joins.
func arithmetic(operator string, left, right eval, a, b string) eval {
	whole, broken := operations(operator)
	plus, minus, times := operator == "+", operator == "-", operator == "*"
	return func(f *Frame) Value {
		x, y := left(f), right(f)
		i, xInt := x.Int()
		j, yInt := y.Int()
		switch {
		case !xInt || !yInt:
		case plus:
			return state.IntValue(i + j)
		case minus:
			return state.IntValue(i - j)
		case times:
			return state.IntValue(i * j)
		case whole != nil:
			return whole(f, i, j)
		}
		p, xOK := x.Float()
		q, yOK := y.Float()
		if xOK && yOK && broken != nil {
			return state.FloatValue(broken(p, q))
		}
		if operator == "+" && x.Kind() == state.Text && y.Kind() == state.Text {
			if len(x.Text())+len(y.Text()) > maxText {
				return f.fail("%w", errText)
			}
			return state.TextValue(x.Text() + y.Text())
		}
		if m, n, written := counted(x, y); written {
			return arithmetic(operator, func(*Frame) Value { return m }, func(*Frame) Value { return n }, a, b)(f)
		}
		switch {
		case f.err != nil:
			return Value{}
		case !xOK:
			return notNumber(f, x, a)
		case !yOK:
			return notNumber(f, y, b)
		default:
			return f.fail("%s %s %s: want whole numbers, have %s and %s", a, operator, b, shown(x), shown(y))
		}
	}
}

// operations are what an operator does to whole numbers, where that is more than arithmetic does at once, and to others;
// nil where it does nothing to them.
func operations(operator string) (whole func(f *Frame, i, j int64) Value, broken func(p, q float64) float64) {
	switch operator {
	case "+":
		return nil, func(p, q float64) float64 { return p + q }
	case "-":
		return nil, func(p, q float64) float64 { return p - q }
	case "*":
		return nil, func(p, q float64) float64 { return p * q }
	case "/":
		return nil, func(p, q float64) float64 { return p / q }
	case "%":
		return func(f *Frame, i, j int64) Value {
			if j == 0 {
				return f.fail("cannot divide by zero")
			}
			return state.IntValue(i % j)
		}, nil
	default:
		return nil, math.Pow
	}
}

func negation(text string, x eval) eval {
	return func(f *Frame) Value {
		v, _ := counts(x(f))
		if i, ok := v.Int(); ok {
			return state.IntValue(-i)
		}
		if p, ok := v.Float(); ok {
			return state.FloatValue(-p)
		}
		return notNumber(f, v, text)
	}
}

func notNumber(f *Frame, v Value, text string) Value {
	if v.Kind() == state.Absent {
		return f.missing(text)
	}
	return f.fail("%s: want a number, have %s", text, shown(v))
}

// within is whether a list holds a value, or an object a member.
func within(f *Frame, v, in Value, text string) bool {
	switch in.Kind() {
	case state.Absent:
		return false
	case state.Tree:
		_, have := in.Tree()[v.Text()]
		if nameLike(v) {
			return have
		}
		f.fail("%s: names of members are texts, %s is not", text, shown(v))
		return false
	case state.List:
		return slices.ContainsFunc(in.List(), func(x Value) bool { return equal(x, v) })
	case state.JSON:
		return withinJSON(f, v, in, text)
	}
	f.fail("%s: want a list or an object, have %s", text, shown(in))
	return false
}

// nameLike tells whether v can be asked for as a name; what is absent is asked for as "".
func nameLike(v Value) bool { return v.Kind() == state.Text || v.Kind() == state.Absent }

func withinJSON(f *Frame, v, in Value, text string) bool {
	found := false
	if in.Text()[0] == '[' {
		eachElement(in.Text(), func(value string) bool {
			found = equal(FromJSON(value), v)
			return !found
		})
		return found
	}
	if !nameLike(v) {
		f.fail("%s: names of members are texts, %s is not", text, shown(v))
		return false
	}
	eachMember(in.Text(), func(name, _ string) bool {
		found = name == v.Text()
		return !found
	})
	return found
}

// shown is a value in an error, cut when it is long.
func shown(v Value) string {
	const most = 60
	s := string(v.AppendJSON(nil))
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}

package expression

import (
	"reflect"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm/runtime"

	"signalbox/sources/state"
)

// counted are two values with the numbers that texts hold in place of those; written tells whether there are such texts, and
// both can be computed with then. Fields that know only texts, such as those of a Redis stream, count as what they hold.
func counted(x, y Value) (m, n Value, written bool) {
	m, first := counts(x)
	n, second := counts(y)
	_, mOK := m.Float()
	_, nOK := n.Float()
	return m, n, (first || second) && mOK && nOK
}

// counts is the number that a text holds, or else the value as it is.
func counts(v Value) (Value, bool) {
	if v.Kind() == state.Text {
		if n, ok := inText(v); ok {
			return n, true
		}
	}
	return v, false
}

// The operators of arithmetic on expr's interpreter: functions by these names stand for them where the types of both sides
// are not known before. Nobody can write them.
const (
	countsPrefix = "\x00counts"
	negationName = "\x00negation"
	numbersName  = "\x00numbers"
)

// numeric are the functions of expr that take numbers, or lists of them.
var numeric = map[string]bool{
	"abs": true, "ceil": true, "floor": true, "round": true, "max": true, "min": true, "sum": true, "mean": true, "median": true,
}

// calculated are the operators of numbers alone, on expr's interpreter.
var calculated = map[string]func(a, b any) any{
	"-":  runtime.Subtract,
	"*":  runtime.Multiply,
	"/":  func(a, b any) any { return runtime.Divide(a, b) },
	"%":  func(a, b any) any { return runtime.Modulo(a, b) },
	"**": func(a, b any) any { return runtime.Exponent(a, b) },
}

// countingOptions are what expr is told of those functions.
func countingOptions() []expr.Option {
	options := []expr.Option{
		expr.Function(negationName, func(args ...any) (any, error) { return runtime.Negate(countsAny(args[0])), nil }, new(func(any) any)),
		expr.Function(numbersName, func(args ...any) (any, error) { return numbersAny(args[0]) }, new(func(any) any)),
	}
	for operator, calculate := range calculated {
		options = append(options, expr.Function(countsPrefix+operator, func(args ...any) (any, error) {
			return calculate(countsAny(args[0]), countsAny(args[1])), nil
		}, new(func(any, any) any)))
	}
	return options
}

// countsAny is counts for the values of expr's interpreter.
func countsAny(x any) any {
	if _, text := x.(string); text {
		if n, ok := counts(FromAny(x)); ok {
			return Any(n)
		}
	}
	return x
}

// numbersAny are the numbers in place of the texts that hold them, also in a list. What is absent is no number.
func numbersAny(x any) (any, error) {
	list, ok := x.([]any)
	if !ok {
		if x == nil {
			return nil, absent("a number")
		}
		return countsAny(x), nil
	}
	counted := make([]any, len(list))
	for i := range list {
		counted[i] = countsAny(list[i])
	}
	return counted, nil
}

// calculations makes the operators and functions of numbers take texts that hold numbers, too.
type calculations struct{}

// Visit implements ast.Visitor.
func (calculations) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.BinaryNode:
		if calculated[n.Operator] != nil && (!isKnown(n.Left) || !isKnown(n.Right)) {
			ast.Patch(node, called(countsPrefix+n.Operator, n.Left, n.Right))
		}
	case *ast.UnaryNode:
		if n.Operator == "-" && !isKnown(n.Node) {
			ast.Patch(node, called(negationName, n.Node))
		}
	case *ast.BuiltinNode:
		for i := range n.Arguments {
			if !numeric[n.Name] {
				break
			}
			of := &n.Arguments[i]
			if each, ok := (*of).(*ast.PredicateNode); ok {
				of = &each.Node
			}
			if !isKnown(*of) || (*of).Type().Kind() == reflect.Slice {
				*of = called(numbersName, *of)
			}
		}
	}
}

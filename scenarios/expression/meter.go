package expression

import (
	"fmt"
	"math/bits"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/vm/runtime"
)

// meter counts the steps of one computation on expr's interpreter, which does not count them itself.
type meter struct {
	left     int
	matching matching
	pattern  *pattern // that was asked for last, of that text
	text     string
}

// charge takes a step for a value that was made, and more for one that is large.
func (m *meter) charge(v any) error {
	m.left--
	return m.weigh(v)
}

// weigh takes steps for a value that is gone through, none where it is small.
func (m *meter) weigh(v any) error { return m.spend(m.weight(v) / 8) }

// spend takes steps.
func (m *meter) spend(steps int) error {
	if m.left -= steps; m.left < 0 {
		return errSteps
	}
	return nil
}

// compare takes steps for comparing two values, which goes through both as far as the shorter one goes.
func (m *meter) compare(a, b any) error {
	s, first := a.(string)
	t, second := b.(string)
	switch {
	case first && second:
		return m.weigh(s[:min(len(s), len(t))])
	case first || second || !isLarge(a) || !isLarge(b):
		return nil
	}
	return m.weigh(a)
}

// search takes steps for looking for a value in a list.
func (m *meter) search(v, in any) error {
	if list := reflect.ValueOf(in); list.Kind() != reflect.Slice {
		return nil // the members of an object are found at once
	} else if !isLarge(v) {
		return m.spend(list.Len() / 8)
	}
	return m.weigh(in)
}

// convert takes steps for making a text or a number of a value.
func (m *meter) convert(v any) error {
	s, isText := v.(string)
	switch {
	case isText:
		return m.spend(len(s) / 64)
	case isLarge(v):
		return m.spend(letters(v)/16 + m.weight(v)/8)
	}
	return nil
}

// isLarge tells whether a value has parts.
func isLarge(v any) bool {
	switch v.(type) {
	case []any, map[string]any:
		return true
	case nil, bool, int, float64, string:
		return false
	}
	kind := reflect.ValueOf(v).Kind()
	return kind == reflect.Slice || kind == reflect.Map
}

// slow is how much more it takes to go through the members of an object than through a list.
const slow = 4

// weight is how many values lie in a value, long texts counting more. It stops soon behind what is left: a list that
// holds another twice, which holds another twice, soon has more than can be counted.
func (m *meter) weight(v any) int {
	sum, most := 0, (m.left+1)*8
	switch v := v.(type) {
	case nil, bool, int, float64:
	case string:
		sum = len(v) / 64
	case []any:
		for i := 0; i < len(v) && sum <= most; i++ {
			sum += 1 + m.weight(v[i])
		}
	case map[string]any:
		for _, x := range v {
			if sum += slow + m.weight(x); sum > most {
				break
			}
		}
	default:
		if list := reflect.ValueOf(v); list.Kind() == reflect.Slice || list.Kind() == reflect.Map {
			sum = list.Len()
			if list.Kind() == reflect.Map { // what groupBy makes
				for _, key := range list.MapKeys() {
					sum += m.weight(list.MapIndex(key).Interface())
				}
			}
		}
	}
	return sum
}

// The functions by which metering replaces parts of a tree. Nobody can write their names.
const (
	stepName    = "\x00step"
	weighName   = "\x00weigh"
	plusName    = "\x00plus"
	matchesName = "\x00matches"
	boundedMark = "\x00bounded "
)

// metering has each round of a loop, each value that is given a name and each list that is gone through counted, and
// bounds what makes large values of small ones.
type metering struct{}

// Visit implements ast.Visitor.
func (metering) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.PredicateNode:
		n.Node = called(stepName, n.Node)
	case *ast.VariableDeclaratorNode:
		n.Value = called(stepName, n.Value)
	case *ast.BinaryNode:
		switch {
		case n.Operator == "matches":
			ast.Patch(node, called(matchesName, n.Left, n.Right))
		case n.Operator == "contains":
			n.Left = called(weighName, n.Left)
		case n.Operator == "startsWith" || n.Operator == "endsWith":
			n.Right = called(weighName, n.Right)
		case n.Operator == "+" && (!isKnown(n.Left) || !isKnown(n.Right) || n.Left.Type().Kind() == reflect.String):
			ast.Patch(node, called(plusName, n.Left, n.Right))
		}
	case *ast.BuiltinNode:
		if len(n.Arguments) > 0 {
			n.Arguments[0] = called(stepName, n.Arguments[0])
		}
		if bounds[n.Name] != nil {
			ast.Patch(node, called(boundedMark+n.Name, n.Arguments...))
		}
	}
}

func called(name string, arguments ...ast.Node) ast.Node {
	return &ast.CallNode{Callee: &ast.IdentifierNode{Value: name}, Arguments: arguments}
}

// bounds are functions of expr whose result may be much larger than what they are given, or takes much longer: they say
// how many bytes or steps it will come to.
var bounds = map[string]func(args []any) (bytes, steps int){
	"repeat": func(args []any) (int, int) { return product(len(text0(args, 0)), runtime.ToInt(args[1])), 0 },
	"replace": func(args []any) (int, int) {
		s, old, by := text0(args, 0), text0(args, 1), text0(args, 2)
		return len(s) + product(strings.Count(s, old), len(by)), 0
	},
	"join": func(args []any) (int, int) {
		glue, sum := 0, 0
		if len(args) == 2 {
			glue = len(text0(args, 1))
		}
		switch list := args[0].(type) {
		case []any:
			for i := range list {
				s, _ := list[i].(string)
				sum += len(s) + glue
			}
		case []string:
			for _, s := range list {
				sum += len(s) + glue
			}
		}
		return sum, 0
	},
	"uniq": func(args []any) (int, int) {
		list := reflect.ValueOf(args[0])
		if list.Kind() != reflect.Slice {
			return 0, 0
		}
		return 0, product(list.Len(), list.Len()) / 16
	},
	"sort":       sorting,
	"split":      pieces,
	"splitAfter": pieces,
	"toJSON":     written,
	"toBase64":   written,
	"concat":     nothing,
	"flatten":    nothing,
}

// written says what a value comes to as a text, which takes longer than going through it.
func written(args []any) (bytes, steps int) {
	n := letters(args[0])
	return n, n / 64
}

// sorting says how many comparisons a list takes.
func sorting(args []any) (bytes, steps int) {
	list := reflect.ValueOf(args[0])
	if list.Kind() != reflect.Slice {
		return 0, 0
	}
	return 0, list.Len() * bits.Len(uint(list.Len())) / 16
}

// nothing says that what a function makes is as large as what it is given, which is charged.
func nothing([]any) (bytes, steps int) { return 0, 0 }

// letters are how many bytes the texts of a value have, up to a little more than any bound.
func letters(v any) int {
	sum := 0
	switch v := v.(type) {
	case string:
		sum = len(v)
	case []any:
		for i := 0; i < len(v) && sum <= maxText; i++ {
			sum += 1 + letters(v[i])
		}
	case map[string]any:
		for name, x := range v {
			if sum += 1 + len(name) + letters(x); sum > maxText {
				break
			}
		}
	}
	return sum
}

func pieces(args []any) (bytes, steps int) {
	s, by := text0(args, 0), text0(args, 1)
	if by == "" {
		return 0, utf8.RuneCountInString(s)
	}
	return 0, strings.Count(s, by)
}

// text0 is an argument that is a text, or ""; the function itself says what is wrong with another.
func text0(args []any, i int) string {
	if i >= len(args) {
		return ""
	}
	s, _ := args[i].(string)
	return s
}

// product is at most a little more than any bound.
func product(a, b int) int {
	const most = 1 << 40
	if a > 0 && b > most/a {
		return most
	}
	return a * b
}

// meteredOptions are what expr is told of the functions that metering calls.
func (m *meter) meteredOptions() []expr.Option {
	options := []expr.Option{
		expr.Function(stepName, func(args ...any) (any, error) { return args[0], m.charge(args[0]) }, new(func(any) any)),
		expr.Function(weighName, func(args ...any) (any, error) { return args[0], m.weigh(args[0]) }, new(func(any) any)),
		expr.Function(plusName, func(args ...any) (any, error) { return m.plus(args[0], args[1]) }, new(func(any, any) any)),
		expr.Function(matchesName, m.matches, new(func(any, any) bool)),
	}
	for name, bound := range bounds {
		own := builtin.Builtins[builtin.Index[name]]
		options = append(options, expr.Function(boundedMark+name, func(args ...any) (any, error) {
			for i := 1; i < len(args); i++ {
				if err := m.charge(args[i]); err != nil {
					return nil, err
				}
			}
			bytes, steps := bound(args)
			if m.left -= steps; m.left < 0 {
				return nil, errSteps
			}
			if bytes > maxText {
				return nil, errText
			}
			if own.Safe != nil {
				result, _, err := own.Safe(args...)
				return result, err
			}
			return own.Func(args...)
		}, new(func(...any) any)))
	}
	return options
}

// plus is + of expr's interpreter, within the bounds.
func (m *meter) plus(a, b any) (any, error) {
	s, first := a.(string)
	t, second := b.(string)
	if first && second {
		if len(s)+len(t) > maxText {
			return nil, errText
		}
		if err := m.spend((len(s) + len(t)) / 512); err != nil {
			return nil, err
		}
	}
	if first != second { // a number, and a text that may hold one
		a, b = countsAny(a), countsAny(b)
	}
	return runtime.Add(a, b), nil
}

// matches is the operator of expr's interpreter, within the bounds.
func (m *meter) matches(args ...any) (any, error) {
	s, isText := args[0].(string)
	if !isText || args[1] == nil {
		if args[0] == nil || args[1] == nil {
			return false, nil
		}
		return nil, fmt.Errorf("matches: want a text, have %s", shown(FromAny(args[0])))
	}
	of, isText := args[1].(string)
	if !isText {
		return nil, fmt.Errorf("matches: want a regular expression in a text, have %s", shown(FromAny(args[1])))
	}
	if m.pattern == nil || m.text != of {
		p, err := newPattern(of)
		if err == nil {
			err = m.matching.takes(compiling, p)
		}
		if err != nil {
			return nil, err
		}
		m.pattern, m.text = p, strings.Clone(of)
	}
	return m.pattern.matches(s, &m.matching)
}

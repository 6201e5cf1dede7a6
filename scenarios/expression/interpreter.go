package expression

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"
	"github.com/expr-lang/expr/vm/runtime"

	"signalbox/sources/state"
)

// fetchName is the function that stands for member access on expr's interpreter. Nobody can write it.
const fetchName = "\x00fetch"

// interpreterOptions are what expr is told of a scope.
func interpreterOptions(env types.Map, m *meter) []expr.Option {
	options := []expr.Option{
		expr.Env(env),
		expr.Function(fetchName, func(args ...any) (any, error) { return fetchAny(args[0], args[1]), nil }, new(func(any, any) any)),
	}
	for operator, compare := range loose {
		options = append(options, expr.Function(comparesPrefix+operator, func(args ...any) (any, error) {
			if err := m.compare(args[0], args[1]); err != nil {
				return nil, err
			}
			a, b := alikeAny(args[0], args[1])
			if x, y, written := asWritten(a, b); written {
				return compareWritten(operator, x, y)
			}
			return compare(a, b), nil
		}, new(func(any, any) bool)))
	}
	options = append(options, expr.Function(comparesPrefix+"in", func(args ...any) (any, error) {
		if err := m.search(args[0], args[1]); err != nil {
			return nil, err
		}
		return looselyIn(args[0], args[1])
	}, new(func(any, any) bool)))
	for name, convert := range own {
		options = append(options, expr.DisableBuiltin(name), expr.Function(name, func(args ...any) (any, error) {
			if err := m.convert(args[0]); err != nil {
				return nil, err
			}
			result, problem := convert(FromAny(args[0]))
			if problem != "" {
				return nil, fmt.Errorf("%s: %s, have %s", name, problem, shown(FromAny(args[0])))
			}
			return Any(result), nil
		}, new(func(any) any)))
	}
	options = append(options, countingOptions()...)
	return append(options, m.meteredOptions()...)
}

// interpreter compiles a tree for expr's interpreter.
func (s *Scope) interpreter(tree *parser.Tree) (eval, error) {
	used := &usedNames{scope: s, seen: map[string]bool{}}
	ast.Walk(&tree.Node, used)
	if used.environment {
		return nil, errors.New("$env cannot be used here; write the name itself")
	}
	ast.Walk(&tree.Node, comparisons{})
	ast.Walk(&tree.Node, calculations{})
	ast.Walk(&tree.Node, metering{})
	ast.Walk(&tree.Node, fetches{})
	config := s.config()
	if _, err := new(checker.Checker).Check(tree, config); err != nil {
		return nil, err
	}
	program, err := compiler.Compile(tree, config)
	if err != nil {
		return nil, err
	}
	var interpreter vm.VM
	return func(f *Frame) Value {
		env := make(map[string]any, len(used.seen))
		for name := range used.seen {
			env[name] = Any(s.names[name].Value(f))
		}
		if f.err != nil {
			return Value{}
		}
		s.meter.left, s.meter.matching = maxSteps, 0
		out, err := interpreter.Run(program, env)
		if err == nil {
			err = s.meter.charge(out)
		}
		switch tooMuch := tooMuch(err); {
		case err == nil:
			return FromAny(out)
		case tooMuch != nil:
			return f.fail("%w", tooMuch)
		}
		message := messageOf(err)
		if strings.Contains(message, "nil") || strings.Contains(message, "zero Value") || IsMissing(err) { // which what is absent is there
			return f.fail("%w", withoutValueError(message))
		}
		return f.fail("%s", message)
	}, nil
}

// messageOf is what expr's interpreter says went wrong, without the picture of where.
func messageOf(err error) string {
	var at *file.Error
	if errors.As(err, &at) {
		return at.Message
	}
	return err.Error()
}

// usedNames finds which names of a scope a tree uses.
type usedNames struct {
	scope       *Scope
	seen        map[string]bool
	environment bool
}

// Visit implements ast.Visitor.
func (n *usedNames) Visit(node *ast.Node) {
	if id, ok := (*node).(*ast.IdentifierNode); ok {
		if n.scope.Has(id.Value) {
			n.seen[id.Value] = true
		}
		n.environment = n.environment || id.Value == "$env"
	}
}

// fetches replaces member access by calls of fetchAny.
type fetches struct{}

// Visit implements ast.Visitor.
func (fetches) Visit(node *ast.Node) {
	if n, ok := (*node).(*ast.MemberNode); ok && !n.Method {
		ast.Patch(node, &ast.CallNode{
			Callee:    &ast.IdentifierNode{Value: fetchName},
			Arguments: []ast.Node{n.Node, n.Property},
		})
	}
}

// comparisons replaces the operators that compare by functions that compare numbers with texts, too.
type comparisons struct{}

// Visit implements ast.Visitor.
func (comparisons) Visit(node *ast.Node) {
	n, ok := (*node).(*ast.BinaryNode)
	if !ok || n.Operator != "in" && loose[n.Operator] == nil || isKnown(n.Left) && isKnown(n.Right) {
		return
	}
	ast.Patch(node, &ast.CallNode{
		Callee:    &ast.IdentifierNode{Value: comparesPrefix + n.Operator},
		Arguments: []ast.Node{n.Left, n.Right},
	})
}

// isKnown tells whether the checker knows the type of a node.
func isKnown(node ast.Node) bool {
	t := node.Type()
	return t != nil && t.Kind() != reflect.Interface
}

// looselyIn is whether a list holds a value, or an object a member.
func looselyIn(v, in any) (any, error) {
	if number, ok := in.(Value); ok {
		return nil, fmt.Errorf("want a list or an object, have %s", shown(number))
	}
	list := reflect.ValueOf(in)
	if scalar(v).Kind() == state.Absent || list.Kind() != reflect.Slice {
		return runtime.In(v, in), nil
	}
	for i := range list.Len() {
		a, b := alikeAny(v, list.Index(i).Interface())
		if x, y, written := asWritten(a, b); written && equal(x, y) || !written && runtime.Equal(a, b) {
			return true, nil
		}
	}
	return false, nil
}

// fetchAny is fetch for the values of expr's interpreter.
func fetchAny(base, property any) (found any) {
	switch b := base.(type) {
	case nil:
		return nil
	case map[string]any:
		if name, ok := property.(string); ok {
			return b[name]
		}
		return nil
	case string:
		return nil
	}
	defer func() {
		if recover() != nil { // an index beyond the end, a name that is none
			found = nil
		}
	}()
	if _, ok := property.(float64); ok {
		return nil
	}
	return runtime.Fetch(base, property)
}

package expression

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// Condition compiles an expression that comes to true or false, and finds out what a payload must hold for it to be
// true, so that May can tell in a moment for most that do not.
func (s *Scope) Condition(text string) (Expression, error) {
	x, err := s.Compile(text)
	if err != nil {
		return x, err
	}
	if x.kind != nil && x.kind.Kind() != reflect.Bool && x.kind.Kind() != reflect.Interface {
		return Expression{}, &Error{Text: "want something that is true or false, such as data.quantity > 3"}
	}
	return x, nil
}

// Comparison is Condition for where nobody would hear of something that is neither true nor false: data.quantity alone is
// a mistake, data.quantity > 3 and not data.paid are none.
func (s *Scope) Comparison(text string) (Expression, error) {
	x, err := s.Condition(text)
	if err == nil && !x.question {
		bare := strings.TrimSpace(text)
		compared := bare
		if strings.ContainsRune(bare, ' ') {
			compared = "(" + bare + ")"
		}
		return Expression{}, &Error{Offset: strings.Index(text, bare), Text: fmt.Sprintf(
			"%s is a value, not a condition: compare it, as in %s > 3 or %s == true", bare, compared, compared)}
	}
	return x, err
}

// isQuestion tells whether a tree asks something: it compares, or uses what may be true or false as such. A name or a
// sum alone does not.
func isQuestion(node ast.Node) bool {
	if t := node.Type(); t != nil && t.Kind() != reflect.Interface {
		return t.Kind() == reflect.Bool
	}
	switch n := node.(type) {
	case *ast.BinaryNode:
		return n.Operator == "??" && isQuestion(n.Right)
	case *ast.ConditionalNode:
		return isQuestion(n.Exp1) || isQuestion(n.Exp2)
	case *ast.VariableDeclaratorNode:
		return isQuestion(n.Expr)
	case *ast.SequenceNode:
		return len(n.Nodes) > 0 && isQuestion(n.Nodes[len(n.Nodes)-1])
	case *ast.CallNode:
		callee, ok := n.Callee.(*ast.IdentifierNode)
		return !ok || own[callee.Value] == nil
	case *ast.BuiltinNode:
		return own[n.Name] == nil
	}
	return false
}

// IsTruth tells whether a name of the scope is true or false by itself.
func (s *Scope) IsTruth(name string) bool {
	known := s.names[name]
	return known.Type != nil && known.Type.Nature().Kind == reflect.Bool
}

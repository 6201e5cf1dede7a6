package file

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"signalbox/scenarios/expression"
)

// Text is a text of a file with its place.
type Text struct {
	Value string
	Node  ast.Node
}

// DecodeNode takes any scalar as the text it is written as: an expression may be just 1 or true.
func (t *Text) DecodeNode(node ast.Node) error {
	if _, null := node.(*ast.NullNode); null {
		return nil
	}
	s, ok := Scalar(node)
	if !ok {
		return At(node, "want a text, have %s%s", Written(node), inQuotes(node))
	}
	t.Value, t.Node = strings.TrimSuffix(s, "\n"), node
	return nil
}

// inQuotes says how an expression can begin with a bracket.
func inQuotes(node ast.Node) string {
	flow := false
	switch n := node.(type) {
	case *ast.MappingNode:
		flow = n.IsFlowStyle
	case *ast.SequenceNode:
		flow = n.IsFlowStyle
	}
	if flow {
		return "; an expression that begins with [ or { is written in quotes"
	}
	return ""
}

// Texts is a list of texts, or one alone.
type Texts []Text

// DecodeNode takes a text for a list of one.
func (l *Texts) DecodeNode(node ast.Node) error {
	if _, list := node.(*ast.SequenceNode); list {
		return Decode(node, (*[]Text)(l))
	}
	var one Text
	err := one.DecodeNode(node)
	if one.Node != nil {
		*l = Texts{one}
	}
	return err
}

// Values are the texts without their places.
func (l Texts) Values() []string {
	values := make([]string, len(l))
	for i := range l {
		values[i] = l[i].Value
	}
	return values
}

// Compile makes an expression of t; none when there is no text. Its errors point into the file.
func (t Text) Compile(scope *expression.Scope) (expression.Expression, error) {
	if t.Value == "" {
		return expression.Expression{}, nil
	}
	x, err := scope.Compile(t.Value)
	return x, placed(t.Node, err)
}

// Condition is Compile for what must come to true or false.
func (t Text) Condition(scope *expression.Scope) (expression.Expression, error) {
	if t.Value == "" {
		return expression.Expression{}, nil
	}
	x, err := scope.Condition(t.Value)
	return x, placed(t.Node, err)
}

// Comparison is Condition for where nobody would hear of something that is neither true nor false.
func (t Text) Comparison(scope *expression.Scope) (expression.Expression, error) {
	if t.Value == "" {
		return expression.Expression{}, nil
	}
	x, err := scope.Comparison(t.Value)
	return x, placed(t.Node, err)
}

// Template is Compile for a text in which {expression} stands for its value.
func (t Text) Template(scope *expression.Scope) (expression.Template, error) {
	x, err := scope.Template(t.Value)
	return x, placed(t.Node, err)
}

// placed says where in the file a mistake in the text of a node is.
func placed(node ast.Node, err error) error {
	var mistake *expression.Error
	if errors.As(err, &mistake) {
		return Within(node, mistake.Offset, "%v", mistake)
	}
	return err
}

// Within is errorAt for a place inside of a text.
func Within(node ast.Node, offset int, format string, args ...any) *Error {
	e := At(node, format, args...)
	if node == nil || e.Line == 0 {
		return e
	}
	switch n := node.(type) {
	case *ast.LiteralNode:
		before := n.Value.Value[:min(offset, len(n.Value.Value))]
		e.Line += 1 + strings.Count(before, "\n")
		indent := len(n.Value.GetToken().Origin) - len(strings.TrimLeft(n.Value.GetToken().Origin, " "))
		e.Column = indent + 1 + len(before) - (strings.LastIndexByte(before, '\n') + 1)
	default:
		t := node.GetToken()
		if strings.Contains(strings.TrimSpace(t.Origin), "\n") {
			break // written over several lines: where it begins must do
		}
		if t.Type == token.SingleQuoteType || t.Type == token.DoubleQuoteType {
			offset++
		}
		e.Column += offset
	}
	return e
}

// Int is a whole number of a file with its place; without one there is none.
type Int struct {
	Value int
	Node  ast.Node
}

// DecodeNode takes a whole number.
func (n *Int) DecodeNode(node ast.Node) error {
	if _, null := node.(*ast.NullNode); null {
		return nil
	}
	n.Node = node
	return Decode(node, &n.Value)
}

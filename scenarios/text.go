package scenarios

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"signalbox/scenarios/expression"
)

// text is a text of a file with its place.
type text struct {
	value string
	node  ast.Node
}

func (t *text) decodeNode(node ast.Node) error {
	if _, null := node.(*ast.NullNode); null {
		return nil
	}
	s, ok := scalarText(node)
	if !ok {
		return errorAt(node, "want a text, have %s", written(node))
	}
	t.value, t.node = strings.TrimSuffix(s, "\n"), node
	return nil
}

// compile makes an expression of t; none when there is no text. Its errors point into the file.
func (t text) compile(scope *expression.Scope) (expression.Expression, error) {
	if t.value == "" {
		return expression.Expression{}, nil
	}
	return compileAt(t.node, t.value, 0, scope)
}

// condition is compile for what must come to true or false.
func (t text) condition(scope *expression.Scope) (expression.Expression, error) {
	if t.value == "" {
		return expression.Expression{}, nil
	}
	x, err := scope.Condition(t.value)
	return x, placed(t.node, 0, err)
}

// template is compile for a text in which {expression} stands for its value.
func (t text) template(scope *expression.Scope) (expression.Template, error) {
	x, err := scope.Template(t.value)
	return x, placed(t.node, 0, err)
}

// compileAt compiles an expression that begins at an offset of the text of a node.
func compileAt(node ast.Node, source string, offset int, scope *expression.Scope) (expression.Expression, error) {
	x, err := scope.Compile(source)
	return x, placed(node, offset, err)
}

// placed says where in the file a mistake is, in a text that begins at an offset of that of a node.
func placed(node ast.Node, offset int, err error) error {
	var mistake *expression.Error
	if errors.As(err, &mistake) {
		return errorWithin(node, offset+mistake.Offset, "%v", mistake)
	}
	return err
}

// errorWithin is errorAt for a place inside of a text.
func errorWithin(node ast.Node, offset int, format string, args ...any) *FileError {
	e := errorAt(node, format, args...)
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

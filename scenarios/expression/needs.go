package expression

import (
	"bytes"
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

// IsTruth tells whether a name of the scope is true or false by itself.
func (s *Scope) IsTruth(name string) bool {
	known := s.names[name]
	return known.Type != nil && known.Type.Nature().Kind == reflect.Bool
}

// May tells whether x can be true of a payload, by a glance at its bytes.
func (x *Expression) May(payload []byte) bool {
	for _, need := range x.needs {
		if !bytes.Contains(payload, need) && !bytes.Contains(payload, escape) {
			return false
		}
	}
	return true
}

// escape begins what may stand for any letter in JSON.
var escape = []byte(`\u`)

// needs are texts that a payload must hold for a condition to be true: names that it asks data for, and texts that it
// wants there.
func needs(node ast.Node) [][]byte {
	n, ok := node.(*ast.BinaryNode)
	if !ok {
		return nil
	}
	switch n.Operator {
	case "&&", "and":
		return append(needs(n.Left), needs(n.Right)...)
	case "==":
		left, right := n.Left, n.Right
		if _, text := left.(*ast.StringNode); text {
			left, right = right, left
		}
		text, ok := right.(*ast.StringNode)
		if name := dataMember(left); ok && name != "" {
			return plainNeeds(name, text.Value)
		}
	case "<", "<=", ">", ">=", "contains", "startsWith", "endsWith", "matches":
		return append(plainNeeds(dataMember(n.Left)), plainNeeds(dataMember(n.Right))...)
	}
	return nil
}

// plainNeeds keeps the texts that stand in JSON as they are, unless written with \u.
func plainNeeds(texts ...string) [][]byte {
	var needs [][]byte
	for _, text := range texts {
		plain := strings.IndexFunc(text, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' || r == '/' }) < 0
		if text != "" && plain {
			needs = append(needs, []byte(text))
		}
	}
	return needs
}

// dataMember is the last name of a path below data, or "".
func dataMember(node ast.Node) string {
	if chain, ok := node.(*ast.ChainNode); ok {
		node = chain.Node
	}
	member, ok := node.(*ast.MemberNode)
	if !ok {
		return ""
	}
	name, ok := member.Property.(*ast.StringNode)
	if !ok {
		return ""
	}
	for base := member.Node; ; {
		switch b := base.(type) {
		case *ast.MemberNode:
			base = b.Node
		case *ast.ChainNode:
			base = b.Node
		case *ast.IdentifierNode:
			if b.Value == "data" {
				return name.Value
			}
			return ""
		default:
			return ""
		}
	}
}

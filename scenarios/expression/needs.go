package expression

import (
	"bytes"
	"strings"

	"github.com/expr-lang/expr/ast"

	"signalbox/sources/state"
)

// May tells whether x can be true of a payload, or come to anything, by a glance at its bytes.
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
		return plainNeeds(dataMember(node))
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
		switch name := dataMember(left); {
		case !ok || name == "":
		case holdsNumber(state.TextValue(text.Value)): // a number may be written in many ways
			return plainNeeds(name)
		default:
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

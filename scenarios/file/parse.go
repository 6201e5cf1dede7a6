package file

import (
	"bytes"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
)

// Parse parses the only document of a file; nil when the file is empty. A file that would take long is refused; see bounds.go.
func Parse(text []byte) (root ast.Node, err error) {
	defer func() {
		if r := recover(); r != nil { // the parser's mistake, not the program's: the file is refused
			root, err = nil, AtStart("the file cannot be read as YAML (the parser broke: %v)", r)
		}
	}()
	if err := checkSize(text); err != nil {
		return nil, err
	}
	tokens := lexer.Tokenize(string(bytes.TrimPrefix(text, []byte("\ufeff")))) // a mark that some editors put first
	if err := checkTokens(tokens); err != nil {
		return nil, err
	}
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	switch {
	case err != nil:
		return nil, yamlError(err)
	case len(tree.Docs) > 1:
		return nil, At(tree.Docs[1], "want one document in a file, have %d", len(tree.Docs))
	case len(tree.Docs) == 0 || tree.Docs[0].Body == nil:
		return nil, nil
	}
	ast.Walk(&aliases{nodes: map[string]ast.Node{}}, tree.Docs[0].Body)
	return tree.Docs[0].Body, checkNodes(tree.Docs[0].Body)
}

// aliases puts in the place of each alias what it is an alias of.
type aliases struct{ nodes map[string]ast.Node }

// Visit implements ast.Visitor. It does not go into what it puts in the place of an alias: an anchor that holds itself
// would have no end.
func (a *aliases) Visit(node ast.Node) ast.Visitor {
	switch n := node.(type) {
	case *ast.AnchorNode:
		ast.Walk(a, n.Value)
		a.nodes[n.Name.String()] = n.Value
	case *ast.MappingValueNode:
		n.Value = a.meant(n.Value)
	case *ast.SequenceNode:
		for i := range n.Values {
			n.Values[i] = a.meant(n.Values[i])
		}
	default:
		return a
	}
	return nil
}

// meant is what an alias stands for; any other node is walked.
func (a *aliases) meant(node ast.Node) ast.Node {
	if alias, ok := node.(*ast.AliasNode); ok {
		if meant := a.nodes[alias.Value.String()]; meant != nil {
			return meant
		}
		return node
	}
	ast.Walk(a, node)
	return node
}

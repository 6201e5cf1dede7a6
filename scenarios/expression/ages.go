package expression

import "github.com/expr-lang/expr/ast"

// ages tells whether a tree has a name, or asks for the time, so that it comes to something else as time goes by.
func (s *Scope) ages(tree *ast.Node) bool {
	v := &aging{scope: s}
	ast.Walk(tree, v)
	return v.found
}

type aging struct {
	scope *Scope
	found bool
}

// Visit implements ast.Visitor.
func (v *aging) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		v.found = v.found || v.scope.names[n.Value].Ages
	case *ast.BuiltinNode:
		v.found = v.found || n.Name == "now"
	}
}

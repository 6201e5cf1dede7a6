package expression

import (
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
)

// trial calls the functions of a scope whose arguments are written out, so that what is wrong with them is known before anything is
// computed.
type trial struct {
	functions map[string]Function
	wrong     error
}

// Visit implements ast.Visitor.
func (t *trial) Visit(node *ast.Node) {
	call, ok := (*node).(*ast.CallNode)
	if !ok || t.wrong != nil {
		return
	}
	callee, ok := call.Callee.(*ast.IdentifierNode)
	if !ok || t.functions[callee.Value] == nil {
		return
	}
	args := make([]any, len(call.Arguments))
	for i, argument := range call.Arguments {
		v, ok := constant(argument)
		if !ok {
			return
		}
		args[i] = Any(v)
	}
	if _, err := t.functions[callee.Value](args...); err != nil {
		t.wrong = &file.Error{Location: call.Location(), Message: err.Error(), Prev: err}
	}
}

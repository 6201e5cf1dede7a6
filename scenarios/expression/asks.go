package expression

import (
	"slices"

	"github.com/expr-lang/expr/ast"
)

// asks tells whether a tree has a name, or asks for the time, so that it comes to something else as time goes by; and
// whether it has one that is about states.
func (s *Scope) asks(tree *ast.Node) (ages, states bool) {
	v := &asking{scope: s}
	ast.Walk(tree, v)
	return v.ages, v.states
}

type asking struct {
	scope        *Scope
	ages, states bool
}

// Visit implements ast.Visitor.
func (v *asking) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		known := v.scope.names[n.Value]
		v.ages, v.states = v.ages || known.Ages, v.states || known.States
	case *ast.BuiltinNode:
		v.ages = v.ages || n.Name == "now"
	}
}

// Members are what x asks a name for, as in state.budget, where it asks for nothing else, nor for all of it, nor for the time.
func (x *Expression) Members(name string) (members []string, alone bool) {
	if x.ages {
		return nil, false
	}
	for _, use := range Read(x.text).Uses {
		if use.Path[0] != name || len(use.Path) == 1 {
			return nil, false
		}
		members = append(members, use.Path[1])
	}
	return members, true
}

// AsksOnly tells whether x asks for nothing but what some names tell, nor for the time.
func (x *Expression) AsksOnly(names ...string) bool {
	return !x.ages && !slices.ContainsFunc(Read(x.text).Uses, func(u Use) bool { return !slices.Contains(names, u.Path[0]) })
}

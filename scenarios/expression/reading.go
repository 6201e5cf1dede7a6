package expression

import (
	"slices"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
)

// Reading is what an expression or a template says, for those who look for mistakes that only its surroundings tell.
type Reading struct {
	Uses        []Use
	Comparisons []Comparison
	Both        []Comparison // those by == which must all hold for the whole to be true
	Fixed       bool         // it uses no name and calls nothing: it always comes to the same
}

// Use is a name that is used, with what is asked for below it: state.items is [state items].
type Use struct {
	Path   []string
	Offset int // bytes into the text
}

// Comparison is a name, or what is below it, that is compared with a text by ==, != or in.
type Comparison struct {
	Path   []string
	Text   string
	Offset int // of the text
}

// Read reads an expression; one that cannot be parsed says nothing.
func Read(text string) Reading {
	source, spans := seconds(text)
	tree, err := Parse(source)
	if err != nil {
		return Reading{}
	}
	r := &reader{offset: func(from int) int {
		bytes := 0
		for range min(from, utf8.RuneCountInString(source)) {
			_, size := utf8.DecodeRuneInString(source[bytes:])
			bytes += size
		}
		return min(original(spans, bytes), len(text))
	}}
	r.Fixed = true
	ast.Walk(&tree.Node, r)
	r.both(tree.Node)
	return r.Reading
}

// ReadTemplate reads the expressions of a template.
func ReadTemplate(text string) Reading {
	all := Reading{Fixed: true}
	for i := 0; i < len(text); i++ {
		switch {
		case i+1 < len(text) && (text[i] == '{' || text[i] == '}') && text[i+1] == text[i]:
			i++
		case text[i] == '{':
			end := closing(text, i)
			if end < 0 {
				return all
			}
			part := Read(text[i+1 : end])
			for _, use := range part.Uses {
				all.Uses = append(all.Uses, Use{use.Path, use.Offset + i + 1})
			}
			all.Fixed = all.Fixed && part.Fixed
			i = end
		}
	}
	return all
}

// TextsOf are the texts, written as such, that an expression may come to; only tells whether it comes to nothing else.
func TextsOf(text string) (texts []string, only bool) {
	tree, err := Parse(text)
	if err != nil {
		return nil, false
	}
	return textsOf(tree.Node)
}

func textsOf(node ast.Node) (texts []string, only bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return []string{n.Value}, true
	case *ast.ConditionalNode:
		yes, first := textsOf(n.Exp1)
		no, second := textsOf(n.Exp2)
		return append(yes, no...), first && second
	}
	return nil, false
}

// reader walks through a tree.
type reader struct {
	Reading
	offset func(from int) int
}

// Visit implements ast.Visitor; it is called for what is below a node first.
func (r *reader) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode, *ast.MemberNode:
		r.use(n)
	case *ast.CallNode:
		r.Fixed = false
	case *ast.BinaryNode:
		r.Comparisons = append(r.Comparisons, r.compared(n)...)
	}
}

// use adds a path, in the place of the shorter one that it goes on from.
func (r *reader) use(node ast.Node) {
	path := pathOf(node)
	if path == nil {
		return
	}
	r.Fixed = false
	use := Use{path, r.offset(first(node))}
	if n := len(r.Uses) - 1; n >= 0 && r.Uses[n].Offset == use.Offset && len(path) > len(r.Uses[n].Path) {
		r.Uses[n] = use
		return
	}
	r.Uses = append(r.Uses, use)
}

// first is where a path begins.
func first(node ast.Node) int {
	if member, ok := node.(*ast.MemberNode); ok {
		return first(member.Node)
	}
	if chain, ok := node.(*ast.ChainNode); ok {
		return first(chain.Node)
	}
	return node.Location().From
}

// pathOf is a name with the names below it; nil for anything else.
func pathOf(node ast.Node) []string {
	switch n := node.(type) {
	case *ast.IdentifierNode:
		return []string{n.Value}
	case *ast.ChainNode:
		return pathOf(n.Node)
	case *ast.MemberNode:
		name, ok := n.Property.(*ast.StringNode)
		if base := pathOf(n.Node); ok && base != nil {
			return append(slices.Clone(base), name.Value)
		}
	}
	return nil
}

// compared are the comparisons that an operator makes.
func (r *reader) compared(n *ast.BinaryNode) []Comparison {
	left, right := n.Left, n.Right
	if _, text := left.(*ast.StringNode); text {
		left, right = right, left
	}
	path := pathOf(left)
	if path == nil {
		return nil
	}
	texts := []ast.Node{right}
	if list, ok := right.(*ast.ArrayNode); ok && n.Operator == "in" {
		texts = list.Nodes
	} else if n.Operator != "==" && n.Operator != "!=" {
		return nil
	}
	var all []Comparison
	for _, node := range texts {
		if text, ok := node.(*ast.StringNode); ok {
			all = append(all, Comparison{path, text.Value, r.offset(text.Location().From)})
		}
	}
	return all
}

// both collects what a conjunction wants.
func (r *reader) both(node ast.Node) {
	n, ok := node.(*ast.BinaryNode)
	switch {
	case !ok:
	case n.Operator == "&&" || n.Operator == "and":
		r.both(n.Left)
		r.both(n.Right)
	case n.Operator == "==":
		r.Both = append(r.Both, r.compared(n)...)
	}
}

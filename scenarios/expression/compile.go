package expression

import (
	"strings"

	"github.com/expr-lang/expr/ast"

	"signalbox/sources/state"
)

// translator makes closures of a checked tree. It sets beyond when there is something in it that only expr's interpreter
// can do; what it made is then of no use.
type translator struct {
	scope  *Scope
	beyond bool
}

func (c *translator) value(node ast.Node) eval {
	if v, ok := constant(node); ok {
		return func(*Frame) Value { return v }
	}
	switch n := node.(type) {
	case *ast.IdentifierNode:
		if name, ok := c.scope.names[n.Value]; ok {
			return name.Value
		}
	case *ast.MemberNode:
		return c.member(n)
	case *ast.ChainNode:
		return c.value(n.Node)
	case *ast.UnaryNode:
		switch n.Operator {
		case "!", "not":
			return boxed(c.truth(n))
		case "-":
			return negation(n.Node.String(), c.value(n.Node))
		}
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		cond, yes, no := c.truth(n.Cond), c.value(n.Exp1), c.value(n.Exp2)
		return func(f *Frame) Value {
			switch ok := cond(f); {
			case f.err != nil:
				return Value{}
			case ok:
				return yes(f)
			default:
				return no(f)
			}
		}
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok && len(n.Arguments) == 1 {
			return c.call(callee.Value, n.Arguments[0])
		}
	case *ast.BuiltinNode:
		if len(n.Arguments) == 1 {
			return c.call(n.Name, n.Arguments[0])
		}
	}
	return c.cannot()
}

func (c *translator) cannot() eval {
	c.beyond = true
	return func(*Frame) Value { return Value{} }
}

// constant is the value of a literal.
func constant(node ast.Node) (Value, bool) {
	switch n := node.(type) {
	case *ast.NilNode:
		return Value{}, true
	case *ast.IntegerNode:
		return state.IntValue(int64(n.Value)), true
	case *ast.FloatNode:
		return state.FloatValue(n.Value), true
	case *ast.BoolNode:
		return state.BoolValue(n.Value), true
	case *ast.StringNode:
		return state.TextValue(n.Value), true
	}
	return Value{}, false
}

func (c *translator) member(n *ast.MemberNode) eval {
	if n.Method {
		return c.cannot()
	}
	name, named := n.Property.(*ast.StringNode)
	if id, ok := n.Node.(*ast.IdentifierNode); ok && named {
		if known := c.scope.names[id.Value]; known.Member != nil {
			return known.Member(name.Value)
		}
	}
	base := c.base(n.Node)
	if named {
		return func(f *Frame) Value {
			of := base(f)
			return f.entry(of, Member(of, name.Value))
		}
	}
	property := c.value(n.Property)
	return func(f *Frame) Value {
		of := base(f)
		return f.entry(of, fetch(of, property(f)))
	}
}

// base is what something is asked of that lies below it.
func (c *translator) base(node ast.Node) eval {
	if n, ok := node.(*ast.MemberNode); ok && !n.Method {
		name, named := n.Property.(*ast.StringNode)
		if id, ok := n.Node.(*ast.IdentifierNode); ok && named {
			if known := c.scope.names[id.Value]; known.Below != nil {
				return known.Below(name.Value)
			}
		}
	}
	return c.value(node)
}

// entry is what was found below a value. What an object that a fold builds lacks may be there in truth.
func (f *Frame) entry(of, found Value) Value {
	if f.Partial && found.Kind() == state.Absent && of.Kind() == state.Tree {
		f.Unknown = true
	}
	return found
}

// fetch is the member that a computed name or index leads to.
func fetch(v, property Value) Value {
	switch property.Kind() {
	case state.Text:
		return Member(v, property.Text())
	case state.Int:
		i, _ := property.Int()
		return element(v, i)
	}
	return Value{}
}

func (c *translator) binary(n *ast.BinaryNode) eval {
	switch n.Operator {
	case "+", "-", "*", "/", "%", "**", "^":
		return arithmetic(n.Operator, c.value(n.Left), c.value(n.Right), n.Left.String(), n.Right.String())
	case "??":
		left, right := c.value(n.Left), c.value(n.Right)
		return func(f *Frame) Value {
			if v := left(f); v.Kind() != state.Absent || f.err != nil {
				return v
			}
			return right(f)
		}
	case "&&", "and", "||", "or":
		return c.logic(n)
	case "==", "!=", "<", "<=", ">", ">=", "in", "contains", "startsWith", "endsWith", "matches":
		if t := c.question(n); t != nil {
			return boxed(t)
		}
	}
	return c.cannot()
}

// logic yields the right side as it is when the left does not decide.
func (c *translator) logic(n *ast.BinaryNode) eval {
	decides := n.Operator == "||" || n.Operator == "or"
	left, right := c.truth(n.Left), c.value(n.Right)
	return func(f *Frame) Value {
		if holds := left(f); holds == decides || f.err != nil {
			return state.BoolValue(holds)
		}
		return right(f)
	}
}

func boxed(t test) eval {
	return func(f *Frame) Value { return state.BoolValue(t(f)) }
}

// truth compiles what is asked for its truth.
func (c *translator) truth(node ast.Node) test {
	switch n := node.(type) {
	case *ast.UnaryNode:
		if n.Operator == "!" || n.Operator == "not" {
			inner := c.truth(n.Node)
			return func(f *Frame) bool { return !inner(f) }
		}
	case *ast.BinaryNode:
		if t := c.question(n); t != nil {
			return t
		}
	}
	return truthOf(node.String(), c.value(node))
}

// truthOf is a value that must be true or false.
func truthOf(text string, x eval) test {
	return func(f *Frame) bool {
		v := x(f)
		if v.Kind() != state.Bool && f.err == nil {
			if v.Kind() == state.Absent {
				f.missing(text)
			} else {
				f.fail("%s: want true or false, have %s", text, shown(v))
			}
		}
		return v.Bool()
	}
}

// question compiles the operators that come to true or false; nil for the others.
func (c *translator) question(n *ast.BinaryNode) test {
	switch n.Operator {
	case "&&", "and":
		left, right := c.truth(n.Left), c.truth(n.Right)
		return func(f *Frame) bool { return left(f) && f.err == nil && right(f) }
	case "||", "or":
		left, right := c.truth(n.Left), c.truth(n.Right)
		return func(f *Frame) bool { return left(f) || f.err == nil && right(f) }
	case "==", "!=":
		return c.equality(n)
	case "<", "<=", ">", ">=":
		return order(n.Operator, c.value(n.Left), c.value(n.Right), n.Left.String(), n.Right.String())
	case "in":
		return c.membership(n)
	case "contains":
		return c.textual(n, strings.Contains)
	case "startsWith":
		return c.textual(n, strings.HasPrefix)
	case "endsWith":
		return c.textual(n, strings.HasSuffix)
	case "matches":
		pattern, ok := n.Right.(*ast.StringNode)
		if !ok {
			break
		}
		re, err := newPattern(pattern.Value)
		if err != nil {
			break
		}
		return c.matching(n, re)
	}
	return nil
}

func (c *translator) equality(n *ast.BinaryNode) test {
	left, want := c.value(n.Left), n.Operator == "=="
	switch v, ok := constant(n.Right); {
	case ok && v.Kind() == state.Text && !holdsNumber(v):
		text := v.Text()
		return func(f *Frame) bool {
			v := left(f)
			return (v.Kind() == state.Text && v.Text() == text) == want
		}
	case ok && v.Kind() == state.Absent:
		return func(f *Frame) bool {
			v := left(f)
			return (v.Kind() == state.Absent) == want
		}
	}
	right := c.value(n.Right)
	return func(f *Frame) bool { return equal(left(f), right(f)) == want }
}

// holdsNumber tells whether a text may be the same as a number.
func holdsNumber(text Value) bool {
	_, ok := inText(text)
	return ok
}

// membership compiles in.
func (c *translator) membership(n *ast.BinaryNode) test {
	left := c.value(n.Left)
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok {
		right, text := c.value(n.Right), n.Right.String()
		return func(f *Frame) bool { return within(f, left(f), right(f), text) }
	}
	items := make([]Value, len(list.Nodes))
	for i, node := range list.Nodes {
		if items[i], ok = constant(node); !ok {
			c.beyond = true
		}
	}
	return func(f *Frame) bool {
		v := left(f)
		for i := range items {
			if equal(items[i], v) {
				return true
			}
		}
		return false
	}
}

// matching compiles matches.
func (c *translator) matching(n *ast.BinaryNode, re *pattern) test {
	var wrong error
	var cost *matching
	asked := c.textual(n, func(s, _ string) bool {
		var holds bool
		holds, wrong = re.matches(s, cost)
		return holds
	})
	return func(f *Frame) bool {
		cost = &f.matching
		holds := asked(f)
		if wrong != nil {
			f.fail("%w", wrong)
			wrong = nil
		}
		return holds
	}
}

// textual compiles a question about two texts; where one of them is absent the answer is no.
func (c *translator) textual(n *ast.BinaryNode, ask func(a, b string) bool) test {
	left, right := c.value(n.Left), c.value(n.Right)
	a, b := n.Left.String(), n.Right.String()
	return func(f *Frame) bool {
		x, y := left(f), right(f)
		switch {
		case x.Kind() == state.Absent || y.Kind() == state.Absent:
			return false
		case x.Kind() != state.Text:
			f.fail("%s: want a text, have %s", a, shown(x))
			return false
		case y.Kind() != state.Text:
			f.fail("%s: want a text, have %s", b, shown(y))
			return false
		}
		return ask(x.Text(), y.Text())
	}
}

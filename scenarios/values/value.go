// Package values is what the files of stories say of values: texts with expressions in them, conditions, times that may
// differ from run to run, and shares.
//
// What it makes may be used from any goroutine, and does not block.
package values

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/chance"
	"signalbox/scenarios/expression"
	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/scenarios/scope"
)

// Names are what expressions at some place of a file may name; true are those of events.
type Names map[string]bool

// taken tells whether a name has a meaning of its own in expressions: a script cannot give it to anything else.
func taken(name string) bool {
	return name == "run" || slices.Contains(scope.EventParts, name) || slices.Contains(scope.EntityParts, name) ||
		slices.Contains(scope.ConsumerParts, name)
}

var (
	// NameForm is how names that a script gives are made.
	NameForm      = regexp.MustCompile(`^[A-Za-z_]\w*$`)
	referenceForm = regexp.MustCompile(`^([A-Za-z_]\w*)(\.[A-Za-z_]\w*)+$`)
)

// Free checks that something new may have a name.
func (n Names) Free(name string, at ast.Node) error {
	switch _, there := n[name]; {
	case !NameForm.MatchString(name):
		return file.At(at, "%q cannot be a name: want letters, digits and _", name)
	case taken(name):
		return file.At(at, "the name %q has a meaning of its own in expressions; choose another", name)
	case there:
		return file.At(at, "the name %q is given twice", name)
	}
	return nil
}

// And is n with more names.
func (n Names) And(more ...string) Names {
	out := maps.Clone(n)
	for _, name := range more {
		out[name] = false
	}
	return out
}

// scope is what expressions are compiled in.
func (n Names) scope(makes *scope.Generator) *expression.Scope {
	return expression.Named(n.list()...).WithFunctions(makes.Functions())
}

// computer has one goroutine at a time compute what a scope compiled.
type computer struct {
	mu     sync.Mutex
	makes  *scope.Generator
	chance *chance.Chance // of what nobody else has a chance for
}

func newComputer() *computer { return &computer{makes: scope.NewGenerator(), chance: chance.Drawn()} }

// on computes something with names, and with the chance that what is made anew comes from; nil: any.
func (c *computer) on(names map[string]any, by *chance.Chance, compute func(*expression.Frame)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.makes.Chance = cmp.Or(by, c.chance)
	frame := expression.Frame{Values: names}
	frame.Begin()
	compute(&frame)
}

// Value is a value of a step, as Step says: a template, or a reference. It may be used from any goroutine.
type Value struct {
	Written string
	source  string // as a template
	Fixed   bool   // the same in every run
	fill    func(names map[string]any, by *chance.Chance) (string, error)
	typed   func(names map[string]any, by *chance.Chance) (any, error)
}

// Text fills the phrase in; what it names must be there.
func (p Value) Text(names map[string]any) (string, error) { return p.Fill(names, nil) }

// Fill is Text with the chance that what is made anew comes from, which is used during the call; nil: any.
func (p Value) Fill(names map[string]any, by *chance.Chance) (string, error) {
	if p.fill == nil {
		return "", nil
	}
	return p.fill(names, by)
}

// Any is what the phrase comes to: of one that is wholly an expression, such as "{budget * 2}", with its type, else its text.
func (p Value) Any(names map[string]any, by *chance.Chance) (any, error) {
	if p.typed == nil {
		return "", nil
	}
	return p.typed(names, by)
}

// Shown is a value for people.
func Shown(value any) string {
	v := expression.FromAny(value)
	return v.String()
}

// compiled compiles text that stands at a node.
func (n Names) compiled(node ast.Node, source string) (Value, error) {
	c := newComputer()
	t, err := file.Text{Value: source, Node: node}.Template(n.scope(c.makes))
	if err != nil {
		return Value{}, err
	}
	v := Value{Written: source, source: source, Fixed: t.Constant()}
	v.fill = func(names map[string]any, by *chance.Chance) (text string, err error) {
		c.on(names, by, func(f *expression.Frame) { text, err = t.Text(f) })
		return text, err
	}
	v.typed = func(names map[string]any, by *chance.Chance) (value any, err error) {
		c.on(names, by, func(f *expression.Frame) { value, err = t.Value(f) })
		return value, err
	}
	return v, nil
}

// Typed reads a value that has a type of its own where it is written as one: a number, or true or false.
func (n Names) Typed(node ast.Node) (Value, error) {
	v, err := n.Value(node)
	if err != nil {
		return v, err
	}
	switch node.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		t, err := file.Text{Value: "{" + v.Written + "}", Node: node}.Template(n.scope(scope.NewGenerator()))
		if err != nil {
			return v, err
		}
		is, err := t.Value(&expression.Frame{})
		v.typed = func(map[string]any, *chance.Chance) (any, error) { return is, err }
	}
	return v, nil
}

// Template compiles a text as a template and nothing else; with no text it comes out empty.
func (n Names) Template(t file.Text) (Value, error) { return n.compiled(t.Node, t.Value) }

// Condition is an expression that is true or false. It may be used from any goroutine; the zero condition is none.
type Condition struct {
	written string
	test    func(names map[string]any, by *chance.Chance) (bool, error)
}

// Condition compiles an expression.
func (n Names) Condition(t file.Text) (Condition, error) {
	c := newComputer()
	x, err := t.Comparison(n.scope(c.makes))
	if err != nil || x.IsZero() {
		return Condition{}, err
	}
	return Condition{written: t.Value, test: func(names map[string]any, by *chance.Chance) (holds bool, err error) {
		c.on(names, by, func(f *expression.Frame) { holds, err = x.Test(f) })
		return holds, err
	}}, nil
}

// Given tells whether there is a condition at all.
func (c Condition) Given() bool { return c.test != nil }

// String is the condition as it is written.
func (c Condition) String() string { return c.written }

// Holds tells whether the condition is true of names, and of more that a place adds to them.
func (c Condition) Holds(names, more map[string]any) (bool, error) {
	all := maps.Clone(names)
	maps.Copy(all, more)
	return c.test(all, nil)
}

// Decide tells whether the condition is true of names, with the chance that what is made anew comes from.
func (c Condition) Decide(names map[string]any, by *chance.Chance) (bool, error) {
	return c.test(names, by)
}

// Value reads a value. A list is its elements with commas between.
func (n Names) Value(node ast.Node) (Value, error) {
	if list, ok := node.(*ast.SequenceNode); ok {
		return n.phrases(list)
	}
	text, ok := file.Scalar(node)
	if !ok {
		return Value{}, file.At(node, "want a value, have %s", file.Written(node))
	}
	text = strings.TrimSuffix(text, "\n")
	source := text
	if first := referenceForm.FindStringSubmatch(text); first != nil {
		if _, known := n[first[1]]; !known {
			return Value{}, file.At(node, "nothing before this has the name %s, which %s refers to%s; for the text itself write \"{'%s'}\"",
				first[1], text, nearest.Hint(first[1], n.list()), text)
		}
		source = "{" + text + "}"
	} else if _, known := n[text]; known {
		return Value{}, file.At(node, "%s is a name here: write {%s} for its value, or \"{'%s'}\" for the text", text, text, text)
	}
	p, err := n.compiled(node, source)
	p.Written = text
	return p, err
}

func (n Names) phrases(list *ast.SequenceNode) (Value, error) {
	var sources, texts []string
	for _, node := range list.Values {
		p, err := n.Value(node)
		if err != nil {
			return Value{}, err
		}
		if strings.Contains(p.Written, ",") {
			return Value{}, file.At(node, "an element of a list cannot hold a comma")
		}
		sources, texts = append(sources, p.source), append(texts, p.Written)
	}
	p, err := n.compiled(list, strings.Join(sources, ","))
	p.Written = "[" + strings.Join(texts, ", ") + "]"
	return p, err
}

func (n Names) list() []string {
	return slices.Collect(maps.Keys(n))
}

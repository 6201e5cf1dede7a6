package scenarios

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/expression"
	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/scenarios/scope"
)

// names are what expressions at some place of a file may name; true are those of events.
type names map[string]bool

// taken tells whether a name has a meaning of its own in expressions: a script cannot give it to anything else.
func taken(name string) bool {
	return name == "run" || slices.Contains(scope.EventParts, name) || slices.Contains(scope.EntityParts, name) ||
		slices.Contains(scope.ConsumerParts, name)
}

var (
	nameForm      = regexp.MustCompile(`^[A-Za-z_]\w*$`)
	referenceForm = regexp.MustCompile(`^([A-Za-z_]\w*)(\.[A-Za-z_]\w*)+$`)
)

// free checks that something new may have a name.
func (n names) free(name string, at ast.Node) error {
	switch _, there := n[name]; {
	case !nameForm.MatchString(name):
		return file.At(at, "%q cannot be a name: want letters, digits and _", name)
	case taken(name):
		return file.At(at, "the name %q has a meaning of its own in expressions; choose another", name)
	case there:
		return file.At(at, "the name %q is given twice", name)
	}
	return nil
}

// and is n with more names.
func (n names) and(more ...string) names {
	out := maps.Clone(n)
	for _, name := range more {
		out[name] = false
	}
	return out
}

// scope is what expressions are compiled in.
func (n names) scope() *expression.Scope {
	return expression.Named(n.list()...).WithFunctions(scope.Generators)
}

// phrase is a value of a step, as Step says: a template, or a reference. It may be used from any goroutine.
type phrase struct {
	written string
	source  string // as a template
	fixed   bool   // the same in every run
	fill    func(names map[string]any) (string, error)
}

// text fills the phrase in; what it names must be there.
func (p phrase) text(names map[string]any) (string, error) {
	if p.fill == nil {
		return "", nil
	}
	return p.fill(names)
}

// template compiles text that stands at a node.
func (n names) template(node ast.Node, source string) (phrase, error) {
	t, err := file.Text{Value: source, Node: node}.Template(n.scope())
	if err != nil {
		return phrase{}, err
	}
	var mu sync.Mutex // what a scope compiles is for one goroutine at a time
	return phrase{written: source, source: source, fixed: t.Constant(), fill: func(names map[string]any) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		frame := expression.Frame{Values: names}
		frame.Begin()
		return t.Text(&frame)
	}}, nil
}

// templateOf compiles a text as a template and nothing else; with no text it comes out empty.
func (n names) templateOf(t file.Text) (phrase, error) { return n.template(t.Node, t.Value) }

// condition is an expression that is true or false. It may be used from any goroutine; the zero condition is none.
type condition struct {
	written string
	test    func(names map[string]any) (bool, error)
}

// condition compiles an expression.
func (n names) condition(t file.Text) (condition, error) {
	x, err := t.Compile(n.scope())
	if err != nil || x.IsZero() {
		return condition{}, err
	}
	var mu sync.Mutex
	return condition{written: t.Value, test: func(names map[string]any) (bool, error) {
		mu.Lock()
		defer mu.Unlock()
		frame := expression.Frame{Values: names}
		frame.Begin()
		return x.Test(&frame)
	}}, nil
}

func (c condition) given() bool    { return c.test != nil }
func (c condition) String() string { return c.written }

// holds tells whether the condition is true of names, and of more that a place adds to them.
func (c condition) holds(names, more map[string]any) (bool, error) {
	all := maps.Clone(names)
	maps.Copy(all, more)
	return c.test(all)
}

// phrase reads a value. A list is its elements with commas between.
func (n names) phrase(node ast.Node) (phrase, error) {
	if list, ok := node.(*ast.SequenceNode); ok {
		return n.phrases(list)
	}
	text, ok := file.Scalar(node)
	if !ok {
		return phrase{}, file.At(node, "want a value, have %s", file.Written(node))
	}
	text = strings.TrimSuffix(text, "\n")
	source := text
	if first := referenceForm.FindStringSubmatch(text); first != nil {
		if _, known := n[first[1]]; !known {
			return phrase{}, file.At(node, "nothing before this has the name %s, which %s refers to%s; for the text itself write \"{'%s'}\"",
				first[1], text, nearest.Hint(first[1], n.list()), text)
		}
		source = "{" + text + "}"
	} else if _, known := n[text]; known {
		return phrase{}, file.At(node, "%s is a name here: write {%s} for its value, or \"{'%s'}\" for the text", text, text, text)
	}
	p, err := n.template(node, source)
	p.written = text
	return p, err
}

func (n names) phrases(list *ast.SequenceNode) (phrase, error) {
	var sources, texts []string
	for _, node := range list.Values {
		p, err := n.phrase(node)
		if err != nil {
			return phrase{}, err
		}
		if strings.Contains(p.written, ",") {
			return phrase{}, file.At(node, "an element of a list cannot hold a comma")
		}
		sources, texts = append(sources, p.source), append(texts, p.written)
	}
	p, err := n.template(list, strings.Join(sources, ","))
	p.written = "[" + strings.Join(texts, ", ") + "]"
	return p, err
}

func (n names) list() []string {
	return slices.Collect(maps.Keys(n))
}

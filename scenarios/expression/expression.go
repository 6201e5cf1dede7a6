// Package expression evaluates the expressions of domain files and filters. The language is expr-lang's; its parser and
// checker read the text. What folds and filters are made of (members of JSON, arithmetic, comparison, logic, the
// common functions) becomes Go closures over state.Value that read the raw bytes of a payload; an expression that has
// anything else in it runs on expr's own interpreter, and means the same there.
//
// What differs from expr-lang: a member of something absent is absent (nil) rather than an error, int() takes "10" and
// 10.0, numbers without a fraction are ints, a number compares with a text that holds one as with that number, and
// arithmetic on what is absent is an error that names it: "data.quantity is missing".
//
// A Scope and what it compiled are used by one goroutine at a time, as are a Frame and the views that come out of it.
package expression

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/file"

	"signalbox/scenarios/nearest"
	"signalbox/sources/state"
)

// Value is what an expression yields; see state.Value.
type Value = state.Value

// Expression is a compiled expression. The zero Expression is none; see IsZero.
type Expression struct {
	text        string
	eval        eval
	test        test
	kind        reflect.Type // what it comes to, as far as the checker knows; nil: anything
	needs       [][]byte     // see May
	question    bool         // see Comparison
	interpreted bool         // to expr's interpreter
	ages        bool         // see Ages
	states      bool         // see AsksStates
}

// eval computes a value. What goes wrong is said to the frame, once; the value is then absent.
type eval func(*Frame) Value

// test computes a truth, in the same way.
type test func(*Frame) bool

// Error is a mistake in the text of an expression.
type Error struct {
	Offset  int // bytes into the text
	Text    string
	Unknown string   // the name that means nothing here, when that is the mistake
	Known   []string // and those that mean something
}

// Error is the mistake in words, with the name that was meant.
func (e *Error) Error() string {
	if e.Unknown == "" {
		return e.Text
	}
	if near := nearest.Question(e.Unknown, e.Known); near != "" {
		return e.Text + near
	}
	var fields []string
	for _, whole := range []string{"data", "state"} {
		if slices.Contains(e.Known, whole) {
			fields = append(fields, whole+"."+e.Unknown)
		}
	}
	if len(fields) > 0 {
		return fmt.Sprintf("%s: a field is %s, a text stands in quotes%s", e.Text, strings.Join(fields, " or "), nearest.Hint(e.Unknown, e.Known))
	}
	return e.Text + nearest.Hint(e.Unknown, e.Known)
}

// Compile checks an expression and makes it ready to run. Its errors are of type *Error.
func (s *Scope) Compile(text string) (Expression, error) { return s.compile(text, false) }

func (s *Scope) compile(text string, interpreter bool) (Expression, error) {
	if err := checkBounds(text); err != nil {
		return Expression{}, err
	}
	source, spans := seconds(text)
	tree, err := checker.ParseCheck(source, s.config())
	if err == nil {
		var p patterns
		ast.Walk(&tree.Node, &p)
		trial := trial{functions: s.functions}
		ast.Walk(&tree.Node, &trial)
		err = cmp.Or(p.wrong, trial.wrong)
	}
	if err != nil {
		return Expression{}, s.explain(text, source, spans, err)
	}
	x := Expression{text: text, kind: tree.Node.Type(), needs: needs(tree.Node), question: isQuestion(tree.Node)}
	x.ages, x.states = s.asks(&tree.Node)
	if !interpreter {
		c := &translator{scope: s}
		x.eval = c.value(tree.Node)
		x.test = c.truth(tree.Node)
		if !c.beyond {
			return x, nil
		}
	}
	x.interpreted = true
	if x.eval, err = s.interpreter(tree); err != nil {
		return Expression{}, s.explain(text, source, spans, err)
	}
	x.test = truthOf(text, x.eval)
	return x, nil
}

// IsZero tells whether x is none.
func (x *Expression) IsZero() bool { return x.eval == nil }

// Ages tells whether what x comes to changes by itself, as time goes by.
func (x *Expression) Ages() bool { return x.ages }

// AsksStates tells whether x has a name that is about the states of an entity.
func (x *Expression) AsksStates() bool { return x.states }

// String is the text of x.
func (x *Expression) String() string { return x.text }

// Eval computes x. The value may be a view into what the frame was given.
func (x *Expression) Eval(f *Frame) (Value, error) {
	f.err = nil
	v := x.eval(f)
	if f.err != nil {
		return Value{}, f.err
	}
	return v, nil
}

// Test computes x, which must come to true or false.
func (x *Expression) Test(f *Frame) (bool, error) {
	f.err = nil
	ok := x.test(f)
	return ok && f.err == nil, f.err
}

// tokenIn is what was written, in a message such as: unexpected token Identifier("between").
func tokenIn(message string) string {
	if _, rest, ok := strings.Cut(message, "("); ok {
		return strings.TrimSuffix(rest, ")")
	}
	return strings.TrimPrefix(message, "unexpected token ")
}

// typeNames are the words for Go's types in what expr says: == (mismatched types string and int).
var typeNames = strings.NewReplacer("invalid operation: ", "", "(mismatched types ", "between ", ")", "", "map[string]interface {}", "an object",
	"[]interface {}", "a list", "string", "a text", "float64", "a number", "int", "a number", "bool", "true or false")

// explain makes an *Error of what expr says.
func (s *Scope) explain(text, source string, spans []span, err error) error {
	var at *file.Error
	if !errors.As(err, &at) {
		return &Error{Text: err.Error()}
	}
	offset := 0
	for range at.From {
		_, size := utf8.DecodeRuneInString(source[offset:])
		offset += size
	}
	mistake := &Error{Offset: min(original(spans, offset), len(text)), Text: at.Message}
	switch {
	case at.Message == "unexpected token EOF":
		mistake.Text = "the expression is not finished"
	case at.Message == `unexpected token Operator("=")`:
		mistake.Text = "a single = says nothing; write == to compare"
	case strings.HasPrefix(at.Message, "unexpected token "):
		mistake.Text = "this does not belong here: " + tokenIn(at.Message)
	case strings.Contains(at.Message, "mismatched types"):
		mistake.Text = typeNames.Replace(at.Message) + " means nothing"
	}
	if name, ok := strings.CutPrefix(at.Message, "unknown name "); ok {
		mistake.Unknown, mistake.Known = name, s.Names()
	}
	return mistake
}

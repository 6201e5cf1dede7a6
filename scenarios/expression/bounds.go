package expression

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

// What an expression may be, and what it may cost each time it is computed. Whatever is over one of these is an error of
// that text, or of that event, and nothing else suffers.
const (
	maxExpression = 8 << 10  // bytes
	maxNesting    = 100      // brackets inside each other
	maxSteps      = 200_000  // on expr's interpreter: rounds of all, map and the like, and what values weigh that they make
	maxText       = 1 << 20  // bytes of a text that an expression makes
	maxPattern    = 2_000    // instructions of a regular expression
	maxMatching   = 64 << 20 // bytes of a text times instructions, of all regular expressions together: about half a second
)

// ErrTooMuch is what an expression comes to that is over its bounds.
var ErrTooMuch = errors.New("too much work")

var (
	errSteps    = fmt.Errorf("%w: it takes more than %d steps", ErrTooMuch, maxSteps)
	errText     = fmt.Errorf("%w: it makes a text of more than %d bytes", ErrTooMuch, maxText)
	errMatching = fmt.Errorf("%w: the texts are too long for these regular expressions", ErrTooMuch)
)

// tooMuch is what expr's interpreter wrapped when a computation was over its bounds; nil for other errors.
func tooMuch(err error) error {
	for _, bound := range []error{errSteps, errText, errMatching} {
		if errors.Is(err, bound) {
			return bound
		}
	}
	if err != nil && messageOf(err) == "memory budget exceeded" { // which expr keeps itself, for ranges and lists
		return errSteps
	}
	return nil
}

// patterns finds a regular expression of a text that is too large.
type patterns struct{ wrong error }

// Visit implements ast.Visitor.
func (p *patterns) Visit(node *ast.Node) {
	n, ok := (*node).(*ast.BinaryNode)
	if !ok || n.Operator != "matches" {
		return
	}
	if text, ok := n.Right.(*ast.StringNode); ok && p.wrong == nil {
		if _, err := newPattern(text.Value); err != nil {
			p.wrong = &file.Error{Location: text.Location(), Message: err.Error()}
		}
	}
}

// Parse parses an expression whose text is within the bounds; expr's parser would end the program on one that is nested
// a million times.
func Parse(text string) (*parser.Tree, error) {
	if err := checkBounds(text); err != nil {
		return nil, err
	}
	return parser.Parse(text)
}

func checkBounds(text string) error {
	if len(text) > maxExpression {
		return &Error{Offset: maxExpression, Text: fmt.Sprintf("an expression has at most %d bytes", maxExpression)}
	}
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"', '\'', '`':
			i = quoted(text, i) - 1
		case '(', '[', '{':
			if depth++; depth > maxNesting {
				return &Error{Offset: i, Text: fmt.Sprintf("more than %d brackets are inside each other", maxNesting)}
			}
		case ')', ']', '}':
			depth--
		}
	}
	return nil
}

// pattern is a regular expression, with what a byte of text costs it.
type pattern struct {
	*regexp.Regexp
	cost int
}

func newPattern(text string) (*pattern, error) {
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, err
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil, err
	}
	if len(program.Inst) > maxPattern {
		return nil, fmt.Errorf("the regular expression is too large: its repetitions come to more than %d parts", maxPattern)
	}
	re, err := regexp.Compile(text)
	return &pattern{Regexp: re, cost: len(program.Inst)}, err
}

// matching is what the regular expressions of one computation have cost so far.
type matching int

// compiling is what making a regular expression costs for each of its instructions.
const compiling = 64

// takes adds a cost, where there is room for it.
func (m *matching) takes(bytes int, p *pattern) error {
	if bytes > (maxMatching-int(*m))/p.cost {
		*m = maxMatching
		return errMatching
	}
	*m += matching(bytes * p.cost)
	return nil
}

// matches tells whether a text matches, where that is not too much work.
func (p *pattern) matches(text string, m *matching) (bool, error) {
	if err := m.takes(len(text), p); err != nil {
		return false, err
	}
	return p.MatchString(text), nil
}

package fold

import (
	"errors"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	yaml "github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/expression"
	"signalbox/scenarios/file"
	"signalbox/scenarios/scope"
	"signalbox/sources"
	"signalbox/sources/state"
)

// Compiler compiles the rules of one domain for one engine.
type Compiler struct {
	View   *scope.View // what the rules see
	Frame  *expression.Frame
	Data   *expression.Lookup
	States []string // statuses that entities can have; none: any
	Always Always

	scopes map[*state.Kind]*expression.Scope // of the rules for a kind: making one costs more than compiling a rule
}

// scope is what the rules for entities of a kind can name.
func (c *Compiler) scope(kind *state.Kind) *expression.Scope {
	if c.scopes == nil {
		c.scopes = map[*state.Kind]*expression.Scope{}
	}
	if c.scopes[kind] == nil {
		c.scopes[kind] = c.View.Rules(c.Data, kind)
	}
	return c.scopes[kind]
}

// Rule compiles a rule for entities of a kind. Its errors point into the file.
func (c *Compiler) Rule(name string, section *Section, kind *state.Kind) (*Rule, error) {
	r := &Rule{name: name, kind: kind, creates: section.Creates, frame: c.Frame, data: c.Data, view: c.View}
	inner := &compiler{rule: r, states: c.States, scope: c.scope(kind)}
	lets := inner.lets(section.Let)
	var fails, rejects, changes error
	r.fails, fails = refusals(append(slices.Clone(c.Always.Fail), section.Fail...), inner.scope)
	r.rejects, rejects = refusals(append(slices.Clone(c.Always.Reject), section.Reject...), inner.scope)
	r.changes, changes = inner.changes(section)
	if len(r.changes) > maxChanges {
		changes = file.At(section.written[0].node, "%s changes more than %d fields", name, maxChanges)
	}
	r.values = make([]state.Value, len(r.changes))
	return r, errors.Join(lets, fails, rejects, changes)
}

// Alone has another fold take the events of entities that are not of the rule's kind.
func (r *Rule) Alone(fold sources.Fold) { r.alone = fold }

// maxChanges bounds what one rule changes.
const maxChanges = 64

// compiler compiles one rule.
type compiler struct {
	rule   *Rule
	states []string
	scope  *expression.Scope
}

// lets gives names to expressions, which those after them may use.
func (c *compiler) lets(section file.Map[file.Text]) error {
	var wrong error
	for _, let := range section {
		x, err := let.Value.Compile(c.scope)
		if err == nil && x.IsZero() {
			err = file.At(let.Key, "want an expression that %s names", let.Name)
		}
		wrong = errors.Join(wrong, err)
		inner, err := c.scope.Let(let.Name, x)
		if err != nil {
			wrong = errors.Join(wrong, file.At(let.Key, "%v", err))
			continue
		}
		c.scope = inner
	}
	return wrong
}

func refusals(section file.Map[file.Text], scope *expression.Scope) ([]refusal, error) {
	list := make([]refusal, 0, len(section))
	var wrong error
	for _, entry := range section {
		x, err := entry.Value.Condition(scope)
		switch {
		case strings.TrimSpace(entry.Name) == "":
			err = errors.Join(err, file.At(entry.Key, "want a reason before the colon: it is what people read"))
		case err == nil && x.IsZero():
			err = file.At(entry.Key, "want an expression: %q holds when it is true", entry.Name)
		}
		wrong = errors.Join(wrong, err)
		list = append(list, refusal{entry.Name, x})
	}
	return list, wrong
}

// fields reads a mapping of fields, or paths below them, to expressions.
func (c *compiler) fields(node yaml.Node, do doing) ([]change, error) {
	var section file.Map[file.Text]
	wrong := file.Decode(node, &section)
	changes := make([]change, 0, len(section))
	for _, entry := range section {
		change, err := c.field(file.Text{Value: entry.Name, Node: entry.Key}, do)
		value, unclear := entry.Value.Compile(c.scope)
		change.value = value
		wrong = errors.Join(wrong, err, unclear)
		changes = append(changes, change)
	}
	return changes, wrong
}

// field reads a field, "budget", or a path, "ballots[data.ballot_id].cast".
func (c *compiler) field(path file.Text, do doing) (change, error) {
	const form = `want a field such as budget, or a path such as ballots[data.ballot_id].cast, have %q`
	tree, err := expression.Parse(path.Value)
	if err != nil {
		return change{}, file.At(path.Node, form, path.Value)
	}
	var below []expression.Expression
	node := tree.Node
	for {
		member, ok := node.(*ast.MemberNode)
		if !ok {
			break
		}
		x, err := file.Text{Value: member.Property.String(), Node: path.Node}.Compile(c.scope)
		if err != nil {
			return change{}, err
		}
		below = append([]expression.Expression{x}, below...)
		node = member.Node
	}
	field, ok := node.(*ast.IdentifierNode)
	if !ok {
		return change{}, file.At(path.Node, form, path.Value)
	}
	slot := c.rule.kind.Slot(field.Value)
	if slot < 0 {
		return change{}, file.At(path.Node, "%s has more than %d fields", c.rule.kind.Name(), state.MaxFields)
	}
	return change{slot: slot, below: below, do: do}, nil
}

package scenarios

import (
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"

	"signalbox/scenarios/expression"
	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/sources"
)

// bindRule compiles a rule of the domain.
func (c *claim) bindRule(entry file.Entry[ruleSection], always alwaysSection, u *understanding) (*rule, error) {
	section := entry.Value
	section.Fail = append(slices.Clone(always.Fail), section.Fail...)
	section.Reject = append(slices.Clone(always.Reject), section.Reject...)
	if to := section.To; to.Value != "" && len(c.states) > 0 && !slices.Contains(c.states, to.Value) {
		return nil, file.At(to.Node, "%s is none of states%s", to.Value, nearest.Hint(to.Value, c.states))
	}
	r, err := newRule(entry.Name, section, c.kind, u)
	if err != nil {
		return nil, err
	}
	if r.ownID = section.ID.Node != nil; r.ownID {
		if r.id, err = section.ID.Compile(u.scope); err != nil {
			return nil, err
		}
	}
	switch {
	case c.aloneKind == nil || c.aloneKind == c.kind:
	case section.Alone == nil:
		r.alone = u.merging(c.aloneKind)
	default:
		if r.alone, err = newRule(entry.Name, *section.Alone, c.aloneKind, u); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// newRule compiles a rule for entities of a kind.
func newRule(name string, section ruleSection, kind *sources.Kind, u *understanding) (*rule, error) {
	r := &rule{name: name, kind: kind, creates: section.Creates, frame: &u.frame, view: &u.view, data: &u.data, status: section.To.Value}
	r.to = sources.TextValue(r.status)
	scope := r.view.Rules(r.data, kind)
	for _, let := range section.Let {
		x, err := let.Value.Compile(scope)
		if err != nil {
			return nil, err
		}
		if scope, err = scope.Let(let.Name, x); err != nil {
			return nil, file.At(let.Key, "%v", err)
		}
	}
	var err error
	if r.fails, err = refusals(section.Fail, scope); err != nil {
		return nil, err
	}
	if r.rejects, err = refusals(section.Reject, scope); err != nil {
		return nil, err
	}
	if len(section.Set)+len(section.Unset) > maxSets {
		return nil, file.At(section.Set[0].Key, "%s sets more than %d fields", name, maxSets)
	}
	for _, set := range section.Set {
		s, err := newSetting(file.Text{Value: set.Name, Node: set.Key}, kind, scope)
		if err != nil {
			return nil, err
		}
		if s.value, err = set.Value.Compile(scope); err != nil {
			return nil, err
		}
		r.sets = append(r.sets, s)
	}
	for _, unset := range section.Unset {
		s, err := newSetting(unset, kind, scope)
		if err != nil {
			return nil, err
		}
		r.sets = append(r.sets, s)
	}
	r.values = make([]sources.Value, len(r.sets))
	return r, nil
}

func refusals(section file.Map[file.Text], scope *expression.Scope) ([]refusal, error) {
	list := make([]refusal, 0, len(section))
	for _, entry := range section {
		x, err := entry.Value.Condition(scope)
		if err != nil {
			return nil, err
		}
		if x.IsZero() {
			return nil, file.At(entry.Key, "want an expression: %q holds when it is true", entry.Name)
		}
		list = append(list, refusal{entry.Name, x})
	}
	return list, nil
}

// newSetting reads a field, "budget", or a path, "ballots[data.ballot_id].cast".
func newSetting(path file.Text, kind *sources.Kind, scope *expression.Scope) (setting, error) {
	const form = `want a field such as budget, or a path such as ballots[data.ballot_id].cast, have %q`
	tree, err := parser.Parse(path.Value)
	if err != nil {
		return setting{}, file.At(path.Node, form, path.Value)
	}
	var below []expression.Expression
	node := tree.Node
	for {
		member, ok := node.(*ast.MemberNode)
		if !ok {
			break
		}
		x, err := file.Text{Value: member.Property.String(), Node: path.Node}.Compile(scope)
		if err != nil {
			return setting{}, err
		}
		below = append([]expression.Expression{x}, below...)
		node = member.Node
	}
	field, ok := node.(*ast.IdentifierNode)
	if !ok {
		return setting{}, file.At(path.Node, form, path.Value)
	}
	slot := kind.Slot(field.Value)
	if slot < 0 {
		return setting{}, file.At(path.Node, "%s has more than %d fields", kind.Name(), sources.MaxFields)
	}
	return setting{slot: slot, below: below}, nil
}

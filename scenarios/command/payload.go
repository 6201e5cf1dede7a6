package command

import (
	"encoding/json"

	"github.com/expr-lang/expr/ast"

	"signalbox/scenarios/expression"
	"signalbox/sources/state"
)

// payload is a payload to make: an object whose members come in the order they are written, or one value.
type payload struct {
	value   expression.Expression
	members []payloadMember // of an object; then there is no value
	object  bool
}

type payloadMember struct {
	name string
	is   payload
}

// newPayload takes an expression apart as far as objects go. The whole of it has been checked.
func newPayload(source string, scope *expression.Scope) (payload, error) {
	tree, err := expression.Parse(source)
	if err != nil {
		return payload{}, err
	}
	return payloadOf(tree.Node, scope)
}

func payloadOf(node ast.Node, scope *expression.Scope) (payload, error) {
	object, ok := node.(*ast.MapNode)
	if !ok {
		x, err := scope.Compile(node.String())
		return payload{value: x}, err
	}
	s := payload{object: true}
	for _, pair := range object.Pairs {
		pair := pair.(*ast.PairNode)
		name, ok := pair.Key.(*ast.StringNode)
		if !ok {
			x, err := scope.Compile(node.String())
			return payload{value: x}, err
		}
		is, err := payloadOf(pair.Value, scope)
		if err != nil {
			return payload{}, err
		}
		s.members = append(s.members, payloadMember{name.Value, is})
	}
	return s, nil
}

// append writes the payload as JSON; members that are absent are left out.
func (s *payload) append(to []byte, f *expression.Frame) ([]byte, error) {
	if !s.object {
		v, err := s.value.Eval(f)
		return v.AppendJSON(to), err
	}
	to = append(to, '{')
	first := true
	for i := range s.members {
		m := &s.members[i]
		from := len(to)
		if !first {
			to = append(to, ',')
		}
		name, _ := json.Marshal(m.name) // a text always can be
		to = append(append(to, name...), ':')
		if !m.is.object {
			v, err := m.is.value.Eval(f)
			if err != nil {
				return nil, err
			}
			if v.Kind() == state.Absent {
				to = to[:from]
				continue
			}
			to = v.AppendJSON(to)
		} else {
			var err error
			if to, err = m.is.append(to, f); err != nil {
				return nil, err
			}
		}
		first = false
	}
	return append(to, '}'), nil
}

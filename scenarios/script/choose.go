package script

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
	"signalbox/scenarios/values"
)

// ChoiceSection is one of the choices that a step has.
type ChoiceSection struct {
	Weight ast.Node   `yaml:"weight"` // 3 is taken three times as often as 1, which it is unless told
	Steps  []ast.Node `yaml:"steps"`
}

// choose takes the steps of one of its choices, by chance.
type choose struct {
	choices []choice
	sum     float64 // of the weights
}

type choice struct {
	weight float64
	steps  []Step
}

func (r *Reader) choose(w written) (action, string, error) {
	var nodes []ast.Node
	wrong := file.Decode(w.does.Value, &nodes)
	if wrong == nil && len(nodes) == 0 {
		wrong = file.At(w.does.Key, "want choices: a list of { weight: 3, steps: [ … ] }")
	}
	var x choose
	for _, node := range nodes {
		var section ChoiceSection
		unread := file.Decode(node, &section)
		c := choice{weight: 1}
		if section.Weight != nil {
			text, _ := file.Scalar(section.Weight)
			var err error
			if c.weight, err = strconv.ParseFloat(text, 64); err != nil || !(c.weight > 0 && c.weight <= mostWeight) {
				unread = errors.Join(unread, file.At(section.Weight, "weight: want a number above 0, up to %d, have %s", int(mostWeight), file.Written(section.Weight)))
			}
		}
		steps, err := r.inside("a choice", node, section.Steps)
		c.steps, wrong = steps, errors.Join(wrong, unread, err)
		x.choices, x.sum = append(x.choices, c), x.sum+c.weight
	}
	return x, fmt.Sprintf("choose one of %d", len(nodes)), wrong
}

// mostWeight bounds a weight, so that the sum of all is a number.
const mostWeight = 1e9

func (x choose) perform(ctx context.Context, p *Run) (string, error) {
	at, chosen := p.random.Float64()*x.sum, len(x.choices)-1
	for i, c := range x.choices {
		if at -= c.weight; at < 0 {
			chosen = i
			break
		}
	}
	name := fmt.Sprintf("choice %d", chosen+1)
	return name, p.inside(name+", step").take(ctx, x.choices[chosen].steps)
}

// condition takes some steps where something holds, and others where it does not.
type condition struct {
	holds       values.Condition
	then, other []Step
}

func (r *Reader) condition(w written) (action, string, error) {
	var asked file.Text
	wrong := file.Decode(w.does.Value, &asked)
	if wrong == nil && asked.Value == "" {
		wrong = file.At(w.does.Key, "want a condition, such as if: budget > 50")
	}
	if len(w.beside) == 0 {
		wrong = errors.Join(wrong, file.At(w.does.Key, "want steps beside the condition: then: [ … ], else: [ … ], or both"))
	}
	x := condition{}
	var err error
	x.holds, err = r.Names.Condition(asked)
	wrong = errors.Join(wrong, err)
	for name, into := range map[string]*[]Step{"then": &x.then, "else": &x.other} {
		if beside := w.beside[name]; beside != nil {
			var nodes []ast.Node
			unread := file.Decode(beside.Value, &nodes)
			if unread == nil {
				*into, unread = r.inside(name, beside.Key, nodes)
			}
			wrong = errors.Join(wrong, unread)
		}
	}
	return x, "if " + asked.Value, wrong
}

func (x condition) perform(ctx context.Context, p *Run) (string, error) {
	holds, err := x.holds.Decide(p.names, p.random)
	switch {
	case err != nil:
		return "", fmt.Errorf("%s: %w", x.holds, err)
	case holds:
		return "it holds", p.inside("then").take(ctx, x.then)
	}
	return "it does not hold", p.inside("else").take(ctx, x.other)
}

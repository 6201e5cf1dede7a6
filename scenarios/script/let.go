package script

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"signalbox/scenarios/file"
	"signalbox/scenarios/values"
)

// let gives names to values, for the steps after it.
type let struct{ names []fieldPhrase }

func (r *Reader) let(w written) (action, string, error) {
	pairs, wrong := file.Pairs(w.does.Value)
	if wrong == nil && len(pairs) == 0 {
		wrong = file.At(w.does.Key, `want names with their values, such as let: { fee: "{budget * 2}" }`)
	}
	x, text := let{}, "let"
	for _, p := range pairs {
		err := r.Names.Free(p.Name, p.Key)
		value, unclear := r.Names.Typed(p.Value)
		wrong = errors.Join(wrong, err, unclear)
		if err == nil {
			r.Names = r.Names.And(p.Name)
		}
		x.names = append(x.names, fieldPhrase{p.Name, value})
		text += " " + p.Name + "=" + value.Written
	}
	return x, text, wrong
}

func (x let) perform(_ context.Context, p *Run) (string, error) {
	var said []string
	for _, n := range x.names {
		value, err := n.value.Any(p.names, p.random)
		if err != nil {
			return "", fmt.Errorf("%s: %w", n.name, err)
		}
		p.names[n.name] = value
		said = append(said, n.name+"="+values.Shown(value))
	}
	return strings.Join(said, " "), nil
}

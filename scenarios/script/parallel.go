package script

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/goccy/go-yaml/ast"

	"signalbox/bus/goroutine"
	"signalbox/scenarios/file"
)

// parallel takes the steps of several branches at once. It ends when all have ended; the first that fails ends the others.
type parallel struct{ branches []branch }

type branch struct {
	name  string
	steps []Step
}

func (r *Reader) parallel(w written) (action, string, error) {
	pairs, wrong := file.Pairs(w.does.Value)
	if wrong == nil && len(pairs) == 0 {
		wrong = file.At(w.does.Key, "want branches with their steps, such as parallel: { buyer: [ … ], courier: [ … ] }")
	}
	x, names := parallel{}, []string{}
	for _, p := range pairs {
		var nodes []ast.Node
		unread := file.Decode(p.Value, &nodes)
		var steps []Step
		var err error
		if unread == nil {
			steps, err = r.inside("branch "+p.Name, p.Key, nodes)
		}
		wrong = errors.Join(wrong, file.CheckName("a branch", p.Name, p.Key), unread, err)
		x.branches, names = append(x.branches, branch{p.Name, steps}), append(names, p.Name)
	}
	return x, "parallel " + strings.Join(names, ", "), wrong
}

func (x parallel) perform(ctx context.Context, p *Run) (string, error) {
	ctx, end := context.WithCancel(ctx)
	defer end()
	var first error
	var failing sync.Once
	branches := goroutine.Branches{End: end}
	for i := range x.branches {
		part, steps := p.inside(x.branches[i].name), x.branches[i].steps
		branches.Go("a branch of a script", func() {
			if err := part.take(ctx, steps); err != nil {
				failing.Do(func() { first = err })
				end()
			}
		})
	}
	branches.Wait()
	return "", first
}

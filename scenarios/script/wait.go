package script

import (
	"context"
	"time"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
	"signalbox/scenarios/values"
)

// waitWithin is how long something is waited for unless the step says otherwise.
const waitWithin = time.Minute

// wait lets time pass.
type wait struct{ values.Span }

// wait compiles a wait: for a time, or until something holds.
func (r *Reader) wait(w written) (action, string, error) {
	switch w.does.Value.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		if r.Traffic {
			return nil, "", file.At(w.does.Key, "traffic waits for a time alone: 500ms, or 200ms..1s")
		}
		return r.expects(w, "wait", waitWithin)
	}
	if w.as != nil {
		return nil, "", file.At(w.as.Key, onlyNamed)
	}
	d, err := values.ReadSpan(w.does.Value)
	return wait{d}, "wait " + d.String(), err
}

func (w wait) perform(ctx context.Context, p *Run) (string, error) {
	return "", p.control.Wait(ctx, w.Pick(p.random))
}

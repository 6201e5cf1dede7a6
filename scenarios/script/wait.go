package script

import (
	"context"
	"strings"
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
	if untilHolds(w.does.Value) {
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

// untilHolds tells whether it is waited until something holds.
func untilHolds(node ast.Node) bool {
	switch node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	text, _ := file.Scalar(node)
	return strings.HasPrefix(strings.TrimSpace(text), "no ")
}

func (w wait) perform(ctx context.Context, p *Run) (string, error) {
	return "", p.control.Wait(ctx, w.Pick(p.random))
}

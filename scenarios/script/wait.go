package script

import (
	"context"

	"signalbox/scenarios/values"
)

// wait lets time pass.
type wait struct{ values.Span }

func (r *Reader) wait(w written) (action, string, error) {
	d, err := values.ReadSpan(w.does.Value)
	return wait{d}, "wait " + d.String(), err
}

func (w wait) perform(ctx context.Context, p *Run) (string, error) {
	return "", p.control.Wait(ctx, w.Pick(p.random))
}

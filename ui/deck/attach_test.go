package deck

import (
	"context"
	"testing"

	"signalbox/bus"
)

// patient attaches to a broker that never answers.
type patient struct{}

func (patient) Attach(ctx context.Context, _ []string) (bus.Bus, string, error) {
	<-ctx.Done()
	return nil, "", ctx.Err()
}

func (patient) Detach(context.Context, bus.Bus, ...string) error { return nil }

func (patient) Contexts() []string { return nil }

func TestAttachingCanBeGivenUp(t *testing.T) {
	s := drive(t, demo(), 120, 36, func(o *Options) { o.Attacher = patient{} })
	s.key(":").write("attach redis://127.0.0.1:1")
	attaching := s.start(keyPress("enter"))
	s.shows("attaching; esc gives it up")
	s.key("esc")
	s.hides("attaching;")
	s.hear(attaching)
	s.shows("nothing was attached: it was given up")
}

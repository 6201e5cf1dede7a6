package sources

import (
	"reflect"
	"testing"
)

// strictDomain fails the test when an event comes to it with anything but what the broker said.
type strictDomain struct {
	*plainDomain
	t *testing.T
}

func (d strictDomain) Understand(e *Event) {
	if !reflect.ValueOf(e.Understood).IsZero() || !reflect.ValueOf(e.Outcome).IsZero() {
		d.t.Errorf("event %d begins with %+v, %+v", e.Number, e.Understood, e.Outcome)
	}
	d.plainDomain.Understand(e)
	e.AloneKind, e.AloneID, e.Body, e.Correlation, e.Problem = e.Kind, "x", e.Data, "y", "z"
}

// The engine uses one Event again and again: nothing of the one before may show in the next.
func TestEachEventBeginsWithWhatTheBrokerSaid(t *testing.T) {
	e, ctx := running(t, Options{Domains: strictDomain{newPlainDomain(), t}})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", "thing SET a n=1 .other", "thing REFUSE a n=2", "thing FAIL a n=3", "thing SET a n=4")
	if d := detailOf(t, e); d.Version != 2 {
		t.Errorf("version %d, want 2: the events were not folded", d.Version)
	}
}

package sources

import (
	"strings"
	"testing"

	"signalbox/sources/state"
)

// doubling is a fold that makes a text twice as long, or adds to a tree.
type doubling struct{ tree bool }

func (d doubling) Apply(e *Event, s *state.State) (string, error) {
	slot := s.Kind.Slot("n")
	if d.tree {
		s.SetIn(slot, []string{strings.Repeat("k", 1000) + string(e.Data)}, state.BoolValue(true))
		return "", nil
	}
	n := s.Get(slot).Text()
	s.Set(slot, state.TextValue(n+n+"x"))
	return "", nil
}

// A state that grows with every event ends at its bound: the event fails and says where, and the state is as it was before.
func TestTheStateOfAnEntityHasABound(t *testing.T) {
	for _, fold := range []doubling{{tree: false}, {tree: true}} {
		s := state.State{Kind: state.NewKind("order"), Most: 256 << 10}
		failed := 0
		for i := range 500 {
			e := &Event{Received: Received{Data: []byte(strings.Repeat("i", i%1500))}, Understood: Understood{Fold: fold}}
			out := Apply(e, &s)
			if out.Failed == "" {
				s.Commit()
				continue
			}
			if failed++; out.Failed != "" && (!strings.HasPrefix(out.Failed, "state.n: the state would take ") || out.Version != s.Version) {
				t.Fatalf("it fails by %+v", out)
			}
		}
		if s.Measure(); failed == 0 || s.Taken > s.Most+int64(s.Len())*state.EntrySize || s.Taken < s.Most/4 {
			t.Errorf("%d events failed, and the state takes %d", failed, s.Taken)
		}
	}
}

package scenarios

import (
	"context"
	"errors"
	"slices"
	"testing"

	"signalbox/scenarios/script"
)

// listener writes down what it is told; refuse is what it answers to a line.
type listener struct {
	lines  []string
	sent   []script.Sent
	refuse error
}

func (l *listener) Hear(_ context.Context, line string) error {
	l.lines = append(l.lines, line)
	return l.refuse
}

func (l *listener) See(sent script.Sent) { l.sent = append(l.sent, sent) }

func TestAnAudienceHearsLinesAndSeesWhatIsSent(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	watching := &listener{}
	stage.Audience = watching
	chosen, err := l.Script("deliveries/happy-path")
	if err != nil {
		t.Fatal(err)
	}
	result, err := stage.Run(t.Context(), chosen, nil)
	if err != nil || result.Failed != nil {
		t.Fatal(err, result.Failed)
	}
	if len(watching.lines) != 4 || watching.lines[0] != "Somebody orders a delivery, with a budget of 100." {
		t.Errorf("heard %q", watching.lines)
	}
	var types []string
	for _, sent := range watching.sent {
		types = append(types, sent.Type)
		if sent.Entity != watching.sent[0].Entity || sent.Entity.Kind != "delivery" || sent.Station != "deliveries" ||
			sent.Subject != "deliveries."+sent.Entity.ID || sent.Receipt.Position.IsZero() {
			t.Errorf("seen: %+v", sent)
		}
	}
	if want := []string{"CREATE_DELIVERY", "START_DELIVERY", "PICKUP_PRODUCTS", "DELIVER_PRODUCTS"}; !slices.Equal(types, want) {
		t.Errorf("saw %v, want %v", types, want)
	}
	watching.refuse = errors.New("nobody listens")
	if _, err := stage.Run(t.Context(), chosen, nil); !errors.Is(err, watching.refuse) {
		t.Errorf("an audience that refuses a line ends the run with %v", err)
	}
}

// What an expectation failed on is known, so that it can be shown.
func TestAFailureKnowsItsEntity(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	for _, step := range []string{`expect: { entity: d, that: status == "lost", within: 50ms }`, `expect: { rejected: Never, entity: d, within: 50ms }`} {
		result, err := stage.Run(t.Context(), own(t, l, "x:\n  - deliveries.create: {}\n    as: d\n  - "+step), nil)
		if err != nil || result.Failed == nil || result.Failed.Entity.Kind != "delivery" || result.Failed.Entity.ID == "" {
			t.Errorf("%s: %v, %+v", step, err, result.Failed)
		}
	}
}

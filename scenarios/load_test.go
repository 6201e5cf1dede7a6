package scenarios

import (
	"context"
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/scenarios/script"
)

// A load sends what its iterations send, counts it, and knows what came back of it.
func TestALoadIsMeasured(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	chosen := own(t, l, `s:
  - deliveries.create: {}
    as: d
  - repeat:
      rate: 500/s
      for: 100ms
      thresholds: [sent == 100, failed == 0]
      steps:
        - deliveries.create: { budget: "{i}" }
          as: e
        - deliveries.start: { id: e.id }
  - expect: { entity: d, that: status == "ready" }
`)
	told := 0
	result, err := stage.Run(t.Context(), chosen, func(p script.Progress) {
		if p.Inner != nil {
			told++
		}
	})
	if err != nil || result.Failed != nil || len(result.Loads) != 1 {
		t.Fatal(err, result.Failed, result.Loads)
	}
	f := result.Loads[0].Figures
	if f.Planned != 50 || f.Iterations != 50 || f.Sent != 100 || f.Dropped != 0 || f.Failed != 0 || f.Published.Count != 100 {
		t.Errorf("%+v", f)
	}
	if f.EndToEnd.Count+f.Lost+f.Untold != 100 || f.Untold != 0 {
		t.Errorf("%d came back, %d did not, %d are untold", f.EndToEnd.Count, f.Lost, f.Untold)
	}
	if len(result.Sent) != 1 || result.Sent[0].Events != 101 {
		t.Errorf("sent: %+v", result.Sent)
	}
	if told != 0 {
		t.Errorf("told of %d steps of iterations", told)
	}
}

// What fails in a load is counted, and said with the first reason; a threshold that does not hold says what was measured.
func TestALoadFails(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	for steps, want := range map[string]string{
		`{ rate: 100/s, for: 50ms, steps: [ { expect: { entity: delivery/nobody, that: version == 1, within: 1ms } } ] }`: "5 of 5 failed, the first with: step 1, iteration",
		`{ rate: 100/s, for: 50ms, thresholds: sent > 5, steps: [ { deliveries.create: {} } ] }`:                          "sent = 5",
		`{ rate: 10000/s, for: 1h, steps: [ { expect: { entity: delivery/nobody, that: version == 1, within: 1ms } } ] }`: "failed, the first with",
	} {
		result, err := stage.Run(t.Context(), own(t, l, "s:\n  - repeat: "+steps+"\n  - say: never said\n"), nil)
		if err != nil || result.Failed == nil || !strings.Contains(result.Failed.Found, want) {
			t.Errorf("%s: %v, %v", steps, err, result.Failed)
		}
	}
}

// A load on a bus where nobody receives fails as a single message does, and soon.
func TestALoadThatNobodyReceives(t *testing.T) {
	t.Parallel()
	l := Builtin()
	stage := live(t, l)
	stage.Bus = deaf{stage.Bus}
	stage.Own, stage.Finds, stage.Make = false, false, true
	result, err := stage.Run(t.Context(), own(t, l, "s:\n  - repeat: { rate: 1000/s, for: 1h, steps: [ { deliveries.create: {} } ] }\n"), nil)
	if err != nil || result.Failed == nil || !strings.Contains(result.Failed.Found, "somebody to receive") {
		t.Errorf("%v, %v", err, result.Failed)
	}
}

// deaf is a bus on which nobody receives anything.
type deaf struct{ bus.Bus }

// Unwrap is what it stands around.
func (d deaf) Unwrap() bus.Bus { return d.Bus }

// Publish sends nothing.
func (d deaf) Publish(context.Context, bus.Outgoing) (bus.Receipt, error) {
	return bus.Receipt{Text: "nobody listens"}, nil
}

func TestMistakesInALoadAreFound(t *testing.T) {
	l := Builtin()
	for section, want := range map[string]string{
		`{ rate: 5000, for: 30s, STEPS }`:                                          `rate: "5000" is none: want 5000/s`,
		`{ rate: 0/s, for: 30s, STEPS }`:                                           `rate: "0/s" is none`,
		`{ rate: 2000000/s, for: 30s, STEPS }`:                                     `up to 1000000/s`,
		`{ rate: 5/s, STEPS }`:                                                     "a rate wants for",
		`{ rate: 5/s, for: 1s..2s, STEPS }`:                                        "want one time above 0",
		`{ rate: 1/h, for: 1s, STEPS }`:                                            "nothing is due within 1s",
		`{ rate: 5/s, for: 1s, times: 3, STEPS }`:                                  "a rate is held for a time",
		`{ rate: 5/s, for: 1s, most: 0, STEPS }`:                                   "most: want",
		`{ times: 3, most: 5, STEPS }`:                                             "most is for a rate",
		`{ times: 3, thresholds: sent == 1, STEPS }`:                               "thresholds are for a rate",
		`{ rate: 5/s, for: 1s, thresholds: [p98 < 1s], STEPS }`:                    "p98",
		`{ rate: 5/s, for: 1s, thresholds: [end_to_end.p98 < 1s], STEPS }`:         "end_to_end.p98",
		`{ rate: 5/s, for: 1s, steps: [ repeat: { rate: 1/s, for: 1s, STEPS } ] }`: "cannot stand inside of another",
		`{ rate: 5/s, for: 1s }`:                                                   "want steps",
	} {
		text := "s:\n  - repeat: " + strings.ReplaceAll(section, "STEPS", "steps: [ { deliveries.create: {} } ]") + "\n"
		_, err := l.LoadScript("test.yaml", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", section, err, want)
		}
	}
}

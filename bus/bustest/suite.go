package bustest

import (
	"testing"
)

// Run holds a bus to its contract.
func Run(t *testing.T, h Harness) {
	if len(h.Shapes) == 0 || h.Capabilities.none() {
		t.Fatal("bustest: the harness exercises no shape or no capability")
	}
	t.Run("connection", func(t *testing.T) { connection(t, h) })
	t.Run("access", func(t *testing.T) { access(t, h) })
	t.Run("keys", func(t *testing.T) { keys(t, h) })
	t.Run("copies", func(t *testing.T) { copies(t, h) })
	t.Run("requests", func(t *testing.T) { requests(t, h) })
	for _, shape := range h.Shapes {
		name := shape.Name
		if name == "" {
			name = string(shape.Kind)
		}
		t.Run(name, func(t *testing.T) { runShape(t, h, shape) })
	}
}

// runShape runs the cases that make sense for a shape.
func runShape(t *testing.T, h Harness, shape Shape) {
	if h.Past {
		runCases(t, h, shape, pastCases(h.Capabilities))
		return
	}
	cases := []shapeCase{
		{"stations", stations, true},
		{"new", readNew, true},
		{"history", readHistory, shape.Replayable},
		{"order", readOrder, true},
		{"closing", closing, true},
		{"nothing left behind", leaving, true},
		{"slow reader", slowLossless, shape.Lossless},
		{"slow reader counts", slowLossy, !shape.Lossless},
		{"outage resumes", outageLossless, shape.Lossless && !h.Inside},
		{"outage is a gap", outageLossy, !shape.Lossless && !h.Inside},
		{"publish", publish, h.Capabilities.Publisher && shape.Publishes},
		{"publish many", publishMany, h.Capabilities.Publisher && shape.Publishes},
		{"publish in order", publishInOrder, h.Capabilities.Publisher && shape.Publishes},
		{"get", get, h.Capabilities.Getter && shape.Replayable},
		{"messages on a subject", messagesOn, h.Capabilities.SubjectReader && shape.Replayable},
		{"make", makes, h.Capabilities.Maker && shape.Makes},
		{"work", work, h.Capabilities.Worker && shape.Works},
		{"work at once", workAtOnce, h.Capabilities.Worker && h.Capabilities.ConsumerLister && shape.Works},
		{"temporary work", temporaryWork, h.Capabilities.Worker && h.Capabilities.ConsumerLister && shape.Works},
	}
	runCases(t, h, shape, append(cases, lookingCases(h.Capabilities, shape)...))
}

func runCases(t *testing.T, h Harness, shape Shape, cases []shapeCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if !c.when {
				t.Skip("not a capability of this station")
			}
			c.run(newSite(t, h, shape))
		})
	}
}

// shapeCase is one case on one shape of station.
type shapeCase struct {
	name string
	run  func(*site)
	when bool
}

// lookingCases are those of the capabilities for people who look, and of the levers.
func lookingCases(c Capabilities, shape Shape) []shapeCase {
	return []shapeCase{
		{"looking changes nothing", looking, true},
		{"standing", standing, c.Tracker && c.Worker && c.ConsumerLister && shape.Works && shape.Lossless},
		{"dead letters", deadLetters, c.DeadLetterLister && c.Worker && shape.Works},
		{"waiting", waiting, shape.Waits},
		{"emptying", emptying, c.Operator && shape.Empties != ""},
	}
}

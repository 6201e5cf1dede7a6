package scenarios

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/bus/bustest/leaks"
	"signalbox/bus/embedded"
	"signalbox/scenarios/script"
	"signalbox/sources"
)

func TestMain(m *testing.M) {
	script.Patient(time.Minute)
	leaks.Main(m)
}

// live is an embedded broker with an engine attached to it.
func live(t *testing.T, l *Library) *Stage {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	server, err := embedded.Start(ctx, embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := server.Connect(ctx, "test", bus.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	engine := sources.NewEngine(sources.Options{Domains: l.Domains(), Poll: 20 * time.Millisecond})
	ended := make(chan error, 1)
	go func() { ended <- engine.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		for _, err := range []error{<-ended, b.Close(), server.Close()} {
			if err != nil {
				t.Error(err)
			}
		}
	})
	if err := engine.Attach(ctx, b, sources.Selection{From: bus.From{Start: bus.FromAll}}); err != nil {
		t.Fatal(err)
	}
	return &Stage{Engine: engine, Bus: b, Library: l, Speed: 100, Own: true, Finds: true}
}

// own loads a script of its own.
func own(t *testing.T, l *Library, text string) *script.Script {
	t.Helper()
	scripts, err := l.LoadScript("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return scripts[0]
}

func TestEveryScriptOfTheLibraryPasses(t *testing.T) {
	t.Parallel()
	l := Builtin()
	stage := live(t, l)
	for range 2 { // on the same server
		for _, chosen := range l.Scripts() {
			states := map[script.State]int{}
			result, err := stage.Run(t.Context(), chosen, func(p script.Progress) { states[p.State]++ })
			if err != nil {
				t.Fatal(err)
			}
			if result.Failed != nil {
				t.Errorf("%s: %v", chosen.FullName(), result.Failed)
			}
			if n := len(chosen.Steps); states[script.Running] != n || states[script.Passed] != n || len(result.Steps) != n {
				t.Errorf("%s of %d steps: %v, %d in the result", chosen.FullName(), n, states, len(result.Steps))
			}
		}
	}
}

// TestRefusalsEndAsTheReferenceSays looks at the numbers that the script leaves behind.
func TestRefusalsEndAsTheReferenceSays(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	script, err := l.Script("deliveries/refusals")
	if err != nil {
		t.Fatal(err)
	}
	result, err := stage.Run(t.Context(), script, nil)
	if err != nil || result.Failed != nil {
		t.Fatal(err, result.Failed)
	}
	rows, err := stage.Engine.Entities(t.Context(), "delivery", nil)
	if err != nil || len(rows) != 1 {
		t.Fatal(err, rows)
	}
	got := map[string]string{"status": rows[0].Status}
	for _, f := range rows[0].Fields {
		got[f.Name] = f.Value.String()
	}
	for name, want := range map[string]string{"status": "completed", "budget": "-60", "quantity": "6"} {
		if got[name] != want {
			t.Errorf("%s is %s, want %s", name, got[name], want)
		}
	}
	if rows[0].Rejected != 3 || rows[0].Version != 5 {
		t.Errorf("%d rejected, version %d; want 3 and 5", rows[0].Rejected, rows[0].Version)
	}
}

func TestFailuresSayWhatWasExpectedAndWhatWasThere(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	for _, c := range []struct {
		name, step      string
		expected, found []string
	}{
		{
			"entity", `expect: { entity: d, that: state.budget == 70, within: 500ms }`,
			[]string{"state.budget == 70 of delivery/", "within 500ms"},
			[]string{"budget=60", "status=ready", "version 1, 0 rejected"},
		},
		{
			"unknown entity", `expect: { entity: delivery/nobody, that: version == 1, within: 500ms }`,
			[]string{"version == 1 of delivery/nobody"},
			[]string{"no event of it"},
		},
		{
			"what cannot be computed", `expect: { entity: d, that: state.quantity > 3, within: 500ms }`,
			[]string{"state.quantity > 3"},
			[]string{"budget=60", "state.quantity is missing"},
		},
		{
			"refusal", `expect: { entity: d, rejected: Not enough budget, within: 500ms }`,
			[]string{`rejected with "Not enough budget"`, "delivery/"},
			[]string{"nothing rejected", "budget=60"},
		},
		{
			"event", `expect: { event: type == "NOTHING", within: 500ms }`,
			[]string{`an event with type == "NOTHING"`},
			[]string{"none among the 1 events since the script began"},
		},
		{
			"consumer", `expect: { consumer: nobody, that: lag == 0, within: 500ms }`,
			[]string{"lag == 0 of consumer nobody"},
			[]string{"no consumer of that name"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			chosen := own(t, l, "s:\n  - deliveries.create: { budget: 60 }\n    as: d\n"+
				"  - expect: { entity: d, that: version == 1 }\n  - "+c.step+"\n  - say: never said\n")
			result, err := stage.Run(t.Context(), chosen, nil)
			if err != nil {
				t.Fatal(err)
			}
			failed := result.Failed
			if failed == nil {
				t.Fatal("it passed")
			}
			if failed.Step != 2 || failed.Line != 5 {
				t.Errorf("step %d of line %d, want 2 of line 5", failed.Step, failed.Line)
			}
			for _, want := range c.expected {
				if !strings.Contains(failed.Expected, want) {
					t.Errorf("expected %q lacks %q", failed.Expected, want)
				}
			}
			for _, want := range c.found {
				if !strings.Contains(failed.Found, want) {
					t.Errorf("found %q lacks %q", failed.Found, want)
				}
			}
			if s := result.Steps; len(s) != 4 || s[2].State != script.Failed || s[2].Failure != failed || s[3].State != script.Skipped {
				t.Errorf("steps: %+v", s)
			}
		})
	}
}

func TestConsumersCanBeExpected(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	text := `s:
  needs: [orders.order-service]
  steps:
    - orders.place: { items: [tea, milk] }
      as: o
    - expect: { event: 'type == "OrderCreated" && data.command_id == o.id && data.items[1] == "milk"' }
      as: created
    - expect: { entity: "order/{created.id}", that: state.order_id == created.data.order_id }
    - expect: { consumer: order-service, that: lag == 0 && unacked == 0 && station == "place-order" }
`
	result, err := stage.Run(t.Context(), own(t, l, text), nil)
	if err != nil || result.Failed != nil {
		t.Error(err, result.Failed)
	}
}

// TestEachRefusalSatisfiesOneExpectation: a second one waits for a second refusal.
func TestEachRefusalSatisfiesOneExpectation(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	text := `s:
  - deliveries.create: {}
    as: d
  - deliveries.start: { id: d.id }
  - deliveries.start: { id: d.id }
  - expect: { entity: d, rejected: Delivery already started }
  - expect: { entity: d, rejected: Delivery already started, within: 500ms }
`
	result, err := stage.Run(t.Context(), own(t, l, text), nil)
	if err != nil {
		t.Fatal(err)
	}
	if result.Failed == nil || result.Failed.Step != 4 || !strings.Contains(result.Failed.Found, "expected before") {
		t.Errorf("failed: %v", result.Failed)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	ctx, cancel := context.WithCancel(t.Context())
	chosen := own(t, l, "s:\n  - expect: { event: type == 'NOTHING', within: 1h }\n")
	_, err := stage.Run(ctx, chosen, func(p script.Progress) {
		if p.State == script.Running {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestRunNeedsABusThatSends(t *testing.T) {
	l := Builtin()
	stage := &Stage{Bus: mute{newFakeBus()}, Library: l, Own: true}
	_, err := stage.Run(t.Context(), l.Scripts()[0], nil)
	if err == nil || err.Error() != "nothing can be sent on fake" {
		t.Errorf("got %v", err)
	}
}

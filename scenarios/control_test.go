package scenarios

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"signalbox/scenarios/script"
	"signalbox/sources"
)

func TestAPausedScriptTakesOneStepAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := Builtin()
		stage := &Stage{
			Engine: sources.NewEngine(sources.Options{}), Bus: newFakeBus(), Library: l, Control: script.NewControl(1),
		}
		stage.Control.Pause()
		chosen := own(t, l, "s:\n  - say: one\n  - wait: 10s\n  - say: run {run}\n")
		var news []string
		ended := make(chan script.Result)
		go func() {
			result, err := stage.Run(t.Context(), chosen, func(p script.Progress) { news = append(news, string(p.State)+" "+p.Text) })
			if err != nil {
				t.Error(err)
			}
			ended <- result
		}()
		want := []string{}
		for _, step := range []string{"say one", "wait 10s"} {
			synctest.Wait()
			if !slices.Equal(news, want) {
				t.Fatalf("news %q, want %q", news, want)
			}
			stage.Control.Step()
			time.Sleep(time.Minute)
			want = append(want, "running "+step, "passed "+step)
		}
		stage.Control.Resume()
		result := <-ended
		if result.Failed != nil || len(result.Steps) != 3 || !strings.HasPrefix(result.Steps[2].Note, "run 0") {
			t.Errorf("result: %+v", result)
		}
		if took := result.Steps[1].Took; took != 10*time.Second {
			t.Errorf("the wait took %v", took)
		}
	})
}

func TestABusThatRefusesEndsTheScript(t *testing.T) {
	synctest.Test(t, testABusThatRefuses)
}

func testABusThatRefuses(t *testing.T) {
	l := Builtin()
	b := newFakeBus()
	b.refuse = errors.New("publish on deliveries: permission denied")
	stage := &Stage{Engine: sources.NewEngine(sources.Options{}), Bus: b, Library: l, Own: true}
	result, err := stage.Run(t.Context(), own(t, l, "s:\n  - deliveries.create: {}\n  - say: done\n"), nil)
	want := "script s: step 1 (line 2): deliveries.create: publish on deliveries: permission denied"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if result.Failed != nil || len(result.Steps) != 2 || result.Steps[0].State != script.Failed || result.Steps[1].State != script.Skipped {
		t.Errorf("result: %+v", result)
	}
}

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

// still is a stage on a bus that keeps nothing, for steps that expect nothing.
func still(l *Library) *Stage {
	return &Stage{Engine: sources.NewEngine(sources.Options{}), Bus: newFakeBus(), Library: l, Own: true, Control: script.NewControl(1)}
}

// told runs a script in a time of its own, and lists what its steps told: the notes of those that have one.
func told(t *testing.T, stage *Stage, text string) (notes []string, result script.Result) {
	t.Helper()
	result, err := stage.Run(t.Context(), own(t, stage.Library, text), func(p script.Progress) {
		switch {
		case p.Inner != nil && p.Inner.State == script.Passed && p.Inner.Note != "":
			notes = append(notes, p.Inner.Path+": "+p.Inner.Note)
		case p.Inner == nil && p.State == script.Passed:
			notes = append(notes, p.Note)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return notes, result
}

func TestRepeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		notes, _ := told(t, still(Builtin()), `s:
  - repeat:
      times: 2
      steps:
        - say: "{i}"
        - repeat: { times: 1, steps: [{ say: "inside {i}" }] }
  - repeat: { for: 10s, steps: [{ wait: 4s }] }
`)
		want := []string{
			"iteration 1, step 1: 1", "iteration 1, step 2, iteration 1, step 1: inside 1", "iteration 1, step 2: once",
			"iteration 2, step 1: 2", "iteration 2, step 2, iteration 1, step 1: inside 1", "iteration 2, step 2: once",
			"2 times", "3 times",
		}
		if !slices.Equal(notes, want) {
			t.Errorf("told %q, want %q", notes, want)
		}
	})
}

// A time that a script repeats for goes with the speed, and not while the script is paused.
func TestRepeatForATimeGoesWithTheSpeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stage := still(Builtin())
		stage.Control.SetSpeed(2)
		go func() {
			time.Sleep(time.Second)
			stage.Control.Pause()
			time.Sleep(time.Minute)
			stage.Control.Resume()
		}()
		_, result := told(t, stage, "s:\n  - repeat: { for: 10s, steps: [{ wait: 1100ms }] }\n")
		if result.Took != 65500*time.Millisecond || result.Steps[0].Note != "10 times" {
			t.Errorf("it took %v, %s; want the minute and 5.5s, 10 times", result.Took, result.Steps[0].Note)
		}
	})
}

// A step that fails inside of others is found.
func TestAFailureInsideSaysTheWholePath(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	result, err := stage.Run(t.Context(), own(t, l, `s:
  - say: first
  - repeat:
      times: 3
      steps:
        - deliveries.create: { budget: "{10 * i}" }
          as: d
        - expect: { entity: d, that: state.budget < 20, within: 500ms }
  - say: never
`), nil)
	if err != nil || result.Failed == nil {
		t.Fatal(err, result.Failed)
	}
	f := result.Failed
	if f.Step != 1 || f.Line != 8 || f.Where() != "step 2, iteration 2, step 2 (line 8)" || !strings.Contains(f.Found, "budget=20") {
		t.Errorf("failed: %v", f)
	}
	if s := result.Steps; len(s) != 3 || s[1].State != script.Failed || s[1].Failure != f || s[2].State != script.Skipped {
		t.Errorf("steps: %+v", s)
	}
}

// What keeps a step inside of others from being taken is said once, with its place.
func TestAnErrorInsideSaysTheWholePath(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stage := still(Builtin())
		b := newFakeBus()
		b.refuse = errors.New("publish on deliveries: permission denied")
		stage.Bus = b
		_, err := stage.Run(t.Context(), own(t, stage.Library, "s:\n  - repeat:\n      times: 2\n      steps: [{ deliveries.create: {} }]\n"), nil)
		want := "script s: step 1, iteration 1, step 1 (line 4): deliveries.create: publish on deliveries: permission denied"
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	})
}

// A pause waits where somebody attends, says its text meanwhile, and takes no second key from whoever takes single steps.
func TestPauseOfAScript(t *testing.T) {
	const text = "s:\n  - pause: look, {run == run}\n  - note: for me\n  - say: done\n"
	synctest.Test(t, func(t *testing.T) {
		notes, _ := told(t, still(Builtin()), text)
		if want := []string{"look, true (nobody is there to press a key, so it goes on)", "for me", "done"}; !slices.Equal(notes, want) {
			t.Errorf("told %q, want %q", notes, want)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		stage := still(Builtin())
		stage.Control.Attend()
		var news []script.Progress
		ended := make(chan error)
		go func() {
			_, err := stage.Run(t.Context(), own(t, stage.Library, text), func(p script.Progress) { news = append(news, p) })
			ended <- err
		}()
		time.Sleep(time.Minute)
		if last := news[len(news)-1]; last.State != script.Running || last.Kind != "pause" || last.Note != "look, true" || !stage.Control.Paused() {
			t.Errorf("after a minute: %+v, paused %v", last, stage.Control.Paused())
		}
		stage.Control.Resume()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		stage.Control.Pause()
		news = nil
		go func() {
			_, err := stage.Run(t.Context(), own(t, stage.Library, text), func(p script.Progress) { news = append(news, p) })
			ended <- err
		}()
		for _, want := range []string{"pause look, {run == run}", "note for me", "say done"} {
			stage.Control.Step()
			synctest.Wait()
			if last := news[len(news)-1]; last.State != script.Passed || last.Text != want {
				t.Errorf("after a step: %+v, want %s", last, want)
			}
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestMistakesInSteps has, for each, where it is and what is said of it.
func TestMistakesInSteps(t *testing.T) {
	for text, want := range map[string]string{
		"repeat: { steps: [{ wait: 1s }] }":                                              "2:13: repeat: want times (3, or 2..5) or for (30s), one of them",
		"repeat: { times: 2, for: 3s, steps: [{ wait: 1s }] }":                           "2:13: repeat: want times (3, or 2..5) or for (30s), one of them",
		"repeat: { times: 0, steps: [{ wait: 1s }] }":                                    `2:22: times: "0" is no number: want 3, or 2..5`,
		"repeat: { for: 0s, steps: [{ wait: 1s }] }":                                     "2:20: for: want a time above 0, such as 30s",
		"repeat: { for: ever, steps: [{ wait: 1s }] }":                                   `2:20: "ever" is no time: want 500ms, 2s, 1m30s or a range such as 200ms..1s`,
		"repeat: { times: 2 }":                                                           "2:13: repeat: want steps",
		"repeat: { times: 2, step: [] }":                                                 `2:25: unknown key "step"; did you mean steps?`,
		"repeat: { times: 2, steps: [{ deliveries.start: { id: d.id } }] }":              `2:59: nothing before this has the name d, which d.id refers to; known are i, run; for the text itself write "{'d.id'}"`,
		"repeat: { times: 2, steps: [{ deliveries.create: {}, as: d }] }\n  - say: d.id": `3:10: nothing before this has the name d, which d.id refers to; known are run; for the text itself write "{'d.id'}"`,
		"repeat: { times: 2, steps: [{ deliveries.create: {}, as: i }] }":                `2:62: the name "i" is given twice`,
		"pause: { text: x }":                                                             "2:12: want a value, have a mapping",
		"note: x\n    as: d":                                                             "3:5: only a command or an expected event can have a name",
		"raw: { station: x, data: y }":                                                   "2:5: raw is a step of traffic, not of a script",
		"note: x\n    say: y":                                                            "3:5: a step does one thing: note and say are two",
	} {
		_, err := Builtin().LoadScript("s.yaml", []byte("s:\n  - "+text+"\n"))
		if err == nil || err.Error() != "s.yaml:"+want {
			t.Errorf("%s\ngot  %v\nwant %s", text, err, want)
		}
	}
}

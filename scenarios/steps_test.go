package scenarios

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"signalbox/bus"
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
		synctest.Wait()
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

// Names that let gives keep their types, and those that are given inside of a step stay there.
func TestLet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		notes, _ := told(t, still(Builtin()), `s:
  vars: { budget: 50 }
  steps:
    - let: { fee: "{budget * 2}", more: "{fee + 1}", plain: "a{fee}", n: 007x, yes: true, half: 0.5, text: "7", all: [a, "{fee}"] }
    - say: "{more} {yes ? 'y' : 'n'} {half * 4} {text + '1'} {plain} {all}"
    - if: more == 101 && yes
      then: [{ let: { inner: "{more}" } }, { say: "{inner}" }]
    - if: budget > 50
      then: [{ say: never }]
`)
		want := []string{
			"fee=100 more=101 plain=a100 n=007x yes=true half=0.5 text=7 all=a,100", "101 y 2 71 a100 a,100",
			"then 1: inner=101", "then 2: 101", "it holds", "it does not hold",
		}
		if !slices.Equal(notes, want) {
			t.Errorf("told %q, want %q", notes, want)
		}
	})
}

// Branches are taken at once, each with names of its own; the step ends with the last of them.
func TestParallel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		notes, result := told(t, still(Builtin()), `s:
  - let: { n: 1 }
  - parallel:
      slow: [{ wait: 3s }, { let: { m: "{n + 1}" } }, { say: "{m}" }]
      fast: [{ wait: 2s }, { let: { m: "{n + 2}" } }, { say: "{m}" }]
`)
		want := []string{"n=1", "fast 2: m=3", "fast 3: 3", "slow 2: m=2", "slow 3: 2", ""}
		if !slices.Equal(notes, want) || result.Took != 3*time.Second {
			t.Errorf("told %q in %v, want %q in 3s", notes, result.Took, want)
		}
	})
}

// The first failure ends the other branches, and says where it is.
func TestAFailureInABranchEndsTheOthers(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	var stopped []script.Inner
	result, err := stage.Run(t.Context(), own(t, l, `s:
  - parallel:
      buyer:
        - say: hello
        - expect: { entity: delivery/none, that: version == 1, within: 100ms }
      courier:
        - wait: { event: type == "NOTHING", within: 1h }
  - say: never
`), func(p script.Progress) {
		if p.Inner != nil && p.Inner.State == script.Skipped {
			stopped = append(stopped, *p.Inner)
		}
	})
	if err != nil || result.Failed == nil || result.Failed.Where() != "step 1, buyer 2 (line 5)" {
		t.Fatal(err, result.Failed)
	}
	if len(stopped) != 1 || stopped[0].Path != "courier 1" {
		t.Errorf("stopped: %+v", stopped)
	}
}

// Each event meets one expectation, whichever branch it is in.
func TestBranchesShareWhatWasMet(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	result, err := stage.Run(t.Context(), own(t, l, `s:
  - parallel:
      one: [{ expect: { event: type == "CREATE_DELIVERY" }, as: a }, { deliveries.start: { id: a.id } }]
      two: [{ expect: { event: type == "CREATE_DELIVERY" }, as: b }, { deliveries.start: { id: b.id } }]
      sends: [{ repeat: { times: 2, steps: [{ deliveries.create: {} }] } }]
  - repeat: { times: 2, steps: [{ expect: { event: type == "START_DELIVERY" && rejected == nil } }] }
  - expect: { event: rejected != nil, never: 300ms }
  - expect: { event: type == "CREATE_DELIVERY", never: 300ms }
`), nil)
	if err != nil || result.Failed != nil {
		t.Error(err, result.Failed)
	}
}

func TestChoose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		notes, _ := told(t, still(Builtin()), `s:
  - repeat:
      times: 400
      steps: [{ choose: [{ weight: 3, steps: [{ say: often }] }, { steps: [{ say: seldom }] }] }]
`)
		n := map[string]int{}
		for _, note := range notes {
			n[note[strings.LastIndex(note, " ")+1:]]++
		}
		if n["often"] < 240 || n["seldom"] < 50 || n["often"]+n["seldom"] != 400 {
			t.Errorf("taken: %v, want about 300 and 100", n)
		}
	})
}

// A script that is called has its own variables, sees no names of the caller, and gives none back; what it uses and needs counts.
func TestCall(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	scripts, err := l.LoadScript("s.yaml", []byte(`whole:
  - let: { n: 20 }
  - call: part
    with: { budget: "{n * 2}" }
  - call: part
  - call: orders/happy-path
part:
  vars: { budget: 7, twice: "{budget * 2}" }
  steps:
    - deliveries.create: { budget: "{budget}" }
      as: d
    - expect: { entity: d, that: state.budget == budget }
    - say: "{twice} {run}"
`))
	if err != nil {
		t.Fatal(err)
	}
	whole := scripts[0]
	if !slices.Equal(whole.Uses, []string{"deliveries", "orders"}) || !slices.Contains(whole.Needs, "orders.order-service") || len(whole.Goals) < 2 {
		t.Errorf("uses %q, needs %q, goals %v", whole.Uses, whole.Needs, whole.Goals)
	}
	var said []string
	result, err := stage.Run(t.Context(), whole, func(p script.Progress) {
		if p.Inner != nil && p.Inner.State == script.Passed && p.Inner.Kind == "say" && p.Index < 3 {
			said = append(said, p.Inner.Path+": "+p.Inner.Note)
		}
	})
	if err != nil || result.Failed != nil {
		t.Fatal(err, result.Failed)
	}
	if len(said) != 2 || !strings.HasPrefix(said[0], "part 3: 80 ") || !strings.HasPrefix(said[1], "part 3: 14 ") || said[0][11:] != said[1][11:] {
		t.Errorf("said %q", said)
	}
}

// noting is a bus that notes what is sent.
type noting struct {
	*fakeBus
	sent []string
}

func (n *noting) Publish(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	n.mu.Lock()
	n.sent = append(n.sent, out.Subject+" "+string(out.Data)+" "+out.Headers.Get("trace"))
	n.mu.Unlock()
	return n.fakeBus.Publish(ctx, out)
}

// The same seed has a run send the same messages; without one it sends others each time.
func TestTheSameSeedSendsTheSame(t *testing.T) {
	l := Builtin()
	const rooms = "domain: rooms\nentity: room\nevents: { stations: [rooms], type: data.type, id: data.id }\n" +
		"stations: { rooms: { kind: stream } }\ncommands:\n  book:\n    title: Book\n    send:\n      station: rooms\n      type: Booked\n" +
		"      headers: { trace: \"{uuid()}\" }\n    fields: { id: { type: text, default: \"{ulid()}\" }, who: { type: text, default: \"{fake('name')}\" } }\n"
	if err := l.Add("rooms.yaml", []byte(rooms)); err != nil {
		t.Fatal(err)
	}
	chosen := own(t, l, `s:
  vars: { guest: "{fake('email')} {pick(1, 2, 3)}" }
  steps:
    - let: { n: "{random(1, 1000000)}" }
    - rooms.book: { who: "{guest} {n} {run}" }
    - parallel:
        one: [{ rooms.book: {} }]
        two: [{ wait: 1ms..1h }, { rooms.book: {} }]
    - repeat:
        times: 2..9
        steps: [{ choose: [{ steps: [{ rooms.book: {} }] }, { steps: [{ rooms.book: { who: "{uuid()}" } }] }] }]
    - if: random(1, 2) == 1
      then: [{ rooms.book: {} }]
    - call: t
t: [{ rooms.book: {} }]
`)
	run := func(seed *uint64) (sent []string, drawn *uint64) {
		synctest.Test(t, func(t *testing.T) {
			stage, b := still(l), &noting{fakeBus: newFakeBus()}
			stage.Bus, stage.Seed = b, seed
			result, err := stage.Run(t.Context(), chosen, nil)
			if err != nil || result.Failed != nil {
				t.Fatal(err, result.Failed)
			}
			slices.Sort(b.sent) // branches are taken at once
			sent, drawn = b.sent, &result.Seed
		})
		return sent, drawn
	}
	first, seed := run(nil)
	again, _ := run(seed)
	if len(first) < 5 || !slices.Equal(first, again) {
		t.Errorf("the seed %d sends\n%s\nand again\n%s", *seed, strings.Join(first, "\n"), strings.Join(again, "\n"))
	}
	if other, _ := run(nil); slices.Equal(first, other) {
		t.Errorf("without a seed it sends the same: %q", other)
	}
}

// What happens at no moment is expected, too.
func TestNever(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	const begin = "s:\n  - deliveries.create: { budget: 60 }\n    as: d\n  - expect: { entity: d, that: version == 1 }\n"
	for step, want := range map[string][2]string{
		`{ entity: d, that: status == "lost", never: 100ms }`:                      {},
		`{ entity: d, that: status == "ready", never: 1h }`:                        {`never d: status == "ready" during 1h0m0s`, "status=ready id="},
		`{ event: rejected != nil, never: 100ms }`:                                 {},
		`{ event: type == "CREATE_DELIVERY", never: 1h }`:                          {`never event type == "CREATE_DELIVERY" during 1h0m0s`, "CREATE_DELIVERY of delivery/"},
		`{ rejected: Not enough budget, entity: d, never: 100ms }`:                 {},
		`{ consumer: nobody, that: lag > 0, never: 100ms }`:                        {},
		`{ station: deliveries, that: messages == 0, never: 100ms }`:               {},
		`{ station: deliveries, that: events > 0 && kind == "stream", never: 1h }`: {"never station deliveries", "kind=stream messages="},
	} {
		result, err := stage.Run(t.Context(), own(t, l, begin+"  - expect: "+step+"\n"), nil)
		switch f := result.Failed; {
		case err != nil:
			t.Fatal(err)
		case (f != nil) != (want[0] != ""):
			t.Errorf("%s: %v", step, f)
		case f != nil && (!strings.Contains(f.Expected, want[0]) || !strings.Contains(f.Found, want[1]) || strings.HasPrefix(step, "{ ent") && f.Entity.ID == ""):
			t.Errorf("%s: %+v", step, f)
		}
	}
}

// A wait goes on until something holds; what does not come in its time fails the run.
func TestWaitUntil(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	result, err := stage.Run(t.Context(), own(t, l, `s:
  - parallel:
      waits:
        - wait: { event: type == "CREATE_DELIVERY" }
          as: d
        - wait: { entity: d, that: status == "active" }
        - wait: { station: deliveries, that: messages >= 2 && consumers >= 0 && size > 10 && events >= 2 && idle < 1h }
        - deliveries.pickup: { id: d.id }
      sends:
        - deliveries.create: {}
          as: e
        - deliveries.start: { id: e.id }
        - wait: { entity: e, that: status == "collected" }
  - wait: { station: deliveries, that: messages > 100, within: 150ms }
`), nil)
	if err != nil || result.Failed == nil {
		t.Fatal(err, result.Failed)
	}
	if f := result.Failed; f.Step != 1 || f.Expected != "messages > 100 of station deliveries within 150ms" || !strings.Contains(f.Found, "kind=stream messages=3 size=") {
		t.Errorf("failed: %v", f)
	}
	result, err = stage.Run(t.Context(), own(t, l, "s:\n  - wait: { station: nowhere, that: rate > 1, within: 150ms }\n"), nil)
	if err != nil || result.Failed == nil || !strings.HasSuffix(result.Failed.Found, "rate is missing") {
		t.Error(err, result.Failed)
	}
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
		"wait: { entity: delivery/1, that: version == 1, never: 2s }":                    "2:60: never is for expect: what is waited for is to come",
		"expect: { event: true, never: 2s, within: 3s }":                                 "2:35: want within or never, not both",
		"expect: { event: true, never: 0s }":                                             `2:35: want one time above 0, such as 2s, have "0s"`,
		"expect: { event: type == 'A', never: 2s }\n    as: a":                           "3:5: what is never to come cannot have a name",
		"wait: { event: tpye == 'A' }":                                                   "2:20: unknown name tpye; did you mean type?",
		"wait: { entity: delivery/1, that: version == 1 }\n    as: a":                    "3:5: only a command or an expected event can have a name",
		"wait: 2s\n    as: a":                                                            "3:5: only a command or an expected event can have a name",
		"expect: { station: x }":                                                         "2:13: want entity and that, or event, or rejected and entity, or consumer and that, or station and that, or drift, or violations; have station",
		"stand-in: { deliveries.courir: off }":                                           `2:17: no stand-in "deliveries.courir"; did you mean deliveries.courier?`,
		"stand-in: { deliveries.courier: crash }":                                        `2:37: want one of on, off, slow, failing, crashed, have "crash"; did you mean crashed?`,
		"stand-in: {}":      "2:5: want stand-ins and how they are to work, such as stand-in: { courier: off }",
		"stand-in: courier": `2:15: want a mapping (name: value), have "courier"`,
		"stand-in: { deliveries.courier: off }\n    as: x": "3:5: only a command or an expected event can have a name",
		"expect: no drfit":                                             `2:13: want no drift, no violations, or a mapping with what is to hold, have "no drfit"; did you mean no drift?`,
		"wait: no rain":                                                `2:11: want no drift, no violations, or a mapping with what is to hold, have "no rain"`,
		"expect: { drift: much }":                                      `2:22: want none or some, have "much"`,
		"expect: { drift: none, never: 2s }":                           "2:35: never none would want some at every moment: want some, which never comes",
		"expect: { drift: none, that: version == 1 }":                  "2:13: want entity and that, or event, or rejected and entity, or consumer and that, or station and that, or drift, or violations; have that drift",
		"expect: no drift\n    as: d":                                  "3:5: only a command or an expected event can have a name",
		"wait: no violations":                                          "2:5: what was violated stays so, and is not waited for: expect: no violations",
		"expect: { violations: none, within: 2s }":                     "2:41: what was violated stays so: within is for violations: some",
		"expect: { violations: some, never: 2s, within: 2s}":           "2:40: want within or never, not both",
		"let: { rate: 5 }\n  - expect: { station: x, that: rate > 3 }": "3:33: rate is a name of this script and of what is known of a station; give it another in the script",
		"let:":                          `2:5: want names with their values, such as let: { fee: "{budget * 2}" }`,
		"let: { a: 1, a: 2 }":           "2:18: a is there already, in line 2",
		"let: { a: 1, b: \"{a + c}\" }": "2:27: unknown name c; known are a, fake, hex, md5, now, pick, random, run, ulid, uuid",
		"let: { run: 1 }":               `2:12: the name "run" has a meaning of its own in expressions; choose another`,
		"let: { a: { b: c } }":          "2:15: want a value, have a mapping",
		"parallel: {}":                  "2:5: want branches with their steps, such as parallel: { buyer: [ … ], courier: [ … ] }",
		"parallel: { a: [{ wait: 1s }], a: [{ wait: 1s }] }":                      "2:36: a is there already, in line 2",
		"parallel: { a: [] }":                                                     "2:17: branch a: want steps",
		"parallel: { a: { wait: 1s } }":                                           "2:20: want a list, have a mapping",
		"parallel: [{ wait: 1s }]":                                                "2:15: want a mapping (name: value), have a list",
		"parallel: { a: [{ deliveries.create: {}, as: d }], b: [{ say: d.id }] }": `2:67: nothing before this has the name d, which d.id refers to; known are run; for the text itself write "{'d.id'}"`,
		"choose: []": "2:5: want choices: a list of { weight: 3, steps: [ … ] }",
		"choose: [{ weight: 0, steps: [{ wait: 1s }] }]":    `2:24: weight: want a number above 0, up to 1000000000, have "0"`,
		"choose: [{ weight: lots, steps: [{ wait: 1s }] }]": `2:24: weight: want a number above 0, up to 1000000000, have "lots"`,
		"choose: [{ weight: 2 }]":                           "2:14: a choice: want steps",
		"choose: [{ wieght: 2, steps: [{ wait: 1s }] }]":    `2:16: unknown key "wieght"; did you mean weight?`,
		"if: run == 'a'": "2:5: want steps beside the condition: then: [ … ], else: [ … ], or both",
		"if: bugdet > 3\n    then: [{ wait: 1s }]":              "2:9: unknown name bugdet; known are fake, hex, md5, now, pick, random, run, ulid, uuid",
		"if: run\n    then: [{ wait: 1s }]":                     "2:9: run is a value, not a condition: compare it, as in run > 3 or run == true",
		"if:\n    then: [{ wait: 1s }]":                         "2:5: want a condition, such as if: budget > 50",
		"if: run == 'a'\n    then: []":                          "3:5: then: want steps",
		"then: [{ wait: 1s }]":                                  `2:5: unknown step "then": want a command with its domain, such as deliveries.create, or one of call, choose, expect, if, let, note, parallel, pause, repeat, say, stand-in, wait`,
		"if: run == 'a'\n    then: [{ wait: 1s }]\n    with: 3": "4:5: a step does one thing: if and with are two",
		"call: s": "2:11: script s would call itself: s, which calls s",
		"call: t\nt:\n  - repeat: { times: 2, steps: [{ call: s }] }": "2:11: script s would call itself: s, which calls t, which calls s\ns.yaml:4:41: script t would call itself: t, which calls s, which calls t",
		"say: \"{fake('cty')}\"":                               `2:12: fake: no generator "cty"; did you mean city?`,
		"say: \"{fake()}\"":                                    `2:12: fake: want the name of a generator: fake('city')`,
		"say: \"a {random(9, 1)}\"":                            `2:14: random: want two whole numbers, the smaller first: random(1, 10)`,
		"say: \"{uuid(3)}\"":                                   `2:12: uuid() takes nothing`,
		"call: nothing":                                        `2:11: no script "nothing"; known are deliveries/happy-path, deliveries/refusals, orders/happy-path, s, votes/happy-path`,
		"call: deliveries/hapy-path":                           `2:11: no script "deliveries/hapy-path"; did you mean deliveries/happy-path?`,
		"call: deliveries/happy-path\n    with: { bugdet: 3 }": `3:13: script deliveries/happy-path has no variable "bugdet"; did you mean budget?`,
		"call: [s]":                                            "2:11: want the name of a script, have a list",
		"pause: { text: x }":                                   "2:12: want a value, have a mapping",
		"note: x\n    as: d":                                   "3:5: only a command or an expected event can have a name",
		"raw: { station: x, data: y }":                         "2:5: raw is a step of traffic, not of a script",
		"note: x\n    say: y":                                  "3:5: a step does one thing: note and say are two",
	} {
		_, err := Builtin().LoadScript("s.yaml", []byte("s:\n  - "+text+"\n"))
		if err == nil || err.Error() != "s.yaml:"+want {
			t.Errorf("%s\ngot  %v\nwant %s", text, err, want)
		}
	}
}

package scenarios

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/script"
	"signalbox/scenarios/standin"
)

// slow is a domain whose stand-in takes its time.
const slow = `
domain: slow
entity: thing
events: { stations: [asks, answers], type: data.type, id: data.id }
fold:
  Ask: { set: { asked: 1 } }
  Answer: { set: { answered: 1 } }
commands:
  answer:
    send: { station: answers, type: Answer, payload: '{"type": type, "id": id}' }
    fields: { id: { type: text } }
stations: { asks: { kind: stream }, answers: { kind: stream } }
stand-ins:
  clerk:
    reads: asks
    does: [{ on: Ask, when: data.loud == nil, sends: answer, with: { id: "{id}" }, after: 10s }]
`

// maxPending is how many answers of one stand-in may wait for their time.
const maxPending = 64

func library(t *testing.T, text string) *Library {
	t.Helper()
	l := &Library{}
	if err := l.Add("test.yaml", []byte(text)); err != nil {
		t.Fatal(err)
	}
	return l
}

// standInsOf makes the stations of stand-ins and has them play, as on a bus of signalbox's own.
func standInsOf(ctx context.Context, l *Library, b bus.Bus, names []string) (*standin.Group, error) {
	g, err := (&Stage{Bus: b, Library: l, Own: true}).prepare(ctx, &script.Script{Needs: names}, 1)
	if err != nil {
		return nil, err
	}
	return g.standIns, nil
}

func askFor(t *testing.T, b *fakeBus, id int, more string) {
	t.Helper()
	data := fmt.Appendf(nil, `{"type": "Ask", "id": "%d"%s}`, id, more)
	if _, err := b.Publish(t.Context(), bus.Outgoing{Station: "asks", Data: data}); err != nil {
		t.Fatal(err)
	}
}

func TestDelaysDoNotHoldUpTheNextMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFakeBus()
		standIns, err := standInsOf(t.Context(), library(t, slow), b, []string{"slow.clerk"})
		if err != nil {
			t.Fatal(err)
		}
		defer standIns.Stop()
		for i := range 20 {
			askFor(t, b, i, "")
		}
		askFor(t, b, 20, `, "loud": true`)
		time.Sleep(10*time.Second - 1)
		synctest.Wait()
		if n := len(b.messages("answers")); n != 0 {
			t.Errorf("%d answers before their time", n)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if n := len(b.messages("answers")); n != 20 {
			t.Errorf("%d answers after 10 s, want 20", n)
		}
	})
}

// Until a stand-in has taken its time, it has neither answered nor acknowledged, and takes nothing else.
func TestAStandInTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFakeBus()
		text := strings.Replace(strings.Replace(slow, ", after: 10s", "", 1), "reads: asks", "reads: asks\n    takes: 2s..5s", 1)
		l := library(t, text)
		standIns, err := standInsOf(t.Context(), l, b, []string{"slow.clerk"})
		if err != nil {
			t.Fatal(err)
		}
		defer standIns.Stop()
		for i := range 3 {
			askFor(t, b, i, "")
		}
		began, times := time.Now(), []time.Duration{0}
		for len(times) < 4 {
			time.Sleep(10 * time.Millisecond)
			synctest.Wait()
			if list := l.Playing().List(); len(b.messages("answers")) >= len(times) {
				times = append(times, time.Since(began))
			} else if len(list) != 1 || list[0].InHand != 1 || list[0].Handled != len(times)-1 {
				t.Fatalf("after %v: %+v", time.Since(began), list)
			}
		}
		for i := range 3 {
			if took := times[i+1] - times[i]; took < 1980*time.Millisecond || took > 5020*time.Millisecond {
				t.Errorf("answer %d took %v, want from 2 s to 5 s", i, took)
			}
		}
	})
}

// The share that fails is refused, and comes again until it is given up; nothing is sent because of it.
func TestAShareFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFakeBus()
		text := strings.Replace(slow, "reads: asks", "reads: asks\n    deliver: 3\n    fails: 100%", 1)
		standIns, err := standInsOf(t.Context(), library(t, text), b, []string{"slow.clerk"})
		if err != nil {
			t.Fatal(err)
		}
		defer standIns.Stop()
		askFor(t, b, 1, "")
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := len(b.messages("answers")); n != 0 || b.naks != 2 || b.gaveUp != 1 {
			t.Errorf("%d answers, delivered again %d times, %d given up; want 0, 2 and 1", n, b.naks, b.gaveUp)
		}
	})
}

func TestAStandInLeavesThePastAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFakeBus()
		askFor(t, b, 1, "")
		standIns, err := standInsOf(t.Context(), library(t, slow), b, []string{"slow.clerk"})
		if err != nil {
			t.Fatal(err)
		}
		defer standIns.Stop()
		askFor(t, b, 2, "")
		time.Sleep(time.Minute)
		synctest.Wait()
		answers := b.messages("answers")
		if len(answers) != 1 || string(answers[0].Data) != `{"type":"Answer","id":"2"}` {
			t.Errorf("answers: %v", answers)
		}
	})
}

func TestWhatIsPromisedIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFakeBus()
		standIns, err := standInsOf(t.Context(), library(t, slow), b, []string{"slow.clerk"})
		if err != nil {
			t.Fatal(err)
		}
		defer standIns.Stop()
		for i := range maxPending + 10 {
			askFor(t, b, i, "")
		}
		time.Sleep(15 * time.Second)
		synctest.Wait()
		if n := len(b.messages("answers")); n != maxPending {
			t.Errorf("%d answers after 15 s, want %d: the others waited for room", n, maxPending)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if n := len(b.messages("answers")); n != maxPending+10 {
			t.Errorf("%d answers after 25 s, want %d", n, maxPending+10)
		}
	})
}

func TestStandInsEndAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFakeBus()
		ctx, cancel := context.WithCancel(t.Context())
		standIns, err := standInsOf(ctx, library(t, slow), b, []string{"slow.clerk"})
		if err != nil {
			t.Fatal(err)
		}
		for i := range maxPending + 1 {
			askFor(t, b, i, "")
		}
		synctest.Wait()
		cancel()
		began := time.Now()
		standIns.Stop()
		if took := time.Since(began); took != 0 {
			t.Errorf("stopping took %v", took)
		}
		if n := len(b.messages("answers")); n != 0 {
			t.Errorf("%d answers though it was stopped", n)
		}
	})
}

func TestAStandInLeavesTheStageToTheRealOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newFakeBus()
		ctx, cancel := context.WithCancel(t.Context())
		service := make(chan error, 1)
		go func() {
			service <- b.Work(ctx, bus.Job{Station: "order-created", Consumer: "sales"}, func(context.Context, bus.Message, int) bus.Verdict {
				return bus.Ack
			})
		}()
		synctest.Wait()
		standIns, err := standInsOf(t.Context(), Builtin(), b, []string{"orders.order-service", "orders.sales"})
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		for name, want := range map[string]int{"sales": 1, "order-service": 1} {
			if got := b.workers[name]; got != want {
				t.Errorf("%d workers are %s, want %d", got, name, want)
			}
		}
		standIns.Stop()
		cancel()
		if err := <-service; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

func TestWhatAStandInDoesNotUnderstand(t *testing.T) {
	for verdict, count := range map[string]func(*fakeBus) int{
		"term": func(b *fakeBus) int { return b.terms },
		"nak":  func(b *fakeBus) int { return b.gaveUp },
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newFakeBus()
			text := strings.Replace(slow, "reads: asks\n", "reads: asks\n    deliver: 3\n    unknown: "+verdict+"\n", 1)
			standIns, err := standInsOf(t.Context(), library(t, text), b, []string{"slow.clerk"})
			if err != nil {
				t.Fatal(err)
			}
			for _, data := range []string{"no JSON", `{"type": "Nonsense", "id": "1"}`, `{"type": "Answer", "id": "1"}`} {
				if _, err := b.Publish(t.Context(), bus.Outgoing{Station: "asks", Data: []byte(data)}); err != nil {
					t.Fatal(err)
				}
			}
			synctest.Wait()
			if got := count(b); got != 2 {
				t.Errorf("%s: %d messages, want 2", verdict, got)
			}
			standIns.Stop()
		})
	}
}

func TestMistakesInStandIns(t *testing.T) {
	for change, want := range map[[2]string]string{
		{"reads: asks", "reads: ''"}:                      "stand-in clerk: want reads: the station it reads",
		{"after: 10s", "after: 10"}:                       `"10" is no time`,
		{"sends: answer", "sends: anser"}:                 `no command "anser"; did you mean answer?`,
		{"id: \"{id}\" }", "idd: x }"}:                    `slow.answer has no field "idd"; did you mean id?`,
		{"data.loud", "dat.loud"}:                         "unknown name dat; did you mean data?",
		{"reads: asks", "reads: asks\n    unknown: keep"}: `"keep": want ack, nak or term`,
		{"reads: asks", "reads: asks\n    fails: half"}:   `"half" is no share`,
		{"reads: asks", "reads: asks\n    takes: 3"}:      `"3" is no time`,
		{"reads: asks", "reads: asks\n    at-once: 0"}:    "at-once: want a whole number from 1 to 256, have 0",
	} {
		err := (&Library{}).Add("test.yaml", []byte(strings.Replace(slow, change[0], change[1], 1)))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "test.yaml:") {
			t.Errorf("%s: got %v, want %s", change[1], err, want)
		}
	}
}

// What a stand-in cannot do is told with the failure of a script, and what was reported of the step stays as it was.
func TestAFailureTellsOfStandIns(t *testing.T) {
	l := Builtin()
	if err := l.Add("loans.yaml", []byte(`
domain: loans
entity: loan
events: { stations: [loans], type: data.type, id: data.id }
states: [lent]
fold:
  Lent: { creates: true, set: { days: int(data.days) }, to: lent }
  Renewed: { set: { days: state.days + int(data.days) } }
commands:
  lend: { send: { station: loans, type: Lent }, fields: { id: { type: text, default: "{ulid()}" }, days: { type: int }, more: { type: text } } }
  renew: { send: { station: loans, type: Renewed }, fields: { id: { type: entity }, days: { type: int } } }
stations: { loans: { kind: stream } }
stand-ins:
  librarian:
    reads: loans
    does:
      - { on: Lent, sends: renew, with: { id: "{id}", days: "{data.more}" } }
scripts:
  kindness:
    needs: [librarian]
    steps:
      - lend: { days: 3, more: "as you like" }
        as: bad
      - lend: { days: 3, more: "7" }
        as: good
      - expect: { entity: good, that: state.days == 10, within: 60s }
      - expect: { entity: bad, that: state.days == 10, within: 1ms }
`)); err != nil {
		t.Fatal(err)
	}
	stage := live(t, l)
	chosen, err := l.Script("loans/kindness")
	if err != nil {
		t.Fatal(err)
	}
	var reported *script.Failure
	result, err := stage.Run(t.Context(), chosen, func(p script.Progress) { reported = cmp.Or(p.Failure, reported) })
	if err != nil || result.Failed == nil || reported == nil {
		t.Fatalf("%v, failed %v, reported %v", err, result.Failed, reported)
	}
	const besides = "besides, stand-in loans.librarian: on Lent: "
	if !strings.Contains(result.Failed.Found, besides) || result.Steps[3].Failure != result.Failed {
		t.Errorf("failed: %v, want it to tell of %q, as its step does", result.Failed, besides)
	}
	if strings.Contains(reported.Found, besides) {
		t.Errorf("what was reported has changed: %v", reported)
	}
}

// A script switches a stand-in that plays beside it, and leaves it as it was.
func TestAScriptSwitchesAStandIn(t *testing.T) {
	l := library(t, slow)
	stage := live(t, l)
	stage.Own = false
	chosen := own(t, l, "s:\n  - stand-in: { slow.clerk: off }\n  - wait: { consumer: clerk, that: waiting == 0 }\n")
	if _, err := l.Make(t.Context(), stage.Bus); err != nil {
		t.Fatal(err)
	}
	absent := (*AbsentError)(nil)
	if _, err := stage.Run(t.Context(), chosen, nil); !errors.As(err, &absent) || !strings.Contains(err.Error(), "slow.clerk is not played by signalbox") {
		t.Errorf("without the stand-in: %v", err)
	}
	ctx, end := context.WithCancel(t.Context())
	begun, done := make(chan struct{}), make(chan error)
	go func() {
		_, err := l.Serve(ctx, stage.Bus, Service{Names: []string{"clerk"}, Begun: func([]*standin.StandIn, []string) { close(begun) }})
		done <- err
	}()
	<-begun
	if err := l.Playing().Set("clerk", "", standin.Slow); err != nil {
		t.Fatal(err)
	}
	during := standin.Condition("")
	result, err := stage.Run(t.Context(), chosen, func(p script.Progress) {
		if p.Index == 0 && p.State == script.Passed {
			during = l.Playing().List()[0].Condition
		}
	})
	if err != nil || result.Failed != nil || during != standin.Off {
		t.Errorf("%v, %v; during the script the stand-in is %q", err, result.Failed, during)
	}
	if p := l.Playing().List(); len(p) != 1 || p[0].Condition != standin.Slow {
		t.Errorf("after the script: %+v", p)
	}
	end()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

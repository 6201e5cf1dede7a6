package deck

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/scenarios/script"
	"signalbox/sources"
	"signalbox/ui/deck/component"
)

const talk = `
talk:
  about: A parcel, and what becomes of it.
  steps:
    - note: Say hello.
    - say: Somebody sends a parcel to a friend who lives on the third floor of a house without a bell.
    - parcels.send: { id: p-1 }
    - say: It is picked up.
    - parcels.send: { id: p-2 }
    - note: The courier is Ada.
    - say: And it is lost.
    - expect: { entity: delivery/p-1, that: status == "lost" }
`

// presenting is an option of drive: a talk is presented, which ends as outcome says.
func presenting(t *testing.T, pages *[]Page, outcome func() (script.Result, error)) func(*Options) {
	l := &scenarios.Library{}
	if err := l.Add("parcels.yaml", []byte(parcels)); err != nil {
		t.Fatal(err)
	}
	found, err := l.LoadScript("talk.yaml", []byte(talk))
	if err != nil {
		t.Fatal(err)
	}
	return func(o *Options) {
		o.ReadOnly = true
		o.Present = &Presentation{Script: found[0], Bus: "embedded nats", Perform: spoken(found[0], outcome)}
		if pages != nil {
			o.Present.Notes = shown(func(p Page) { *pages = append(*pages, p) })
		}
	}
}

type shown func(Page)

func (s shown) Show(p Page) { s(p) }

// spoken takes the steps of a script as a run does; every message becomes what has happened to the collected delivery.
func spoken(s *script.Script, outcome func() (script.Result, error)) func(context.Context, *script.Control, script.Audience, func(script.Progress)) (script.Result, error) {
	return func(ctx context.Context, control *script.Control, audience script.Audience, report func(script.Progress)) (script.Result, error) {
		control.SetSpeed(script.FastestSpeed)
		sent := []script.Sent{
			{Type: "CREATE_DELIVERY", Entity: collected, Station: "deliveries", Subject: "deliveries.01HX00Q",
				Receipt: bus.Receipt{Station: "deliveries", Position: bus.Position{Major: 31204}}},
			{Type: "START_DELIVERY", Entity: collected, Station: "news", Subject: "news", After: 1, Receipt: bus.Receipt{Receivers: 2}},
		}
		for i, step := range s.Steps {
			news := script.Progress{Index: i, Of: len(s.Steps), Kind: step.Kind, Text: step.Text, State: script.Running}
			report(news)
			switch line := strings.TrimPrefix(step.Text, step.Kind+" "); step.Kind {
			case "say":
				if err := audience.Hear(ctx, line); err != nil {
					return script.Result{}, err
				}
				news.Note = line
			case "note":
				news.Note = line
			case "send":
				audience.See(sent[0])
				sent = sent[1:]
			case "expect":
				return outcome()
			}
			news.State = script.Passed
			report(news)
		}
		return script.Result{}, nil
	}
}

func unexpected() (script.Result, error) {
	return script.Result{Failed: &script.Failure{Step: 7, Path: "step 8", Line: 12, Entity: collected, Expected: `status == "lost" of delivery/01HX00Q within 2s`,
		Found: "status=collected budget=30 quantity=2 notes=ring twice (version 4, 1 rejected)"}}, nil
}

func TestAPresentationGoesOnByKeys(t *testing.T) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"120x36", 120, 36}, {"80x24", 80, 24}, {"60x15", 60, 15}} {
		t.Run(size.name, func(t *testing.T) {
			var pages []Page
			s := drive(t, demo(), size.width, size.height, presenting(t, &pages, unexpected))
			s.shows("A parcel, and what becomes of it.", "space begins")
			s.golden("present_start_" + size.name)
			if last := pages[len(pages)-1]; last.Next == "" || last.Notes != "Say hello." || !last.Began.IsZero() {
				t.Errorf("at the start whoever presents sees %+v", last)
			}
			l := s.loop(s.start(keyPress("space")))
			l.until("CREATE_DELIVERY", "space goes on", "✓")
			s.golden("present_line_" + size.name)
			s.key("pgdown") // as those do that one holds in the hand
			l.until("It is picked up.", "2 listeners  ✓", "space goes on", "2 of 3")
			if last := pages[len(pages)-1]; last.Line != "It is picked up." || last.Next != "And it is lost." || last.Notes != "The courier is Ada." || !last.Waits || last.At != 2 {
				t.Errorf("whoever presents sees %+v", last)
			}
			s.golden("present_answered_" + size.name)
			s.key("left")
			s.shows("Somebody sends a parcel", "an earlier line", "1 of 3")
			s.key("left") // there is none before
			s.key("space")
			s.shows("It is picked up.", "2 of 3")
			s.key("?")
			s.shows("here: a presentation")
			s.key("esc", "enter")
			l.until("This is not as it was expected.")
			s.golden("present_failed_" + size.name)
			s.key("esc")
			s.shows("Events", "s presentation")
			if s.model.Entity() != collected {
				t.Errorf("the panes show %v, not what the story is about", s.model.Entity())
			}
			s.key("s", "home")
			s.shows("A parcel, and what becomes of it.", "space begins")
			l.begin(s.start(keyPress("right")))
			l.until("CREATE_DELIVERY", "space goes on")
			s.key("r") // in the midst
			l.until("space begins")
			s.model.work.Wait()
		})
	}
}

func TestAPresentationSaysWhyItCannotGoOn(t *testing.T) {
	s := drive(t, demo(), 80, 24, presenting(t, nil, func() (script.Result, error) { return script.Result{}, errors.New("the broker went away") }))
	l := s.loop(s.start(keyPress("space")))
	for _, line := range []string{"1 of 3", "2 of 3"} {
		l.until(line, "space goes on")
		s.key("space")
	}
	l.until("It cannot go on.", "the broker went away", "r is back to the start")
	s.model.work.Wait()
}

// Each key of a presentation is in its help, and works somewhere.
func TestKeysOfAPresentation(t *testing.T) {
	s := drive(t, demo(), 120, 36, presenting(t, nil, unexpected))
	view := s.model.Overlays.Top()
	for _, key := range s.model.keys.Under(component.Called(view)) {
		for _, name := range key.Names {
			if found, _ := s.model.keys.Find(&s.model.Deck, keyPress(name)); found == nil {
				t.Errorf("%s (%s) does nothing in a presentation", name, key.Help)
			}
		}
	}
	for _, key := range s.model.keys.All() {
		if key.Sends {
			t.Errorf("%q sends", key.Help)
		}
	}
}

// A script that says nothing waits for a key before each step.
func TestAPresentationWithoutLinesGoesByStep(t *testing.T) {
	l, b := &scenarios.Library{}, embeddedBus()
	found, err := l.LoadScript("quiet.yaml", []byte("quiet:\n  - let: { a: 1 }\n  - let: { b: \"{a + 1}\" }\n  - let: { c: \"{a + b}\" }\n"))
	if err != nil {
		t.Fatal(err)
	}
	var passed atomic.Int32
	perform := func(ctx context.Context, control *script.Control, audience script.Audience, report func(script.Progress)) (script.Result, error) {
		stage := scenarios.Stage{Engine: sources.NewEngine(sources.Options{}), Bus: b, Library: l, Own: true, Control: control, Audience: audience}
		return stage.Run(ctx, found[0], func(p script.Progress) {
			if p.State == script.Passed {
				passed.Add(1)
			}
			report(p)
		})
	}
	s := drive(t, demo(), 120, 36, func(o *Options) {
		o.ReadOnly = true
		o.Present = &Presentation{Script: found[0], Bus: "embedded nats", Perform: perform}
	})
	s.shows("space begins")
	loop := s.loop(s.start(keyPress("space")))
	for n := range int32(3) {
		if n > 0 {
			s.key("space")
		}
		loop.until(fmt.Sprintf("%d of 3", n+1), "let "+string('a'+n), map[bool]string{true: "space goes on", false: "passed"}[n < 2])
		if done := passed.Load(); done != n+1 {
			t.Errorf("after %d keys %d steps are taken", n+1, done)
		}
	}
	s.model.work.Wait()
}

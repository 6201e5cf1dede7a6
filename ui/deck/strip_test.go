package deck

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios/script"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/scripts"
)

// loop runs commands beside each other, as the program does, and hands over what comes of them.
type loop struct {
	*driver
	msgs chan tea.Msg
}

func (s *driver) loop(first tea.Cmd) *loop {
	l := &loop{s, make(chan tea.Msg, 64)}
	l.begin(first)
	return l
}

func (l *loop) begin(cmd tea.Cmd) {
	if cmd != nil {
		go func() { l.msgs <- cmd() }()
	}
}

// until hands over what comes until the screen shows all texts.
func (l *loop) until(texts ...string) {
	l.t.Helper()
	late := time.After(time.Minute)
	for missing := texts[0]; missing != ""; {
		missing = ""
		for _, text := range texts {
			if !strings.Contains(l.screen(), text) {
				missing = text
			}
		}
		if missing == "" {
			return
		}
		select {
		case msg := <-l.msgs:
			if batch, ok := msg.(tea.BatchMsg); ok {
				for _, cmd := range batch {
					l.begin(cmd)
				}
				continue
			}
			_, next := l.model.Update(msg)
			l.begin(next)
		case <-l.fake.changed:
			_, next := l.model.Update(snapshotMsg{})
			l.begin(next)
		case <-late:
			l.t.Fatalf("not within a minute: %q\n%s", missing, l.screen())
		}
	}
}

// collected is the delivery of which the history is known.
var collected = sources.Entity{Kind: "delivery", ID: "01HX00Q"}

// story is a script that says a line, sends, and then does what is asked; goOn ends its wait.
func story(goOn chan struct{}, then func(func(script.Progress)) *script.Failure) scripts.Play {
	return func(ctx context.Context, _ bus.Bus, chosen *script.Script, _ bool, _ *script.Control, audience script.Audience,
		report func(script.Progress)) (script.Result, error) {
		report(script.Progress{Index: 0, Of: 3, Text: "say The courier picks up what was ordered.", State: script.Running})
		if err := audience.Hear(ctx, "The courier picks up what was ordered, and pays for it at the counter of the shop."); err != nil {
			return script.Result{}, err
		}
		report(script.Progress{Index: 0, Of: 3, Text: "say The courier picks up what was ordered.", State: script.Passed})
		audience.See(script.Sent{Type: "PICKUP_PRODUCTS", Entity: collected, Station: "deliveries", Subject: "deliveries.01HX00Q", After: 2,
			Receipt: bus.Receipt{Station: "deliveries", Position: bus.Position{Major: 31205}}})
		report(script.Progress{Index: 1, Of: 3, Text: "pickup id=d.id quantity=2", State: script.Running})
		select {
		case <-goOn:
		case <-ctx.Done():
			return script.Result{}, ctx.Err()
		}
		result := script.Result{Script: chosen.FullName(), Sent: []script.Destination{{Name: "deliveries", Stored: true, Events: 1, Receivers: []string{"courier"}}}}
		result.Failed = then(report)
		return result, nil
	}
}

func passes(func(script.Progress)) *script.Failure { return nil }

// unmet is an expectation about the delivery that is not met.
func unmet(report func(script.Progress)) *script.Failure {
	failed := &script.Failure{Step: 1, Path: "step 2", Line: 20, Entity: collected, Expected: `status == "active" of delivery/01HX00Q within 2s`,
		Found: "status=collected budget=30 quantity=2 notes=ring twice (version 4, 1 rejected, last with \"Delivery already started\")"}
	report(script.Progress{Index: 1, Of: 3, Text: "expect d: status == \"active\"", State: script.Failed, Failure: failed})
	return failed
}

func TestTheStripShowsTheStory(t *testing.T) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"120x36", 120, 36}, {"200x60", 200, 60}, {"80x24", 80, 24}, {"60x15", 60, 15}} {
		t.Run(size.name, func(t *testing.T) {
			goOn := make(chan struct{})
			play := story(goOn, passes)
			s := drive(t, demo(), size.width, size.height, armed(t, embeddedBus()), playing(&play))
			s.key("s")
			l := s.loop(s.start(keyPress("enter")))
			l.until("The courier picks up", "enter → read on")
			s.key("enter")
			s.key("tab") // the panes have the keys
			if size.height < 20 {
				l.until("delivery 01HX00Q", "collected")
			} else {
				l.until("PICKUP_PRODUCTS → deliveries", "became delivery 01HX00Q collected v4", "s: its keys")
			}
			if s.model.Overlays.Top() != nil || s.focused() != "Events" {
				t.Errorf("the panes do not have the keys: %T, %s", s.model.Overlays.Top(), s.focused())
			}
			s.golden("strip_" + size.name)
			s.key("s")
			s.golden("strip_with_keys_" + size.name)
			close(goOn)
			l.until("✓ passed, 2 steps")
			s.key("esc")
			if s.hides("script parcels/story", "✓ passed"); s.model.Strip.Showing() {
				t.Error("the strip of a script that has ended stays")
			}
			s.model.work.Wait()
		})
	}
}

// Once it has ended the strip has what people should know of the script besides, and who read then what it sent.
func TestTheStripOfAScriptThatHasEnded(t *testing.T) {
	for name, then := range map[string]func(func(script.Progress)) *script.Failure{"passed": passes, "failed": unmet} {
		t.Run(name, func(t *testing.T) {
			goOn := make(chan struct{})
			close(goOn)
			told := story(goOn, then)
			play := scripts.Play(func(ctx context.Context, b bus.Bus, chosen *script.Script, supply bool, control *script.Control,
				audience script.Audience, report func(script.Progress)) (script.Result, error) {
				audience.See(script.Sent{Type: "CREATE_DELIVERY", Entity: sources.Entity{Kind: "delivery", ID: "another"}, Station: "deliveries",
					Receipt: bus.Receipt{Station: "deliveries"}})
				result, err := told(ctx, b, chosen, supply, control, audience, report)
				result.Notes = []string{"nobody reads deliveries as billing: --stand-in billing has signalbox play it"}
				result.Sent[0].Receivers = []string{"one-that-has-gone"}
				return result, err
			})
			s := drive(t, demo(), 130, 34, armed(t, embeddedBus()), playing(&play))
			s.key("s")
			l := s.loop(s.start(keyPress("enter")))
			l.until("enter → read on")
			s.key("enter")
			if l.until("note", "nobody reads deliveries as billing"); name == "passed" {
				l.until("sent   PICKUP_PRODUCTS", "read by one-that-has-gone · 2 sent, about 2 entities")
			} else {
				l.until("expected", "found")
			}
			s.model.work.Wait()
		})
	}
}

func TestAFailedExpectationOpensItsEntity(t *testing.T) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"120x36", 120, 36}, {"80x24", 80, 24}, {"60x15", 60, 15}} {
		t.Run(size.name, func(t *testing.T) {
			goOn := make(chan struct{})
			close(goOn)
			play := story(goOn, unmet)
			s := drive(t, demo(), size.width, size.height, armed(t, embeddedBus()), playing(&play))
			s.key("4", "end") // somebody has looked at another
			s.key("s")
			l := s.loop(s.start(keyPress("enter")))
			l.until("enter → read on")
			s.key("n") // a step: it has been read
			s.key("space")
			l.until("failed at step 2", "PICKUP_PRODUCTS") // in the history
			if s.model.Entity() != collected || s.focused() != "State" || s.model.Overlays.Top() != nil {
				t.Errorf("the entity is not open: %v in %s, under %T", s.model.Entity(), s.focused(), s.model.Overlays.Top())
			}
			s.golden("strip_failed_" + size.name)
			s.key("esc")
			if s.focused() != "Entities" {
				t.Errorf("esc leads to %s", s.focused())
			}
			s.model.work.Wait()
		})
	}
}

// Whoever is at something else is not taken from there when an expectation fails.
func TestAFailureLeavesWhatIsOpen(t *testing.T) {
	goOn := make(chan struct{})
	play := story(goOn, unmet)
	s := drive(t, demo(), 120, 36, armed(t, embeddedBus()), playing(&play))
	s.key("s")
	l := s.loop(s.start(keyPress("enter")))
	l.until("enter → read on")
	s.key("enter", "esc", "i", "enter")
	l.until("became delivery")
	close(goOn)
	l.until("failed at step 2")
	if _, form := s.model.Overlays.Top().(component.Writing); !form {
		t.Errorf("the form has given way to %T", s.model.Overlays.Top())
	}
	s.model.work.Wait()
}

// While a script plays, the panes have every key that they have without one.
func TestTheStripTakesNoKeyFromThePanes(t *testing.T) {
	goOn := make(chan struct{})
	play := story(goOn, passes)
	s, without := drive(t, demo(), 120, 36, armed(t, embeddedBus()), playing(&play)), drive(t, demo(), 120, 36, armed(t, embeddedBus()), playing(&play))
	s.key("s")
	l := s.loop(s.start(keyPress("enter")))
	l.until("enter → read on")
	s.key("enter", "esc")
	for _, pane := range []string{"1", "2", "3", "4", "5"} {
		s.key(pane)
		without.key(pane)
		names := map[string]bool{}
		for _, key := range s.model.keys.Here(&s.model.Deck) {
			names[key.Help] = true
		}
		for _, key := range without.model.keys.Here(&without.model.Deck) {
			if !names[key.Help] {
				t.Errorf("pane %s loses %q", pane, key.Help)
			}
		}
	}
	close(goOn)
	l.until("passed")
	s.model.work.Wait()
}

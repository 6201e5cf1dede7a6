// Package standins is where the services that signalbox plays are had to play, ended, and switched: on, off, slow, failing,
// crashed. Who plays is known to component.StandIns, which the deck shows in the pane of consumers.
//
// All of it runs on the deck's goroutine, but for the playing itself: each stand-in that was begun here has a goroutine that the deck
// waits for, and ends with it at the latest.
package standins

import (
	"context"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/scenarios/standin"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// Room has stand-ins play.
type Room struct {
	Library *scenarios.Library // nil for none
	ends    map[string]context.CancelFunc
}

// Lines are the commands of the palette.
func (r *Room) Lines() []dialogs.Choice {
	if r.Library == nil {
		return nil
	}
	return []dialogs.Choice{{Name: "stand-in", Form: "NAME [on, off, slow, failing, crashed or end]",
		About: "have signalbox play a service, or switch one that it plays: stand-in courier off", Run: r.run}}
}

// Keys are those of a consumer that signalbox plays.
func (r *Room) Keys() []component.Key {
	const needs = "a consumer that signalbox plays: a stand-in"
	here := func(d *component.Deck) bool { _, ok := chosen(d); return ok }
	key := func(short, help string, do func(*component.Deck, standin.Played) tea.Cmd, where func(*component.Deck) bool, names ...string) component.Key {
		return component.Key{Names: names, Short: short, Help: help, Rank: component.RankRow, For: component.Is[component.ConsumerHolder],
			Where: where, Needs: needs, Do: func(d *component.Deck) tea.Cmd {
				p, ok := chosen(d)
				if !ok {
					return nil
				}
				if holder, holds := component.Chosen[component.ConsumerHolder](d); holds {
					holder.HoldConsumer(d)
				}
				return do(d, p)
			}}
	}
	isOn := func(d *component.Deck) bool { p, ok := chosen(d); return ok && p.Condition == standin.On }
	isNot := func(d *component.Deck) bool { p, ok := chosen(d); return ok && p.Condition != standin.On }
	return []component.Key{
		key("off", "switch a stand-in off", func(d *component.Deck, p standin.Played) tea.Cmd { return set(d, p, standin.Off) }, isOn, "o"),
		key("on", "switch a stand-in on", func(d *component.Deck, p standin.Played) tea.Cmd { return set(d, p, standin.On) }, isNot, "o"),
		key("stand-in", "a stand-in: on, off, slow, failing, crashed", pick, here, "p"),
	}
}

// chosen is the stand-in that plays the chosen consumer.
func chosen(d *component.Deck) (standin.Played, bool) {
	holder, ok := component.Chosen[component.ConsumerHolder](d)
	if !ok {
		return standin.Played{}, false
	}
	r, _ := holder.ChosenConsumer(d)
	if r == nil {
		return standin.Played{}, false
	}
	return d.Played(r)
}

// pick lists the conditions of a stand-in.
func pick(d *component.Deck, p standin.Played) tea.Cmd {
	var choices []dialogs.Choice
	for _, c := range standin.Conditions {
		note := ""
		if c.Condition == p.Condition {
			note = "now"
		}
		choices = append(choices, dialogs.Choice{Name: string(c.Condition), About: c.About, Note: note,
			Pick: func(d *component.Deck) tea.Cmd { return set(d, p, c.Condition) }})
	}
	dialogs.Pick(d, "stand-in "+screen.Clean(p.Name), "switch", choices)
	return nil
}

// set switches a stand-in.
func set(d *component.Deck, p standin.Played, to standin.Condition) tea.Cmd {
	if err := d.StandIns.Set(p.Name, p.Bus, to); err != nil {
		d.SayError(err)
		return nil
	}
	d.Say(bus.Say, screen.Clean(p.Name)+" "+wording.Switched(to))
	return nil
}

// run does what a line says: "courier", "courier off".
func (r *Room) run(d *component.Deck, rest string) (tea.Cmd, error) {
	name, word, _ := strings.Cut(strings.TrimSpace(rest), " ")
	word = strings.TrimSpace(word)
	p, plays := r.played(d, name)
	switch {
	case name == "":
		return nil, errors.New("want a name: " + strings.Join(r.Library.StandInNames(), ", "))
	case word == "end":
		return r.end(d, name, p, plays)
	case word != "":
		to, err := standin.ParseCondition(word)
		if err == nil {
			err = d.StandIns.Set(name, "", to)
		}
		if err != nil {
			return nil, err
		}
		d.Close()
		d.Say(bus.Say, screen.Clean(p.Name)+" "+wording.Switched(to))
		return nothing, nil
	case plays:
		d.Close()
		pick(d, p)
		return nothing, nil
	}
	return r.begin(d, name)
}

// nothing is a command that has nothing to do: the line was run.
func nothing() tea.Msg { return nil }

// played finds a stand-in that plays, by either of its names.
func (r *Room) played(d *component.Deck, name string) (standin.Played, bool) {
	for _, p := range d.StandIns.List() {
		if p.Name == name || strings.HasSuffix(p.Name, "."+name) {
			return p, true
		}
	}
	return standin.Played{}, false
}

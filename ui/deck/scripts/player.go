package scripts

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/scenarios/script"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/deck/sender"
	"signalbox/ui/screen"
)

// Play plays a script on a bus to its end: a scenarios.Stage, or what a test puts in its place. Supply says that what is
// missing there is made, and taken back at the end, and that the stand-ins that the script needs are played.
type Play func(ctx context.Context, b bus.Bus, script *script.Script, supply bool, control *script.Control,
	audience script.Audience, report func(script.Progress)) (script.Result, error)

// OnEngine plays scripts on an engine. On the embedded bus they have what they need without asking.
func OnEngine(engine *sources.Engine, library *scenarios.Library) Play {
	return func(ctx context.Context, b bus.Bus, script *script.Script, supply bool, control *script.Control,
		audience script.Audience, report func(script.Progress)) (script.Result, error) {
		stage := scenarios.Stage{Engine: engine, Bus: b, Library: library, Control: control, Audience: audience, Make: supply, Finds: true,
			Own: b.Info().Embedded}
		if supply {
			stage.StandIns = script.Needs
		}
		return stage.Run(ctx, script, report)
	}
}

// Player plays scripts, one at a time. The goroutine of a script ends with the deck, which waits for it.
type Player struct {
	Library *scenarios.Library // nil for none
	Sender  *sender.Sender
	Play    Play // nil: scripts cannot be played
	playing *Run // that the strip shows; nil for none
}

// choose lists all scripts, to play one.
func (p *Player) choose(d *component.Deck) {
	if dialogs.NotArmed(d) {
		return
	}
	choices := p.present(d)
	if len(choices) == 0 {
		d.Say(bus.Say, "no domain has scripts")
		return
	}
	dialogs.Pick(d, "scripts", "play", choices)
}

// isPlaying tells whether a script is under way.
func (p *Player) isPlaying() bool { return p.playing != nil && !p.playing.ended }

// scripts are those of all domains; none where none can be played.
func (p *Player) scripts() []*script.Script {
	if p.Library == nil || p.Sender.ReadOnly || p.Play == nil {
		return nil
	}
	return p.Library.Scripts()
}

// Choices are the scripts of all domains, as lines of a picker.
func (p *Player) Choices(prefix string) (choices []dialogs.Choice) {
	for _, s := range p.scripts() {
		choices = append(choices, p.choiceOf(s, prefix))
	}
	return choices
}

func (p *Player) choiceOf(s *script.Script, prefix string) dialogs.Choice {
	return dialogs.Choice{Name: prefix + screen.Clean(s.FullName()), About: screen.Clean(s.About),
		Note: screen.Plural(uint64(len(s.Steps)), "step"), Pick: func(d *component.Deck) tea.Cmd { return p.start(d, s) }}
}

// present are the scripts, first those that send to what is there.
func (p *Player) present(d *component.Deck) []dialogs.Choice {
	var here, others []dialogs.Choice
	for _, s := range p.scripts() {
		c := p.choiceOf(s, "")
		absent := slices.IndexFunc(s.Goals, func(g script.Goal) bool { return !d.HasStation(g.Station) })
		if absent < 0 {
			here = append(here, c)
			continue
		}
		c.About += " · no station " + screen.CleanUpTo(s.Goals[absent].Station, 40) + " is here"
		others = append(others, c)
	}
	return append(here, others...)
}

// start plays a script, after a question where the bus is somebody else's: whether what the script needs is there, or is to be
// made and played.
func (p *Player) start(d *component.Deck, s *script.Script) tea.Cmd {
	if dialogs.NotArmed(d) {
		return nil
	}
	b := p.Sender.Armed()[0]
	if b.Info().Embedded || len(s.Needs)+len(s.Goals) == 0 {
		return p.ask(d, b, s, false)
	}
	supplied := "stations that are missing are made"
	if len(s.Needs) > 0 {
		supplied += ", signalbox plays " + screen.Clean(strings.Join(s.Needs, ", "))
	}
	dialogs.Pick(d, screen.Clean(s.FullName()), "play", []dialogs.Choice{
		{Name: "with what is there", About: "nothing is made, and the services of the system answer",
			Pick: func(d *component.Deck) tea.Cmd { return p.ask(d, b, s, false) }},
		{Name: "with what is missing", About: supplied + "; all is taken back at the end",
			Pick: func(d *component.Deck) tea.Cmd { return p.ask(d, b, s, true) }},
	})
	return nil
}

// ask plays a script, after a question where the bus is production.
func (p *Player) ask(d *component.Deck, b bus.Bus, s *script.Script, supply bool) tea.Cmd {
	why := p.Sender.AsksFirst(b)
	if why == "" {
		return p.play(d, b, s, supply)
	}
	dialogs.Ask(d, "Play "+screen.Clean(s.FullName())+" on "+screen.Clean(b.Info().Name)+", which "+why+"? It sends real messages.",
		func() tea.Cmd { return p.play(d, b, s, supply) })
	return nil
}

// play plays a script on a goroutine of its own. Its news comes as messages.
func (p *Player) play(d *component.Deck, b bus.Bus, s *script.Script, supply bool) tea.Cmd {
	if p.isPlaying() {
		d.Say(bus.Warn, "a script is playing already: s shows it")
		return nil
	}
	r := &Run{script: s, control: script.NewControl(1), news: newNews()}
	r.control.Attend()
	p.playing = r
	p.Focus(d)
	return r.begin(d, func(ctx context.Context, control *script.Control, audience script.Audience, report func(script.Progress)) (script.Result, error) {
		return p.Play(ctx, b, s, supply, control, audience, report)
	})
}

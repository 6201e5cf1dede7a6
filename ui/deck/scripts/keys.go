// Package scripts plays the scripts of domains and shows them as they play. One is played at a time, on a goroutine of its
// own; a panic in it is an error of the script.
package scripts

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/scenarios/script"
	"signalbox/ui/deck/component"
)

// Kinds is one of each of the overlays.
func Kinds() []any { return []any{&view{}} }

// Keys are those that list the scripts, and those of the view of one.
func (p *Player) Keys() []component.Key {
	const ended = "a script that has ended"
	control := func(do func(*script.Control)) func(*view, *component.Deck) tea.Cmd {
		return func(o *view, _ *component.Deck) tea.Cmd { do(o.run.control); return nil }
	}
	faster := func(by float64) func(*view, *component.Deck) tea.Cmd {
		return control(func(c *script.Control) { c.SetSpeed(c.Speed() * by) })
	}
	key := func(short, help string, where func(*view) bool, needs string, do func(*view, *component.Deck) tea.Cmd,
		names ...string) component.Key {
		key := component.InOverlay(component.Key{Names: names, Short: short, Help: help, Sends: true, Needs: needs}, do)
		key.Where = component.Over(where)
		return key
	}
	plays := func(short, help string, do func(*view, *component.Deck) tea.Cmd, names ...string) component.Key {
		return key(short, help, (*view).isPlaying, "a script that is playing", do, names...)
	}
	goOn := key("go on", "go on with a paused script", (*view).isPaused, "a script that is playing", control((*script.Control).Resume), "space", "p")
	pause := key("pause", "pause the script", func(o *view) bool { return o.isPlaying() && !o.isPaused() }, "a script that is playing",
		control((*script.Control).Pause), "space", "p")
	goOn.Label, pause.Label = "space", "space"
	faster2 := plays("faster", "play faster", faster(2), "+", "=")
	faster2.Label = "+"
	return append([]component.Key{
		goOn, pause,
		plays("step", "one step of the script, then pause", control((*script.Control).Step), "n"),
		plays("stop", "stop the script", (*view).stop, "S", "shift+s"),
		faster2,
		plays("slower", "play slower", faster(0.5), "-"),
		key("again", "play the script again", func(o *view) bool { return !o.isPlaying() }, ended, (*view).again, "r"),
	}, p.opening()...)
}

// opening are the keys that list the scripts, or show the one that plays. One that is paused is named first.
func (p *Player) opening() []component.Key {
	key := func(short string, where func(*component.Deck) bool) component.Key {
		return component.Key{Names: []string{"s"}, Short: short, Help: "play a script, or show the one that plays", Rank: component.RankSend, Sends: true,
			For: component.AnyPane, Where: where, Do: component.Plain(p.open)}
	}
	paused := func(*component.Deck) bool { return p.isPlaying() && p.playing.control.Paused() }
	first := key("script is paused", paused)
	first.Rank = component.RankMove
	return []component.Key{first,
		key("script plays", func(d *component.Deck) bool { return p.isPlaying() && !paused(d) }),
		key("scripts", func(*component.Deck) bool { return !p.isPlaying() }),
	}
}

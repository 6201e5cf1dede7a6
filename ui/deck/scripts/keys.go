// Package scripts plays the scripts of domains and shows them as they play: in a strip under the panes, and as the list of their
// steps. One is played at a time, on a goroutine of its own; a panic in it is an error of the script. All else belongs to the deck's
// goroutine.
package scripts

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/scenarios/script"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/screen"
)

// Kinds is one of each of the overlays.
func Kinds() []any { return []any{&strip{}, &view{}} }

// about is an overlay of a script.
type about interface {
	component.Overlay
	of() *playing
}

// Keys are those that lead to the strip, or list the scripts, and those of the strip and of the list of steps.
func (p *Player) Keys() []component.Key {
	const ended, plays = "a script that has ended", "a script that is playing"
	control := func(do func(*script.Control)) func(*playing, *component.Deck) tea.Cmd {
		return func(o *playing, _ *component.Deck) tea.Cmd { do(o.run.control); return nil }
	}
	faster := func(by float64) func(*playing, *component.Deck) tea.Cmd {
		return control(func(c *script.Control) { c.SetSpeed(c.Speed() * by) })
	}
	key := func(short, help string, where func(*playing) bool, needs string, do func(*playing, *component.Deck) tea.Cmd,
		names ...string) component.Key {
		key := component.InOverlay(component.Key{Names: names, Short: short, Help: help, Sends: true, Needs: needs},
			func(o about, d *component.Deck) tea.Cmd { return do(o.of(), d) })
		key.Where = component.Over(func(o about) bool { return where(o.of()) })
		return key
	}
	steps := component.InOverlay(component.Key{Names: []string{"l"}, Short: "all steps", Help: "all steps of the script, and what came of each", Sends: true},
		func(o *strip, d *component.Deck) tea.Cmd { d.Open(&view{playing: o.playing}); return nil })
	panes := component.InOverlay(component.Key{Names: []string{"tab"}, Short: "panes", Help: "the keys go back to the panes; the script goes on", Sends: true},
		func(_ *strip, d *component.Deck) tea.Cmd { d.Close(); return nil })
	other := component.InOverlay(component.Key{Names: []string{"s"}, Short: "scripts", Help: "play another script", Sends: true, Needs: ended},
		func(_ *strip, d *component.Deck) tea.Cmd { p.choose(d); return nil })
	other.Where = component.Over(func(o *strip) bool { return !o.isPlaying() })
	runs := func(o *playing) bool { return o.isPlaying() && !o.isPaused() }
	goOn := key("go on", "go on with a paused script", (*playing).isPaused, plays, control((*script.Control).Resume), "space", "p")
	pause := key("pause", "pause the script", runs, plays, control((*script.Control).Pause), "space", "p")
	goOn.Label, pause.Label = "space", "space"
	faster2 := key("faster", "play faster", (*playing).isPlaying, plays, faster(2), "+", "=")
	faster2.Label = "+"
	return append([]component.Key{
		key("read on", "the line has been read: go on", (*playing).isRead, "a line that waits to be read", (*playing).readOn, "enter", "right"),
		goOn, pause,
		key("step", "one step of the script, then pause", (*playing).isPlaying, plays, (*playing).step, "n"),
		key("stop", "stop the script", (*playing).isPlaying, plays, (*playing).stop, "S", "shift+s"),
		faster2,
		key("slower", "play slower", (*playing).isPlaying, plays, faster(0.5), "-"),
		key("again", "play the script again", func(o *playing) bool { return !o.isPlaying() }, ended, (*playing).again, "r"),
		other, steps, panes,
	}, p.opening()...)
}

func (o *playing) readOn(*component.Deck) tea.Cmd {
	o.run.readOn()
	return nil
}

// step takes one step: where a line waits to be read, that is read.
func (o *playing) step(*component.Deck) tea.Cmd {
	o.run.control.Step()
	o.run.readOn()
	return nil
}

func (o *playing) stop(d *component.Deck) tea.Cmd {
	dialogs.Ask(d, "Stop "+screen.Clean(o.run.script.FullName())+"? What it has sent stays sent.", func() tea.Cmd {
		o.run.stop()
		return nil
	})
	return nil
}

// again plays the script once more: the strip of the new run takes the place of what is open of this one.
func (o *playing) again(d *component.Deck) tea.Cmd {
	for is := true; is; {
		if _, is = d.Overlays.Top().(about); is {
			d.Close()
		}
	}
	return o.player.start(d, o.run.script)
}

// opening are the keys that list the scripts, or give the strip the keys. One that is paused is named first.
func (p *Player) opening() []component.Key {
	key := func(short string, where func(*component.Deck) bool, do func(*component.Deck)) component.Key {
		return component.Key{Names: []string{"s"}, Short: short, Help: "play a script, or the keys to the strip of the one that plays", Rank: component.RankSend,
			Sends: true, For: component.AnyPane, Where: where, Do: component.Plain(do)}
	}
	paused := func(*component.Deck) bool { return p.isPlaying() && p.playing.control.Paused() }
	first := key("script is paused", paused, p.Focus)
	first.Rank = component.RankMove
	return []component.Key{first,
		key("script plays", func(d *component.Deck) bool { return p.isPlaying() && !paused(d) }, p.Focus),
		key("script has ended", func(*component.Deck) bool { return p.playing != nil && p.playing.ended }, p.Focus),
		key("scripts", func(*component.Deck) bool { return p.playing == nil }, p.choose),
	}
}

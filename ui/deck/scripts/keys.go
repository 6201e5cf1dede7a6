// Package scripts plays the scripts of domains and shows them as they play. One is played at a time, on a goroutine of its
// own; a panic in it is an error of the script.
package scripts

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/scenarios/script"
	"signalbox/ui/deck/component"
)

// Keys are those that list the scripts, and those of the view of one.
func (p *Player) Keys() []component.Key {
	playing := func(d *component.Deck) bool {
		o, ok := d.Overlays.Top().(*view)
		return ok && !o.run.ended
	}
	over := func(d *component.Deck) bool {
		o, ok := d.Overlays.Top().(*view)
		return ok && o.run.ended
	}
	control := func(do func(*script.Control)) func(*component.Deck) tea.Cmd {
		return component.On(func(o *view, _ *component.Deck) tea.Cmd { do(o.run.control); return nil })
	}
	faster := func(by float64) func(*component.Deck) tea.Cmd {
		return control(func(c *script.Control) { c.SetSpeed(c.Speed() * by) })
	}
	pause := control(func(c *script.Control) {
		if c.Paused() {
			c.Resume()
		} else {
			c.Pause()
		}
	})
	key := func(label, short, help string, where func(*component.Deck) bool, do func(*component.Deck) tea.Cmd,
		names ...string) component.Key {
		return component.Key{Names: names, Label: label, Short: short, Help: help, Group: component.GroupAct,
			Rank: component.RankOverlay, Quiet: true, Sends: true, Where: where, Do: do}
	}
	return []component.Key{
		key("space", "pause", "pause the script, or go on", playing, pause, "space", "p"),
		key("n", "step", "one step of the script, then pause", playing, control((*script.Control).Step), "n"),
		key("+", "faster", "play faster", playing, faster(2), "+", "="),
		key("-", "slower", "play slower", playing, faster(0.5), "-"),
		key("S", "stop", "stop the script", playing, component.On((*view).stop), "S", "shift+s"),
		key("r", "again", "play the script again", over, component.On((*view).again), "r"),
		{Names: []string{"s"}, Label: "s", Short: "scripts", Help: "play a script", Group: component.GroupAct,
			Rank: component.RankSend, Sends: true, Where: component.NoOverlay, Do: component.Plain(p.open)},
	}
}

// Package presenter shows a script to an audience: large and calm, one key a line. It takes the place of the panes, which esc shows.
//
// A View is an overlay of the deck and belongs to its goroutine. The script runs on a goroutine of its own; what it tells comes by
// package scripts. Notes for whoever presents go to a Notes, which must not wait.
package presenter

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/scenarios/script"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/deck/scripts"
	"signalbox/ui/screen"
)

// Presentation is what is shown, and how it is played. Perform is called anew each time that it begins.
type Presentation struct {
	Script  *script.Script
	Perform scripts.Perform
	Bus     string // the name of the bus that it plays on
	Notes   Notes  // nil for nobody
	NotesAt string // the address at which they are read
}

// View is the presentation on the screen.
type View struct {
	component.ReadOnly
	*Presentation
	run     *scripts.Run // nil before the first line
	again   bool         // it begins anew as soon as it has ended
	earlier int          // so many lines before the last one is shown
	page    Page         // that was shown last to whoever presents
}

// New is a presentation that has not begun.
func New(p *Presentation) *View { return &View{Presentation: p} }

// Name implements component.Overlay.
func (v *View) Name() string { return "a presentation" }

// Moves implements component.Overlay.
func (v *View) Moves() bool { return false }

// Move implements component.Overlay: there is nothing to move.
func (v *View) Move(*component.Deck, int) {}

// Draw implements component.Overlay. What is drawn is the Frame.
func (v *View) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	return screen.Panel{}, layout.Box{W: d.Layout().Width, H: d.Layout().Height}
}

// Want implements component.Wanting: the entity that the story is about.
func (v *View) Want(_ *component.Deck, view *sources.View) {
	if of := v.subject(); !of.IsZero() {
		view.Entity = of
	}
}

// Renew implements component.Renewed.
func (v *View) Renew(d *component.Deck) tea.Cmd {
	v.tell(d)
	if v.run == nil {
		return nil
	}
	return v.run.Renew(d)
}

// Leave implements component.Leaving: the panes show the entity that the story is about.
func (v *View) Leave(d *component.Deck) { d.Selection.Choose(v.subject()) }

// Copy implements component.Copying.
func (v *View) Copy(*component.Deck) (text, what string) {
	if v.run == nil {
		return v.Script.FullName(), "the name of the script"
	}
	return v.run.Spoken(), "the line"
}

func (v *View) subject() sources.Entity {
	if v.run == nil {
		return sources.Entity{}
	}
	return v.run.Subject()
}

// next shows the line after the one that is shown; at the newest, the story goes on.
func (v *View) next(d *component.Deck) tea.Cmd {
	switch {
	case v.earlier > 0:
		v.earlier--
	case v.again:
	case v.run == nil:
		return v.begin(d)
	default:
		v.run.GoOn()
	}
	return nil
}

// back shows the line before.
func (v *View) back(*component.Deck) tea.Cmd {
	if v.run != nil && v.earlier+1 < len(v.run.Lines()) {
		v.earlier++
	}
	return nil
}

// start goes back to before the first line.
func (v *View) start(d *component.Deck) tea.Cmd {
	v.earlier = 0
	if v.run == nil {
		return nil
	}
	if !v.run.Ended() {
		v.again = true
		v.run.Stop()
		return nil
	}
	v.run = nil
	v.tell(d)
	return nil
}

func (v *View) begin(d *component.Deck) (cmd tea.Cmd) {
	v.run, cmd = scripts.Begin(d, v.Script, v.Perform, func() tea.Cmd { return v.heard(d) })
	v.tell(d)
	return cmd
}

// heard takes note of news of the run.
func (v *View) heard(d *component.Deck) tea.Cmd {
	if v.again && v.run.Ended() {
		v.again, v.run = false, nil
	}
	v.tell(d)
	return nil
}

// Kinds is one of each of the overlays.
func Kinds() []any { return []any{&View{}} }

// Keys are those of the presentation, and the one that leads back to it from the panes.
func (v *View) Keys() []component.Key {
	key := func(short, help string, do func(*View, *component.Deck) tea.Cmd, names ...string) component.Key {
		return component.InOverlay(component.Key{Names: names, Short: short, Help: help}, do)
	}
	next := key("next", "the next line, with what follows it", (*View).next, "space", "enter", "right", "pgdown")
	back := key("earlier lines", "the line before, to be read again", (*View).back, "left", "pgup")
	start := key("to the start", "back to the start; what is under way ends", (*View).start, "r", "home")
	next.Label, back.Label, start.Label = "space", "←", "r"
	return []component.Key{next, back, start,
		{Names: []string{"s"}, Short: "presentation", Help: "back to the presentation", Rank: component.RankMove, For: component.AnyPane,
			Do: component.Plain(func(d *component.Deck) { d.Open(v) })}}
}

package scripts

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios/script"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// strip is the band under the panes with the keys: it lies where the band is drawn, and shows the same.
type strip struct {
	component.ReadOnly
	playing
}

// playing is what the overlays of a script have in common.
type playing struct {
	player *Player
	run    *Run
}

func (o *playing) of() *playing    { return o }
func (o *playing) isPlaying() bool { return !o.run.ended }
func (o *playing) isPaused() bool  { return o.isPlaying() && o.run.control.Paused() }
func (o *playing) isRead() bool    { return o.isPlaying() && o.run.read != nil }

// Standing implements component.Standing.
func (o *playing) Standing(*component.Deck) string {
	if o.isPaused() {
		return "paused"
	}
	return ""
}

// Name implements component.Overlay.
func (o *strip) Name() string { return "the strip of a script" }

// Move implements component.Overlay: there is nothing to move.
func (o *strip) Move(*component.Deck, int) {}

// Moves implements component.Overlay.
func (o *strip) Moves() bool { return false }

// Leave implements component.Leaving: the strip of a script that has ended goes with the keys.
func (o *strip) Leave(*component.Deck) {
	if o.run.ended && o.player.playing == o.run {
		o.player.playing = nil
	}
}

// Copy implements component.Copying.
func (o *strip) Copy(*component.Deck) (text, what string) { return o.run.line, "the line" }

// Draw implements component.Overlay.
func (o *strip) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	b := d.Layout().StripWithKeys()
	return o.run.panel(d, b.W-2, b.H-2), b
}

// Showing tells whether there is a strip.
func (p *Player) Showing() bool { return p.playing != nil }

// Focus gives the strip the keys.
func (p *Player) Focus(d *component.Deck) {
	if p.playing != nil {
		d.Open(&strip{playing: playing{p, p.playing}})
	}
}

// Renew asks what came of what was sent, with each newer snapshot.
func (p *Player) Renew(d *component.Deck) tea.Cmd {
	if p.playing == nil {
		return nil
	}
	return p.playing.follow(d)
}

// Strip draws the script that plays, in so many rows: what was said last, what is done now, what was sent and what came of it. With
// a border around them, the border has its name, and how far it is.
func (p *Player) Strip(d *component.Deck, width, rows int) screen.Panel {
	panel := p.playing.panel(d, width, rows)
	panel.Info = append([]string{"s: its keys"}, panel.Info...)
	return panel
}

func (r *Run) panel(d *component.Deck, width, rows int) screen.Panel {
	level, verdict := r.verdict()
	step := "step " + strconv.Itoa(r.reached()) + " of " + strconv.Itoa(len(r.script.Steps))
	panel := screen.Panel{Title: "script " + screen.Clean(r.script.FullName()), Info: []string{step}}
	if r.ended || r.control.Paused() {
		k := map[bus.Level]screen.Style{bus.Say: d.Theme.Good, bus.Warn: d.Theme.Warn, bus.Fail: d.Theme.Bad}[level]
		if !r.ended {
			k = d.Theme.Flag
		}
		text := " " + screen.CleanUpTo(verdict, width) + " "
		panel.Chips = []screen.Chip{{Style: k, Text: text}}
	} else if r.control.Speed() != 1 {
		panel.Info = append(panel.Info, "speed "+strconv.FormatFloat(r.control.Speed(), 'g', 3, 64))
	}
	panel.Lines = r.lines(d, width, rows)
	return panel
}

// shortOutcome is the room that the line leaves to what came of what was sent, in the strip of one row.
const shortOutcome = 32

// StripRow draws all of it in one row, without a border.
func (p *Player) StripRow(d *component.Deck, width int) string {
	t, r := d.Theme, p.playing
	l := screen.NewLine(width, "")
	l.Gap(1)
	switch level, verdict := r.verdict(); {
	case r.ended:
		l.Put(map[bus.Level]screen.Style{bus.Say: t.Good, bus.Warn: t.Warn, bus.Fail: t.Bad}[level], screen.CleanUpTo(verdict, l.Free()))
		if f := r.result.Failed; f != nil {
			l.Put(t.Text, screen.CleanUpTo(": found "+f.Found, l.Free()-1))
		}
	default:
		if r.control.Paused() {
			l.Tag(t.Flag, " paused ")
			l.Gap(1)
		} else {
			l.Put(t.Accent, "▸ ")
		}
		l.Put(t.Dim, strconv.Itoa(r.reached())+"/"+strconv.Itoa(len(r.script.Steps))+"  ")
		if line := r.spoken(); line != "" {
			l.Put(t.Bright, screen.CutWords(screen.CleanUpTo(line, 4*l.Free()), max(l.Free()-shortOutcome, 16))+"  ")
		}
		if n := len(r.sent); n > 0 {
			r.sent[n-1].putOutcome(d, l)
		}
	}
	return l.String()
}

// lines are the rows inside the border. Where there is room for few, those that say most stay.
func (r *Run) lines(d *component.Deck, width, rows int) []string {
	if r.ended && r.result.Failed != nil && r.err == nil { // before the end the result is that of the goroutine
		return r.failure(d, r.result.Failed, width, rows)
	}
	said := screen.Wrap(screen.Clean(r.spoken()), width-2)
	most := 1
	if rows > 4 {
		most = 2
	}
	if len(said) > most {
		said[most-1], said = screen.CutWords(said[most-1]+" "+said[most], width-2), said[:most]
	}
	var lines []string
	for i := range most {
		l := screen.NewLine(width, "")
		l.Gap(1)
		if i < len(said) {
			l.Put(d.Theme.Bright, said[i])
		}
		lines = append(lines, l.String())
	}
	noted := r.ended && rows > 3 && len(r.result.Notes) > 0
	if noted {
		lines = append(lines[:1], r.noted(d, width))
	}
	if rows > 4 || rows > 3 && !noted {
		lines = append(lines, r.doing(d, width))
	}
	var newest *Sending
	if len(r.sent) > 0 {
		newest = &r.sent[len(r.sent)-1]
	}
	if rows > 1 {
		lines = append(lines, newest.sentLine(d, width, r.sentInAll()))
	}
	if rows > 2 {
		lines = append(lines, newest.outcomeLine(d, width))
	}
	return lines[:min(rows, len(lines))]
}

// label begins a row of the strip with what it is about.
func label(d *component.Deck, width int, text string) *screen.Line {
	l := screen.NewLine(width, "")
	l.Gap(1)
	l.Left(d.Theme.Dim, text, labelWidth)
	return l
}

const labelWidth = 7

// doing is what the script does now.
func (r *Run) doing(d *component.Deck, width int) string {
	t := d.Theme
	l := label(d, width, map[bool]string{false: "now", true: "in all"}[r.ended])
	now := r.now()
	switch {
	case r.ended && r.err != nil:
		l.Put(t.Bad, screen.CleanUpTo(component.OneLine(r.err), l.Free()-1))
	case r.ended:
		l.Put(t.Dim, screen.CutWords(screen.CleanUpTo(r.summary(), 4*l.Free()), l.Free()-1))
	case r.read != nil:
		l.Put(t.Dim, "the line waits to be read; enter goes on")
	case now != nil && now.Inner != nil:
		l.Put(t.Dim, screen.CleanUpTo(now.Inner.Path, l.Free()/2)+": ")
		l.Put(t.Text, screen.CutWords(screen.CleanUpTo(now.Inner.Text, 4*l.Free()), l.Free()-1))
	case now != nil:
		l.Put(t.Text, screen.CutWords(screen.CleanUpTo(now.Text, 4*l.Free()), l.Free()-1))
	}
	return l.String()
}

// noted is what people should know of the script besides, once it has ended.
func (r *Run) noted(d *component.Deck, width int) string {
	l := label(d, width, "note")
	l.Put(d.Theme.Warn, screen.CutWords(screen.CleanUpTo(strings.Join(r.result.Notes, " · "), 4*l.Free()), l.Free()-1))
	return l.String()
}

// summary is where everything went, once it has ended.
func (r *Run) summary() string {
	text := ""
	for _, to := range r.result.Sent {
		if text != "" {
			text += " · "
		}
		text += to.String()
	}
	return text
}

// failing is what the step does that failed: of steps that hold others, the innermost.
func (r *Run) failing(f *script.Failure) string {
	if f.Step >= len(r.steps) {
		return ""
	}
	step := &r.steps[f.Step]
	if step.Inner != nil {
		return step.Inner.Text
	}
	return step.Text
}

// failure is what was expected, and what was found.
func (r *Run) failure(d *component.Deck, f *script.Failure, width, rows int) []string {
	var lines []string
	put := func(name, text string, k screen.Style, most int) {
		parts := screen.Wrap(screen.Clean(text), width-2-labelWidth-2)
		for i, part := range parts[:min(len(parts), most)] {
			if i == most-1 && len(parts) > most {
				part = screen.CutWords(part+" "+parts[most], width-2-labelWidth-2)
			}
			l := screen.NewLine(width, "")
			l.Gap(1)
			l.Left(d.Theme.Dim, map[bool]string{true: name}[i == 0], labelWidth+2)
			l.Put(k, part)
			lines = append(lines, l.String())
		}
	}
	if rows > 2 {
		put("failed", f.Where()+": "+r.failing(f), d.Theme.Text, 1)
	}
	noted := 0
	if rows > 3 {
		noted = min(len(r.result.Notes), 1)
	}
	put("expected", f.Expected, d.Theme.Bad, max((rows-1-noted)/2, 1))
	put("found", f.Found, d.Theme.Bad, max(rows-noted-len(lines), 1))
	if noted > 0 {
		put("note", strings.Join(r.result.Notes, " · "), d.Theme.Warn, 1)
	}
	return lines[:min(rows, len(lines))]
}

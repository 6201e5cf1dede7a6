package overlays

import (
	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// details is facts to read about a station, a consumer or all of them. They are written from the newest snapshot, so that
// figures are live.
type details struct {
	component.ReadOnly
	title  string
	facts  func(*component.Deck) (screen.Text, bool) // ok is false when it is gone
	picked int                                       // of the lines that can be chosen
	text   screen.Text
	drawn  detailsLook // what the text was made for
}

// detailsLook is what the text of details depends on: it is made anew when one of these is another.
type detailsLook struct {
	snapshot *sources.Snapshot
	second   int64
	width    int
	picked   int
}

func (v *details) Move(d *component.Deck, by int) { v.text.Move(by, v.place(d).H-2) }

func (v *details) place(d *component.Deck) layout.Box {
	return d.Layout().Centred(min(d.Layout().Width, 92), min(len(v.text.Lines)+2, d.Layout().Height-4))
}

func (v *details) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	if look := (detailsLook{d.Snapshot(), d.Now().Unix(), d.Layout().Width, v.picked}); look != v.drawn {
		v.drawn = look
		v.write(d)
	}
	b := v.place(d)
	p := v.text.Panel(d.Theme, b.W-2, b.H-2)
	p.Title = v.title
	if sign, past := d.Sign(b.W); past {
		p.Chips = append(p.Chips, sign)
	}
	return p, b
}

// write makes the text.
func (v *details) write(d *component.Deck) {
	facts, ok := v.facts(d)
	if why, unsampled := d.Unsampled(); !ok && unsampled {
		facts.Heading(why)
	} else if !ok {
		facts.Heading("it is gone")
	}
	facts.Wrap(min(d.Layout().Width, 92) - 2)
	v.picked = min(v.picked, max(facts.Choices()-1, 0))
	facts.Choose(v.picked)
	facts.Top = v.text.Top
	v.text = facts
}

func detailFacts(r *screen.Text, details []bus.Detail) {
	for _, x := range details {
		r.Fact(x.Name, x.Value)
	}
}

// Copy implements component.Copying.
func (v *details) Copy(*component.Deck) (text, what string) {
	return v.text.String(), "all that is said here"
}

package overlays

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// details is a station or a consumer, opened. It is drawn from the newest snapshot, so that its figures are live.
type details struct {
	component.ReadOnly
	title    string
	facts    func(*component.Deck) (screen.Text, bool) // ok is false when it is gone
	station  string                                    // its key, when it is a station
	consumer string                                    // likewise
	picked   int                                       // of the lines that can be chosen
	text     screen.Text
	drawn    detailsLook // what the text was made for
}

// detailsLook is what the text of details depends on: it is made anew when one of these is another.
type detailsLook struct {
	snapshot *sources.Snapshot
	second   int64
	width    int
	picked   int
}

func (v *details) Move(d *component.Deck, by int) { v.text.Move(by, v.place(d).H-2) }

// hasChoices is where a line can be chosen.
func hasChoices(d *component.Deck) bool {
	v, ok := d.Overlays.Top().(*details)
	return ok && v.text.Choices() > 0
}

// next chooses the next line that can be, and scrolls to it.
func (v *details) next(d *component.Deck) tea.Cmd {
	v.picked = (v.picked + 1) % max(v.text.Choices(), 1)
	if at := v.text.Choose(v.picked); at >= 0 {
		v.text.Top = screen.ScrollTo(v.text.Top, at, len(v.text.Lines), v.place(d).H-2)
	}
	return nil
}

// ChosenStation implements component.StationHolder.
func (v *details) ChosenStation(d *component.Deck) *sources.StationRow {
	return d.StationRow(v.station)
}

// ChosenConsumer implements component.ConsumerHolder.
func (v *details) ChosenConsumer(d *component.Deck) (r *sources.ConsumerRow, message int) {
	return d.ConsumerRow(v.consumer), v.picked
}

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
	return p, b
}

// write makes the text.
func (v *details) write(d *component.Deck) {
	facts, ok := v.facts(d)
	if !ok {
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

func detailsKeys() []component.Key {
	return []component.Key{
		component.InOverlay(component.Key{Names: []string{"tab"}, Label: "tab", Short: "entry", Help: "to the next unacknowledged message",
			Group: component.GroupLook, Where: hasChoices}, (*details).next),
	}
}

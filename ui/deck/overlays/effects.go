package overlays

import (
	"context"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios/effects"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// How long after an event what is only inferred counts among what followed it, and how often what has come since is looked at.
const (
	followed   = 10 * time.Second
	lookedAtIn = time.Second / 2
)

// effectsView shows what followed an event, as a tree that grows while events come.
type effectsView struct {
	rowList
	search *effects.Search // only used by one command at a time, which asks the engine
	last   uint64          // the number of the event that was looked at last
	asked  time.Time       // when the engine was asked last
	asking bool
	cancel context.CancelFunc
	life   context.Context
	found  *output.Effects
}

// Name implements component.Overlay.
func (v *effectsView) Name() string { return "what followed" }

// showEffects opens what followed the chosen event.
func showEffects(d *component.Deck) tea.Cmd {
	e := d.ChosenEvent()
	if e == nil {
		d.Say(bus.Say, "no event is chosen")
		return nil
	}
	v := &effectsView{search: effects.New(e, followed), last: e.Number}
	v.life, v.cancel = context.WithCancel(d.Life)
	v.of = v.rows
	d.Open(v)
	return v.look(d)
}

// Leave implements component.Leaving.
func (v *effectsView) Leave(*component.Deck) { v.cancel() }

// look asks the engine for what has come since, unless it is being asked.
func (v *effectsView) look(d *component.Deck) tea.Cmd {
	if v.asking {
		return nil
	}
	v.asking, v.asked = true, d.Now()
	return func() tea.Msg {
		last, err := d.Engine.Scan(v.life, v.last, v.search.See)
		var found *output.Effects
		if err == nil {
			found, err = output.FindHandling(v.life, d.Engine, v.search, followed)
		}
		return component.Result(func() tea.Cmd {
			v.asking = false
			switch {
			case v.life.Err() != nil: // it was left
			case err != nil:
				d.SayError(err)
			default:
				v.found, v.last = found, last
			}
			return nil
		})
	}
}

// Renew implements component.Renewed.
func (v *effectsView) Renew(d *component.Deck) tea.Cmd {
	if d.Now().Sub(v.asked) < lookedAtIn {
		return nil
	}
	return v.look(d)
}

// Copy implements component.Copying.
func (v *effectsView) Copy(*component.Deck) (text, what string) {
	if v.found == nil {
		return "", "what followed is still looked for"
	}
	return output.EffectsMermaid(v.found), "what followed as a sequence diagram of Mermaid"
}

// Row implements component.CopyingRow.
func (v *effectsView) Row(d *component.Deck) any {
	if i, ok := v.chosen(d); ok {
		return output.EffectsJSON(v.found)[i]
	}
	return nil
}

// rows are the events of the tree.
func (v *effectsView) rows(d *component.Deck) rows {
	t := d.Theme
	r := rows{
		head: func(l *screen.Line) {
			l.Left(t.Dim, "after", 8)
			l.Left(t.Dim, "event", 34)
			l.Left(t.Dim, "station", 15)
			l.Left(t.Dim, "entity", 22)
			l.Put(t.Dim, "tied by, and who has it")
		},
		key: func(i int) string { return strconv.FormatUint(v.found.All[i].Event.Number, 10) },
		row: func(i int, l *screen.Line) { v.row(d, i, l) },
		enter: func(i int) tea.Cmd {
			e := v.found.All[i].Event
			d.Close()
			goTo(d, e.Entity(), e.Number)
			return nil
		},
	}
	if v.found != nil {
		r.n = len(v.found.All)
	}
	return r
}

// row draws an event of the tree.
func (v *effectsView) row(d *component.Deck, i int, l *screen.Line) {
	t, x := d.Theme, &v.found.All[i]
	after := ""
	if i > 0 {
		after = "+" + screen.Took(x.After)
	}
	l.Left(t.Faint, after, 8)
	style, sign := t.Bright, ""
	if fault, _ := x.Event.Fault(); fault != "" {
		style, sign = t.Bad, " "+fault.Sign()
	}
	branch := v.found.Branch(i)
	l.Left(style, screen.Cut(branch+screen.CleanUpTo(x.Event.Type, 100)+sign, 33), 34)
	place := screen.CleanUpTo(x.Event.Place(), 100)
	l.Left(t.Hue(x.Event.Place()), screen.CutMiddle(place, 14), 15)
	entity := ""
	if of := x.Event.Entity(); !of.IsZero() {
		entity = screen.Clean(of.Kind) + " " + screen.CleanID(of.ID)
	}
	l.Left(t.Text, screen.CutMiddle(entity, 21), 22)
	why := v.found.Why(i)
	if handled := v.found.Handled(i); handled != "" {
		if why != "" {
			why += "; "
		}
		why += handled
	}
	l.Put(t.Dim, screen.CleanUpTo(why, l.Free()))
}

// Draw implements component.Overlay.
func (v *effectsView) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	p := screen.Panel{Title: "what followed"}
	if v.found == nil {
		return v.panel(d, p, "looking")
	}
	p.Title += " " + screen.CleanUpTo(v.found.All[0].Event.Type, 60)
	p.Info = v.found.Summary()[:1]
	return v.panel(d, p)
}

// effectsKeys are those of the tree, and the one that opens it.
func effectsKeys() []component.Key {
	return []component.Key{
		{Names: []string{"b"}, Short: "effects", Help: "show what followed this event: caused by it, of the same story, or inferred",
			Rank: component.RankReport, For: component.Is[component.EventHolder], Where: func(d *component.Deck) bool { return d.ChosenEvent() != nil },
			Needs: "an event", Do: showEffects},
		component.InOverlay(component.Key{Names: []string{"enter"}, Short: "go there", Help: "show everything as it was after that event, as a double click does"},
			func(v *effectsView, d *component.Deck) tea.Cmd { return v.enter(d) }),
	}
}

package overlays

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// whatIf is an entity's events to be left out, repeated, moved, edited and added to, and the state that they would lead to beside
// the real one. Nothing is sent.
type whatIf struct {
	component.ReadOnly
	of     sources.Entity
	older  []sources.Imagined // events before those that are listed
	all    []sources.EventRef // those that are listed, as they came
	events []imaginedEvent
	named  map[uint64]imaginedName // by number
	list   screen.List
	found  *sources.WhatIf
	fault  string
	serial int
	until  uint64 // the newest event when it was opened: what came later is not looked at
	rows   int    // that events are drawn in
}

// imaginedEvent is one event of the list.
type imaginedEvent struct {
	sources.Imagined
	gone bool // it is left out
}

// imaginedName is how an event is named that is left out.
type imaginedName struct {
	typ  string
	time time.Time
}

// Name implements component.Overlay.
func (v *whatIf) Name() string { return "what if" }

// openWhatIf opens the events of the entity that is shown.
func openWhatIf(d *component.Deck) tea.Cmd {
	d.HoldEntity()
	of := d.Entity()
	if of.IsZero() {
		d.Say(bus.Say, "no entity is shown: choose one")
		return nil
	}
	ask := func(ctx context.Context) ([]sources.EventRef, error) { return d.Engine.EventsOf(ctx, of) }
	return component.Fetch(d, ask, func(refs []sources.EventRef) tea.Cmd {
		refs = slices.DeleteFunc(refs, func(r sources.EventRef) bool { return r.Idle })
		if len(refs) == 0 {
			d.Say(bus.Warn, "none of its events is held: there is nothing to begin with")
			return nil
		}
		v := &whatIf{of: of, named: map[uint64]imaginedName{}}
		older := max(len(refs)-sources.MaxHistory/2, 0)
		for _, r := range refs[:older] {
			v.older = append(v.older, sources.Imagined{Number: r.Number})
		}
		v.all = refs[older:]
		v.until = refs[len(refs)-1].Number
		v.reset()
		v.list.At = len(v.events) - 1
		d.Open(v)
		return v.fold(d)
	})
}

// reset makes the events what they really were.
func (v *whatIf) reset() {
	v.events = v.events[:0]
	for _, r := range v.all {
		v.events = append(v.events, imaginedEvent{Imagined: sources.Imagined{Number: r.Number}})
	}
}

// fold asks what the events lead to. Only the newest answer counts.
func (v *whatIf) fold(d *component.Deck) tea.Cmd {
	v.serial++
	serial, list := v.serial, slices.Clone(v.older)
	for _, e := range v.events {
		if !e.gone {
			list = append(list, e.Imagined)
		}
	}
	return func() tea.Msg {
		found, err := d.Engine.WhatIf(d.Life, v.of, list, v.until)
		return component.Result(func() tea.Cmd {
			switch {
			case serial != v.serial:
			case err != nil:
				v.fault = component.OneLine(err)
			default:
				v.fault, v.found = "", found
				for i := range found.Steps {
					s := &found.Steps[i]
					if s.Of.Event == nil {
						v.named[s.Number] = imaginedName{s.Type, s.Time}
					}
				}
			}
			return nil
		})
	}
}

// steps are what the events lead to, by their places; nil for one that is left out, or while that is not known.
func (v *whatIf) steps() []*sources.ImaginedStep {
	out := make([]*sources.ImaginedStep, len(v.events))
	if v.found == nil {
		return out
	}
	at := len(v.older) - v.found.Skipped
	for i, e := range v.events {
		if e.gone {
			continue
		}
		if at >= 0 && at < len(v.found.Steps) && v.found.Steps[at].Of == e.Imagined {
			out[i] = &v.found.Steps[at]
		}
		at++
	}
	return out
}

// Move implements component.Overlay.
func (v *whatIf) Move(_ *component.Deck, by int) {
	v.list.At = min(max(v.list.At+by, 0), max(len(v.events)-1, 0))
}

// Click implements component.Clickable: it chooses an event, and the second click edits it.
func (v *whatIf) Click(d *component.Deck, row int, again bool) tea.Cmd {
	at := v.list.Top + row - 2
	if row < 2 || row-2 >= v.rows || at >= len(v.events) {
		return nil
	}
	v.list.At = at
	if again {
		return v.edit(d)
	}
	return nil
}

// leaveOut leaves the chosen event out, or takes it in again.
func (v *whatIf) leaveOut(d *component.Deck) tea.Cmd {
	v.Move(d, 0)
	if len(v.events) == 0 {
		return nil
	}
	if e := &v.events[v.list.At]; e.Number == 0 || e.Again {
		v.events = slices.Delete(v.events, v.list.At, v.list.At+1)
	} else {
		e.gone = !e.gone
	}
	v.Move(d, 0)
	return v.fold(d)
}

// repeat has the chosen event come once more.
func (v *whatIf) repeat(d *component.Deck) tea.Cmd {
	if len(v.events) == 0 {
		return nil
	}
	e := v.events[v.list.At]
	e.Again, e.gone = e.Number != 0, false
	v.events = slices.Insert(v.events, v.list.At+1, e)
	v.list.At++
	return v.fold(d)
}

// shift moves the chosen event, so many later.
func (v *whatIf) shift(by int) func(*whatIf, *component.Deck) tea.Cmd {
	return func(v *whatIf, d *component.Deck) tea.Cmd {
		to := v.list.At + by
		if to < 0 || to >= len(v.events) {
			return nil
		}
		v.events[v.list.At], v.events[to] = v.events[to], v.events[v.list.At]
		v.list.At = to
		return v.fold(d)
	}
}

// undo makes the events what they really were.
func (v *whatIf) undo(d *component.Deck) tea.Cmd {
	v.reset()
	v.Move(d, 0)
	return v.fold(d)
}

// edit opens the payload of the chosen event to be edited.
func (v *whatIf) edit(d *component.Deck) tea.Cmd { return v.compose(d, false) }

// add opens the payload of the chosen event to become that of another one after it.
func (v *whatIf) add(d *component.Deck) tea.Cmd { return v.compose(d, true) }

// compose has a payload edited, which then is that of the chosen event, or of a new one after it.
func (v *whatIf) compose(d *component.Deck, fresh bool) tea.Cmd {
	if len(v.events) == 0 {
		return nil
	}
	at := v.list.At
	e := v.events[at]
	if e.Event != nil {
		v.editor(d, at, e.Event, fresh)
		return nil
	}
	ask := func(ctx context.Context) (*sources.EventDetail, error) { return d.Engine.Event(ctx, e.Number) }
	return component.Fetch(d, ask, func(detail *sources.EventDetail) tea.Cmd {
		if detail.Size > len(detail.Data) {
			d.Say(bus.Warn, "only the beginning of its payload is held: it cannot be edited")
			return nil
		}
		v.editor(d, at, detail.Event, fresh)
		return nil
	})
}

func (v *whatIf) editor(d *component.Deck, at int, like *sources.Event, fresh bool) {
	title, was := "imagine this event otherwise", indented(like.Data)
	if fresh {
		title = "imagine another event, after it"
	}
	dialogs.Edit(d, title, "ctrl+s takes it; nothing is sent", was, func(text string) tea.Cmd {
		if at >= len(v.events) || !fresh && text == was {
			return nil
		}
		ev := &sources.Event{Received: like.Received}
		ev.Number, ev.Data = 0, []byte(text)
		var out bytes.Buffer
		if json.Compact(&out, ev.Data) == nil {
			ev.Data = out.Bytes()
		}
		ev.Size = len(ev.Data)
		if fresh {
			v.events = slices.Insert(v.events, at+1, imaginedEvent{Imagined: sources.Imagined{Event: ev}})
			v.list.At = at + 1
		} else {
			v.events[at].Event, v.events[at].gone = ev, false
		}
		return v.fold(d)
	})
}

// indented is a payload as one likes to edit it.
func indented(data []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, data, "", "  ") == nil {
		return out.String()
	}
	return string(data)
}

// Draw implements component.Overlay.
func (v *whatIf) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	b, t := d.Layout().Large(), d.Theme
	width, height := b.W-2, b.H-2
	p := screen.Panel{Title: "what if · " + screen.Clean(v.of.Kind) + " " + screen.CutID(screen.CleanID(v.of.ID), max(width/3, 8)), Info: []string{"nothing is sent"}}
	p.Lines = append(p.Lines, v.verdict(t, width))
	var table []string
	if v.found != nil {
		table = stateTable(d, stateSide{"field", "really", v.found.Was}, stateSide{"", "imagined", v.found.State}, nil, width)
	}
	v.rows = max(height-1-len(table), min(len(v.events), height/2), 3)
	v.rows = min(v.rows, len(v.events), height-1)
	v.Move(d, 0)
	from, to := v.list.Scroll(len(v.events), v.rows)
	p.Total, p.Top, p.Visible = len(v.events), from, v.rows
	steps := v.steps()
	for i := from; i < to; i++ {
		p.Lines = append(p.Lines, v.row(d, &v.events[i], steps[i], width, i == v.list.At))
	}
	for _, line := range table {
		if len(p.Lines) < height {
			p.Lines = append(p.Lines, line)
		}
	}
	return p, b
}

// verdict says where the states part.
func (v *whatIf) verdict(t *screen.Theme, width int) string {
	l := screen.NewLine(width, "")
	l.Gap(1)
	switch {
	case v.fault != "":
		l.Put(t.Bad, screen.CleanUpTo("✗ "+v.fault, l.Free()))
	case v.found == nil:
		l.Put(t.Dim, "folding…")
	case v.found.Parted == nil:
		l.Put(t.Good, screen.CleanUpTo(partingText(v.found), l.Free()))
	default:
		l.Put(t.Warn, screen.CleanUpTo(partingText(v.found), l.Free()))
	}
	return l.String()
}

// row is an event: what was made of it, its version, and what it changes there.
func (v *whatIf) row(d *component.Deck, e *imaginedEvent, s *sources.ImaginedStep, width int, chosen bool) string {
	t := d.Theme
	l := screen.NewRow(t, width, chosen, true)
	mark, style := "", t.Dim
	switch {
	case e.gone:
		mark, style = "out", t.Warn
	case e.Again:
		mark, style = "again", t.Good
	case e.Event != nil && e.Number == 0:
		mark, style = "added", t.Good
	case e.Event != nil:
		mark, style = "edited", t.Good
	}
	l.Left(style, mark, 7)
	if s == nil {
		name := v.named[e.Number]
		l.Gap(6)
		l.Left(t.Faint, d.Clock(name.time, false), 9)
		l.Put(t.Dim, screen.CleanUpTo(name.typ, l.Free()))
		return l.String()
	}
	drawStep(d, l, s, width)
	return l.String()
}

// drawStep draws an event and what it leads to.
func drawStep(d *component.Deck, l *screen.Line, s *sources.ImaginedStep, width int) {
	t := d.Theme
	apart := t.Text
	if s.Apart {
		apart = t.Warn
	}
	fault, why := s.Fault()
	switch {
	case fault != "":
		l.Left(t.Bad, fault.Sign(), 6)
	case s.Folded:
		l.Left(apart, versionText(s.Version), 6)
	default:
		l.Gap(6)
	}
	l.Left(t.Faint, d.Clock(s.Time, false), 9)
	l.Put(t.Text, screen.CutMiddle(screen.CleanUpTo(s.Type, width), max(width/4, 12))+"  ")
	if fault != "" {
		l.Put(t.Bad, screen.CleanUpTo(why, l.Free())+"  ")
	}
	for _, c := range s.Changes {
		if l.Free() <= 0 {
			break
		}
		l.Put(t.Dim, screen.CleanUpTo(c.Name, l.Free())+" ")
		l.Put(apart, changeText(c, l.Free())+"  ")
	}
	if s.Other && l.Free() > 0 {
		l.Put(t.Warn, screen.CleanUpTo("really: "+cmp.Or(s.Was, "accepted"), l.Free()))
	}
}

func whatIfKeys() []component.Key {
	key := func(do func(*whatIf, *component.Deck) tea.Cmd, short, help string, names ...string) component.Key {
		return component.InOverlay(component.Key{Names: names, Short: short, Help: help}, do)
	}
	var v *whatIf
	return []component.Key{
		key((*whatIf).leaveOut, "out, in", "leave the event out, or take it in again", "x", "delete"),
		key((*whatIf).repeat, "repeat", "have the event come once more", "r"),
		key(v.shift(-1), "earlier", "move the event up: it comes earlier", "<"),
		key(v.shift(+1), "later", "move the event down: it comes later", ">"),
		key((*whatIf).edit, "edit", "imagine the event otherwise, as a double click does", "enter"),
		key((*whatIf).add, "add", "add another event after it", "a"),
		key((*whatIf).undo, "as it was", "take back all that was imagined", "u"),
		{Names: []string{"W", "shift+w"}, Help: "what if: leave out, repeat, move, edit or add events of this entity", Rank: component.RankReport,
			For: component.Is[component.EntityHolder], Do: openWhatIf},
	}
}

package deck

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// handlings are how far consumers are with the events of the chosen entity; none while that is not known.
func (d *deck) handlings() []sources.Handling {
	if d.detail() == nil {
		return nil
	}
	return d.snap.Handlings
}

// standingSign is a standing as a sign and a style.
func standingSign(t *screen.Theme, s bus.Standing) (string, screen.Style) {
	switch s {
	case bus.Done:
		return "✓", t.Good
	case bus.Delivered:
		return "▸", t.Accent
	case bus.Waiting:
		return "○", t.Warn
	case bus.Filtered:
		return "–", t.Faint
	case bus.GivenUp:
		return "✗", t.Bad
	case bus.Unknown:
		return "?", t.Dim
	}
	return "", t.Faint
}

// legend are the standings as the table's last line explains them.
var legend = []bus.Standing{bus.Done, bus.Delivered, bus.Waiting, bus.Filtered, bus.GivenUp, bus.Unknown}

// summed is how far a consumer is with all of an entity's events: the oldest one that is not done, or what is true of all.
func summed(h *sources.Handling, history []sources.HistoryStep) (bus.Standing, string) {
	all := bus.Filtered
	for i, x := range h.Stands {
		if i >= len(history) {
			break
		}
		switch x.Standing {
		case bus.Waiting, bus.Delivered, bus.GivenUp:
			text := string(x.Standing) + " " + versionName(history[i].Version)
			if x.Who != "" {
				text += " (" + x.Who + ")"
			}
			return x.Standing, text
		case bus.Unknown:
			all = bus.Unknown
		case bus.Done:
			if all == bus.Filtered {
				all = bus.Done
			}
		}
	}
	return all, string(all)
}

// handled is the row of the state pane that sums it up: "courier done · billing waiting v3".
func (c stateColumns) handled(t *screen.Theme, e *sources.EntityDetail, handlings []sources.Handling, chosen bool) string {
	l := screen.NewRow(t, c.width, chosen, true)
	l.Left(t.Dim, "handled", c.name)
	for i := range handlings {
		h := &handlings[i]
		if i > 0 {
			l.Put(t.Faint, " · ")
		}
		standing, text := summed(h, e.History)
		_, k := standingSign(t, standing)
		l.Put(t.Text, screen.CleanUpTo(h.Consumer, l.Free())+" ")
		l.Put(k, screen.CleanUpTo(text, l.Free()))
	}
	return l.String()
}

// handlingView is the chosen entity's history against the consumers of its stations: who has handled what.
type handlingView struct {
	entity sources.Entity
	list   screen.List
	left   int  // the first consumer shown
	more   bool // there are more than are shown
}

// tracked is a place: it is known who has handled the chosen entity's events.
func tracked(d *deck) bool { return inPane(entitiesPane, statePane)(d) && len(d.handlings()) > 0 }

// wider is a place: a table of more consumers than it shows.
func wider(d *deck) bool {
	v, ok := d.top().(*handlingView)
	return ok && v.more
}

// openHandling opens the table of the chosen entity.
func (d *deck) openHandling() {
	v := &handlingView{entity: d.entities.chosen}
	if i := d.state.at - d.state.above(d); i > 0 {
		v.list.At = i
	}
	d.open(v)
}

func (v *handlingView) typing() bool                  { return false }
func (v *handlingView) moves() bool                   { return true }
func (v *handlingView) update(*deck, tea.Msg) tea.Cmd { return nil }

// steps are the events of the table, oldest first.
func (v *handlingView) steps(d *deck) []sources.HistoryStep {
	if e := d.detail(); e != nil && e.Entity == v.entity {
		return e.History
	}
	return nil
}

func (v *handlingView) move(d *deck, by int) {
	n := len(v.steps(d))
	v.list.At = min(max(v.list.At+by, 0), max(n-1, 0))
}

// enter opens the event of the chosen row.
func (v *handlingView) enter(d *deck) tea.Cmd {
	steps := v.steps(d)
	if len(steps) == 0 {
		return nil
	}
	v.move(d, 0)
	return d.openEvent(steps[len(steps)-1-v.list.At].Number)
}

func (v *handlingView) draw(d *deck) (screen.Panel, box) {
	b := d.large()
	b = d.centred(b.w, min(b.h, max(len(v.steps(d)), 6)+7))
	width, height := b.w-2, b.h-2
	steps, handlings := v.steps(d), d.handlings()
	p := screen.Panel{Title: "who has handled " + screen.Clean(v.entity.Kind) + " " + screen.CutID(screen.CleanID(v.entity.ID), max(width/3, 8))}
	if len(steps) == 0 || len(handlings) == 0 {
		p.Lines = screen.Note(d.theme, width, "the broker no longer tells who has handled its events")
		return p, b
	}
	v.move(d, 0)
	c := v.columns(steps, handlings, width)
	n := len(handlings)
	if v.more = n > c.to-c.from; v.more {
		p.Info = []string{"consumers " + screen.Grouped(uint64(c.from+1)) + "–" + screen.Grouped(uint64(c.to)) + " of " + screen.Grouped(uint64(n))}
	}
	p.Lines = c.heads(d.theme, handlings)
	rows := height - len(p.Lines) - 2
	from, to := v.list.Scroll(len(steps), rows)
	p.Total, p.Top, p.Visible = len(steps), from, rows
	for i := from; i < to; i++ {
		at := len(steps) - 1 - i
		p.Lines = append(p.Lines, c.row(d, &steps[at], handlings, at, i == v.list.At))
	}
	for len(p.Lines) < height-1 {
		p.Lines = append(p.Lines, screen.NewLine(width, "").String())
	}
	p.Lines = append(p.Lines, legendLine(d.theme, width))
	return p, b
}

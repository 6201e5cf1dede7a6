package deck

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/ui/screen"
)

// canGoBack tells whether esc has anything to leave.
func (d *deck) canGoBack() bool {
	return d.top() != nil || d.zoomed || d.at != 0 || d.still != nil || d.narrowed() || d.state.version != 0 ||
		d.events.cursor != 0
}

// narrowed tells whether the focused pane hides rows.
func (d *deck) narrowed() bool {
	if d.focus == entitiesPane {
		return d.entities.filter.text != ""
	}
	return d.focus == eventsPane && (d.events.filter.text != "" || d.events.station != "")
}

// back leaves one thing: the overlay on top, the zoom, an earlier time, an earlier version, a filter, the scrolled place.
func (d *deck) back() {
	switch o := d.top().(type) {
	case nil:
	case *filterLine:
		d.shut()
		o.cancel(d)
		return
	default:
		d.shut()
		return
	}
	switch {
	case d.zoomed:
		d.zoom()
	case d.at != 0 || d.still != nil:
		d.toNow()
	case d.state.version != 0:
		d.state.version = 0
	case d.narrowed() && d.focus == entitiesPane:
		d.entities.filter = entityFilter{}
	case d.narrowed():
		d.events.filter, d.events.station = eventFilter{}, ""
	default:
		d.events.cursor = 0
	}
}

// only narrows the events to the chosen station or subject, or shows all again.
func (d *deck) only() {
	r, was, station := d.stations.subject(d), d.events.onSubject(), d.events.station
	if was != "" {
		d.events.filter, d.events.station = eventFilter{}, ""
	}
	if r != nil {
		if text, _ := subjectFilter(r); was == "" || text != was {
			d.onlySubject(r)
		}
		return
	}
	x := d.stations.chosen(d)
	if x == nil || was == "" && station == x.Key {
		d.events.station = ""
		return
	}
	d.events.station, d.events.cursor = x.Key, 0
}

// nextSort sorts the entities by the next of their properties: touched last, id, status, version, then each field.
func (d *deck) nextSort() {
	orders := []string{"", "id", "status", "version"}
	if rows := d.snap.Entities.Rows; len(rows) > 0 {
		for _, f := range rows[0].Fields {
			orders = append(orders, f.Name)
		}
	}
	i := slices.Index(orders, d.entities.sort)
	d.entities.sort = orders[(i+1)%len(orders)]
	d.entities.top = 0
}

// nextKind shows the next kind of entity; after the last, all of them.
func (d *deck) nextKind() {
	kinds := []string{""}
	for _, k := range d.snap.Entities.Kinds {
		kinds = append(kinds, k.Name)
	}
	slices.Sort(kinds)
	i := slices.Index(kinds, d.entities.kind)
	d.entities.kind = kinds[(i+1)%len(kinds)]
	d.entities.top = 0
}

// Offer is something the deck can do about having found nothing, such as listening to everything.
type Offer struct {
	Text   string // what is offered, and what speaks against it
	Accept func(ctx context.Context) error
}

// accept takes the offer up, in a command since it asks the broker. When that fails, the offer stands again.
func (d *deck) accept() tea.Cmd {
	offer, ctx := d.opt.Offer, d.ctx
	d.opt.Offer = nil
	return func() tea.Msg {
		err := offer.Accept(ctx)
		return resultMsg(func(d *deck) tea.Cmd {
			if err != nil {
				d.opt.Offer = offer
				d.sayError(err)
				return nil
			}
			d.say(bus.Say, "listening")
			return nil
		})
	}
}

// offering tells whether there is an offer to take up: one was made, and nothing is read.
func offering(d *deck) bool { return d.opt.Offer != nil && panes(d) && len(d.snap.Stations) == 0 }

// nothingFound is what the stations pane says when there are none.
func (d *deck) nothingFound(width int) []string {
	if d.opt.Offer == nil {
		return screen.Note(d.theme, width, "no stations yet")
	}
	return screen.Note(d.theme, width, "nothing was discovered here", screen.Clean(d.opt.Offer.Text), "press a to do that")
}

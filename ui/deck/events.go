package deck

import (
	"slices"
	"strconv"

	"signalbox/sources"
	"signalbox/ui/screen"
)

// eventList is pane 2: the events in order of arrival, the newest at the bottom. It follows until somebody scrolls up.
type eventList struct {
	cursor  uint64 // number of the chosen event; 0 follows the newest
	offset  int    // the line that the chosen event was drawn on
	station string // only this one's, by its key
	filter  eventFilter
	journey string // the correlation that is followed, as long as the filter is its
	subject string // the filter for the subject that was chosen, likewise
	columns eventColumns
	cache   screen.RowCache[uint64]
}

// wants asks for the rows on the screen and for some around them, so that moves find rows to move to.
func (e *eventList) wants(d *deck) sources.EventsView {
	height := d.rows(eventsPane)
	height = max(height, 20)
	v := sources.EventsView{Filter: e.filter.apply, Station: e.station, Cursor: e.cursor,
		Above: 3 * height, Below: 2 * height}
	if e.cursor == 0 {
		v.Below = 0
	}
	return v
}

// index finds the chosen event among the rows at hand: the last one when following, the nearest older one when it has
// left; -1 when there are none.
func (e *eventList) index(rows []*sources.Event) int {
	if e.cursor == 0 || len(rows) == 0 {
		return len(rows) - 1
	}
	i, found := slices.BinarySearchFunc(rows, e.cursor, func(r *sources.Event, n uint64) int {
		switch {
		case r.Number < n:
			return -1
		case r.Number > n:
			return 1
		}
		return 0
	})
	if !found {
		i--
	}
	return max(i, 0)
}

func (e *eventList) chosen(d *deck) *sources.Event {
	rows := d.snap.Events.Rows
	if i := e.index(rows); i >= 0 {
		return rows[i]
	}
	return nil
}

// move goes so many events on. Going on from the newest follows again.
func (e *eventList) move(d *deck, by int) {
	rows := d.snap.Events.Rows
	at := e.index(rows)
	if at < 0 {
		return
	}
	height := d.rows(eventsPane)
	switch {
	case by == screen.ToEnd || by > 0 && e.cursor == 0:
		e.cursor = 0
		return
	case by == screen.ToHome:
		e.cursor, e.offset = 1, 0
		return
	case e.cursor == 0:
		e.offset = min(height, len(rows)) - 1
	}
	to := at + by
	if newest := d.snap.Events.Matching; to >= len(rows) && d.snap.Events.Rank+uint64(len(rows)) >= newest {
		e.cursor = 0
		return
	}
	to = min(max(to, 0), len(rows)-1)
	e.cursor = rows[to].Number
	e.offset = min(max(e.offset+to-at, 0), max(height-1, 0))
}

// hold stops following without moving, so that what is chosen stays chosen.
func (e *eventList) hold(d *deck) {
	if r := e.chosen(d); r != nil && e.cursor == 0 {
		height := d.rows(eventsPane)
		e.cursor, e.offset = r.Number, min(height, len(d.snap.Events.Rows))-1
	}
}

// window tells which rows are drawn: from (inclusive) to (exclusive).
func (e *eventList) window(rows []*sources.Event, height int) (from, to int) {
	at := e.index(rows)
	from = at - min(e.offset, height-1)
	if e.cursor == 0 {
		from = len(rows) - height
	}
	from = max(min(from, len(rows)-height), 0)
	return from, min(from+height, len(rows))
}

func (e *eventList) draw(d *deck, width, height int, focused bool) screen.Panel {
	rows := d.snap.Events
	p := screen.Panel{Number: "2", Title: "Events", Chips: e.chips(d), Info: e.info(d)}
	e.columns.grow(rows.Rows, width)
	e.cache.SetLook(eventLook{d.theme, e.columns})
	from, to := e.window(rows.Rows, height)
	at, journey := e.index(rows.Rows), e.onTheWay() != ""
	p.Total, p.Top, p.Visible = int(rows.Matching), int(rows.Rank)+from, height
	for i := from; i < to; i++ {
		r := rows.Rows[i]
		chosen := i == at && (focused || e.cursor != 0)
		switch {
		case journey && i > 0:
			p.Lines = append(p.Lines, e.columns.row(d, r, rows.Rows[i-1], chosen, focused))
		case chosen || journey:
			p.Lines = append(p.Lines, e.columns.row(d, r, nil, chosen, focused))
		default:
			p.Lines = append(p.Lines, e.cache.Row(r.Number, func() string { return e.columns.row(d, r, nil, false, focused) }))
		}
	}
	if len(rows.Rows) == 0 {
		p.Lines = screen.Note(d.theme, width, e.nothing(d))
	}
	return p
}

func (e *eventList) nothing(d *deck) string {
	rows := d.snap.Events
	switch {
	case rows.Searched < rows.Total:
		return "searching…"
	case e.filter.text != "":
		return "no event matches /" + screen.Clean(e.filter.text) + " ─ esc clears the filter"
	case len(d.snap.Stations) == 0:
		return "no station is being read yet"
	}
	return "nothing has arrived yet ─ events show here as they come"
}

// info is what the title says at the right: whether the list follows, and how many events there are.
func (e *eventList) info(d *deck) []string {
	rows := d.snap.Events
	var info []string
	if rows.Searched < rows.Total {
		info = append(info, "searched "+strconv.Itoa(int(rows.Searched*100/rows.Total))+" %")
	}
	switch {
	case d.still != nil:
		info = append(info, "frozen")
	case d.at != 0:
		info = append(info, "at an earlier time")
	case e.cursor == 0:
		info = append(info, "following")
	default:
		newer := uint64(0)
		if shown := rows.Rank + uint64(e.index(rows.Rows)+1); rows.Matching > shown {
			newer = rows.Matching - shown
		}
		info = append(info, "scrolled · "+screen.Grouped(newer)+" newer")
	}
	count := screen.Grouped(rows.Matching)
	if e.filter.text != "" || e.station != "" {
		count += " of " + screen.Grouped(rows.Total)
	}
	return append(info, count)
}

func (e *eventList) chips(d *deck) []screen.Chip {
	var chips []screen.Chip
	if e.station != "" {
		chips = append(chips, screen.Chip{Style: d.theme.Flag, Text: " only " + screen.Clean(e.station) + " "})
	}
	switch id := e.onTheWay(); {
	case id != "":
		chips = append(chips, screen.Chip{Style: d.theme.Flag, Text: " journey " + screen.CutID(screen.CleanID(id), 20) + " "})
	case e.filter.text != "":
		chips = append(chips, screen.Chip{Style: d.theme.Flag, Text: " /" + screen.Clean(e.filter.text) + " "})
	}
	return chips
}

// eventLook is what the drawn rows depend on beside the events.
type eventLook struct {
	theme   *screen.Theme
	columns eventColumns
}

package panes

import (
	"cmp"
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/deck/overlays"
	"signalbox/ui/deck/selection"
	"signalbox/ui/screen"
)

// events is the pane of events in order of arrival, the newest at the bottom. It follows until somebody scrolls up.
type events struct {
	needs   eventNeeds
	columns eventColumns // as drawn last
	cache   screen.RowCache[markedRow]
}

// markedRow is what the row of an event depends on.
type markedRow struct {
	event *sources.Event // another one once it was amended
	mark  mark
}

func (e *events) Title() string       { return "Events" }
func (e *events) Place() layout.Place { return layout.Main }

// Want asks for the rows on the screen and for some around them, so that moves find rows to move to.
func (e *events) Want(d *component.Deck, v *sources.View) {
	chosen, height := &d.Selection.Events, max(d.Panes.Rows(e), 20)
	v.Events = sources.EventsView{Filter: chosen.Filter(), Station: chosen.Station, Copies: chosen.Copies, Cursor: d.Time.Event(),
		Above: 3 * height, Below: 2 * height}
	if v.Events.Cursor == 0 {
		v.Events.Below = 0
	}
}

// index finds the chosen event among the rows at hand: the last one when following, the nearest older one when it has
// left; -1 when there are none.
func (e *events) index(d *component.Deck, rows []*sources.Event) int {
	cursor := d.Time.Event()
	if cursor == 0 || len(rows) == 0 {
		return len(rows) - 1
	}
	i, found := slices.BinarySearchFunc(rows, cursor, func(r *sources.Event, n uint64) int {
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

// ChosenEvent implements component.EventHolder.
func (e *events) ChosenEvent(d *component.Deck) *sources.Event {
	rows := d.Snapshot().Events.Rows
	if i := e.index(d, rows); i >= 0 {
		return rows[i]
	}
	return nil
}

// Move goes so many events on. Going on from the newest follows again.
func (e *events) Move(d *component.Deck, by int) {
	all := d.Snapshot().Events
	rows := all.Rows
	at, height := e.index(d, rows), d.Panes.Rows(e)
	following := d.Time.Event() == 0
	switch {
	case by == screen.ToHome && d.Snapshot().Everything && d.Time.At() != 0:
		d.Time.GoTo(1)
		return
	case by == screen.ToHome && (at >= 0 || d.Snapshot().Everything):
		d.Time.ChooseOn(1, 0)
		return
	case by == screen.ToEnd || by > 0 && following:
		d.Time.Follow()
		return
	case e.beyond(d, at+by):
		return
	case at < 0:
		return
	}
	to := at + by
	if to >= len(rows) && all.Rank+uint64(len(rows)) >= all.Matching {
		d.Time.Follow()
		return
	}
	to = min(max(to, 0), len(rows)-1)
	line := e.lineOf(d, rows, height) + to - at
	d.Time.ChooseOn(rows[to].Number, min(max(line, 0), max(height-1, 0)))
}

// beyond goes on to events that are not at hand, where a move ends behind those that are, and tells whether it has.
func (e *events) beyond(d *component.Deck, to int) bool {
	all := d.Snapshot().Events
	left := all.Before // in a list of all events their ranks count those that are not at hand, too
	if d.Selection.Events.Narrowed() {
		left = 0
	}
	switch {
	case to < 0 && all.Before > 0 && (len(all.Rows) == 0 || all.Rank <= left):
		if d.Time.At() != 0 {
			d.Time.GoTo(all.Before)
		} else {
			d.Time.ChooseOn(all.Before, 0)
		}
	case to >= len(all.Rows) && all.After > 0 && (len(all.Rows) == 0 || all.Rank+uint64(len(all.Rows)) >= all.Matching):
		d.Time.Choose(all.After)
	default:
		return false
	}
	return true
}

// lineOf is the line that the chosen event is drawn on. One that was chosen elsewhere is the newest that was shown, which
// stood at the bottom.
func (e *events) lineOf(d *component.Deck, rows []*sources.Event, height int) int {
	place := d.Time.Place()
	if place.Event == 0 || place.Line < 0 {
		place.Line = min(height, len(rows)) - 1
		if place.Event != 0 {
			d.Time.Return(place)
		}
	}
	return place.Line
}

// window tells which rows are drawn: from (inclusive) to (exclusive).
func (e *events) window(d *component.Deck, rows []*sources.Event, height int) (from, to int) {
	from = e.index(d, rows) - min(e.lineOf(d, rows, height), height-1)
	if d.Time.Event() == 0 {
		from = len(rows) - height
	}
	from = max(min(from, len(rows)-height), 0)
	return from, min(from+height, len(rows))
}

func (e *events) Click(d *component.Deck, _, row, height int) bool {
	rows := d.Snapshot().Events.Rows
	from, to := e.window(d, rows, height)
	if from+row >= to {
		return false
	}
	d.Time.ChooseOn(rows[from+row].Number, row)
	return true
}

// Open opens the chosen event, which stays chosen while others come.
func (e *events) Open(d *component.Deck) tea.Cmd {
	r := e.ChosenEvent(d)
	if r == nil && onlyOffers(d) {
		if rows := d.Snapshot().Stations; len(rows) > 0 {
			return take(d, rows[0].Key)
		}
	}
	if r == nil {
		d.Say(bus.Say, "there is nothing to open: no event is here")
		return nil
	}
	d.Time.Hold()
	return overlays.OpenEvent(d, r.Number)
}

func (e *events) Copy(d *component.Deck) (text, what string) {
	switch r := e.ChosenEvent(d); {
	case r == nil:
		return "", "no event is here"
	case r.Size == 0:
		return "", "the payload is empty"
	case r.Size > len(r.Data):
		return "", "only the beginning of the payload is here; enter opens it, and y copies it whole there"
	default:
		return string(r.Data), "the payload"
	}
}

func (e *events) Row(d *component.Deck) any {
	if r := e.ChosenEvent(d); r != nil {
		return r
	}
	return nil
}

func (e *events) Keys() []component.Key {
	return []component.Key{
		{Names: []string{"O", "shift+o"}, Help: "show the copies that applications keep, or fold them away",
			Rank: component.RankView, For: component.In(e), Do: component.Plain(e.unfold)},
		{Names: []string{"p"}, Help: "pick this event, or no more, to be written by E", Rank: component.RankRow, For: component.In(e),
			Do: component.Plain(e.pick)},
		{Names: []string{"E", "shift+e"}, Help: "write events to a file: those that are picked, else those that the list has",
			Rank: component.RankView, For: component.In(e), Do: component.Plain(overlays.AskExport)},
	}
}

// pick picks the chosen event, and goes to the next one.
func (e *events) pick(d *component.Deck) {
	r := e.ChosenEvent(d)
	if r == nil {
		d.Say(bus.Say, "no event is here")
		return
	}
	d.Time.Hold()
	if !d.Selection.Events.Pick(r.Number) {
		d.Say(bus.Warn, screen.Grouped(selection.MostPicked)+" events are picked: a filter says more")
		return
	}
	if rows := d.Snapshot().Events.Rows; len(rows) > 0 && r.Number != rows[len(rows)-1].Number {
		e.Move(d, 1)
	}
}

// unfold shows what tells of applications' copies, or folds it away.
func (e *events) unfold(d *component.Deck) {
	chosen := &d.Selection.Events
	if chosen.Copies = !chosen.Copies; !chosen.Copies && d.Snapshot().Events.Copies == 0 {
		d.Say(bus.Say, "what tells of copies that applications keep of their entities is folded away")
	}
}

func (e *events) Draw(d *component.Deck, width, height int, focused bool) screen.Panel {
	rows := d.Snapshot().Events
	p := screen.Panel{Title: e.Title(), Chips: e.chips(d), Info: e.info(d)}
	e.columns = e.needs.fit(rows.Rows, d.Now(), width)
	e.cache.SetLook(eventLook{d.Theme, e.columns})
	from, to := e.window(d, rows.Rows, height)
	at, journey := e.index(d, rows.Rows), d.Selection.Events.Journey() != ""
	p.Total, p.Top, p.Visible = int(rows.Matching), int(rows.Rank)+from, height
	for i := from; i < to; i++ {
		r, m := rows.Rows[i], markOf(d, rows.Rows[i].Number)
		chosen := i == at && (focused || d.Time.Event() != 0)
		switch {
		case journey && i > 0:
			p.Lines = append(p.Lines, e.columns.row(d, r, rows.Rows[i-1], m, chosen, focused))
		case chosen || journey:
			p.Lines = append(p.Lines, e.columns.row(d, r, nil, m, chosen, focused))
		default:
			p.Lines = append(p.Lines, e.cache.Row(markedRow{r, m}, func() string { return e.columns.row(d, r, nil, m, false, focused) }))
		}
	}
	if len(rows.Rows) == 0 {
		p.Lines = screen.Note(d.Theme, width, e.nothing(d)...)
	}
	return p
}

func (e *events) nothing(d *component.Deck) []string {
	rows, narrowed := d.Snapshot().Events, &d.Selection.Events
	going := d.Going()
	switch {
	case going != "":
		return []string{going}
	case rows.Searched < rows.Total:
		return []string{"searching…"}
	case narrowed.Text() != "":
		return []string{"no event matches /" + screen.Clean(narrowed.Text()) + " ─ esc clears the filter"}
	case len(d.Snapshot().Stations) == 0:
		return []string{"no station is being read yet"}
	}
	if why := onlyListed(d.Snapshot().Stations); len(why) > 0 {
		return why
	}
	return []string{"nothing has arrived yet ─ events show here as they come"}
}

// onlyListed says why nothing is read, where that is so of every station.
func onlyListed(stations []sources.StationRow) []string {
	var why []string
	for i := range stations {
		s := &stations[i]
		switch {
		case !s.Detached.IsZero():
			why = append(why, screen.Clean(s.Key+" ─ detached"))
		case s.Refused != "":
			why = append(why, screen.Clean(s.Key+" ─ "+s.Refused))
		case s.Offer != nil:
			why = append(why, screen.Clean(s.Key+" ─ "+s.Offer.Text()+" ─ enter reads them"))
		case !s.Station.Readable:
			why = append(why, screen.Clean(s.Key+" ─ "+cmp.Or(s.Station.Reading, "only listed")))
		default:
			return nil
		}
	}
	return why
}

// info is what the title says at the right: whether the list follows, and how many events there are.
func (e *events) info(d *component.Deck) []string {
	rows, narrowed := d.Snapshot().Events, &d.Selection.Events
	var info []string
	if rows.Searched < rows.Total && (narrowed.Narrowed() || len(rows.Rows) == 0) {
		info = append(info, "searched "+strconv.Itoa(int(rows.Searched*100/rows.Total))+" %")
	}
	switch {
	case d.Time.Frozen():
		info = append(info, "frozen")
	case d.Time.At() != 0:
		info = append(info, "at an earlier time")
	case d.Time.Event() == 0:
		info = append(info, "following")
	default:
		newer := uint64(0)
		if shown := rows.Rank + uint64(e.index(d, rows.Rows)+1); rows.Matching > shown {
			newer = rows.Matching - shown
		}
		info = append(info, "scrolled · "+screen.Grouped(newer)+" newer")
	}
	switch {
	case rows.Copies > 0 && d.Time.Earlier(): // how many there are is of now
		info = append(info, "copies folded away: O")
	case rows.Copies > 0:
		info = append(info, screen.Grouped(rows.Copies)+" copies folded away: O")
	}
	count := screen.Grouped(rows.Matching)
	if narrowed.Narrowed() {
		count += " of " + screen.Grouped(rows.Total)
	}
	return append(info, count)
}

func (e *events) chips(d *component.Deck) []screen.Chip {
	narrowed := &d.Selection.Events
	var chips []screen.Chip
	if n := len(narrowed.Picked()); n > 0 {
		chips = append(chips, screen.Chip{Style: d.Theme.Flag, Text: " " + screen.Grouped(uint64(n)) + " picked "})
	}
	if narrowed.Station != "" {
		chips = append(chips, screen.Chip{Style: d.Theme.Flag, Text: " only " + screen.Clean(narrowed.Station) + " "})
	}
	switch id := narrowed.Journey(); {
	case id != "":
		chips = append(chips, screen.Chip{Style: d.Theme.Flag, Text: " journey " + screen.CutID(screen.CleanID(id), 20) + " "})
	case narrowed.Text() != "":
		chips = append(chips, screen.Chip{Style: d.Theme.Flag, Text: " /" + screen.Clean(narrowed.Text()) + " "})
	}
	return chips
}

// eventLook is what the drawn rows depend on beside the events.
type eventLook struct {
	theme   *screen.Theme
	columns eventColumns
}

package deck

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
)

// click is the last click, to tell a double one.
type click struct {
	x, y int
	at   time.Time
}

// doubleClick is how fast the second click must come.
const doubleClick = 400 * time.Millisecond

// wheelMsg is what the wheel turned since the last one: rows down, under the mouse.
type wheelMsg struct{ x, y, by int }

// wheelStep is how many rows one notch of the wheel goes.
const wheelStep = 3

// mergeWheel makes a filter for the program that merges the notches of a wheel, of which a terminal may send hundreds
// a second, into one message a frame. What stays behind when the wheel stops is let go.
func mergeWheel(now func() time.Time) func(tea.Model, tea.Msg) tea.Msg {
	var last time.Time
	sum := 0
	return func(_ tea.Model, msg tea.Msg) tea.Msg {
		turn, ok := msg.(tea.MouseWheelMsg)
		if !ok {
			return msg
		}
		switch turn.Button {
		case tea.MouseWheelDown:
			sum += wheelStep
		case tea.MouseWheelUp:
			sum -= wheelStep
		default:
			return nil
		}
		at := now()
		if at.Sub(last) < frameTime {
			return nil
		}
		if at.Sub(last) > 10*frameTime { // the wheel had stopped: what it left behind is stale
			sum = min(max(sum, -wheelStep), wheelStep)
		}
		by := sum
		last, sum = at, 0
		return wheelMsg{turn.X, turn.Y, by}
	}
}

// toggleMouse gives the mouse to the terminal, which then can select text, or takes it back.
func (d *deck) toggleMouse() {
	d.mouse = !d.mouse
	if d.mouse {
		d.say(bus.Say, "the mouse works here again")
	} else {
		d.say(bus.Say, "the mouse is the terminal's now: select text as usual, m takes it back")
	}
}

// wheel scrolls the overlay on top, or the pane under the mouse.
func (d *deck) wheel(w wheelMsg) {
	if o := d.top(); o != nil {
		if o.moves() {
			o.move(d, w.by)
		}
		return
	}
	if a, ok := d.layout.at(w.x, w.y); ok {
		d.moveIn(a.pane, w.by)
	}
}

// click focuses the pane under the mouse and chooses its row; the second click on it opens it.
func (d *deck) click(m tea.Mouse) tea.Cmd {
	if m.Button != tea.MouseLeft {
		return nil
	}
	again := m.X == d.clicked.x && m.Y == d.clicked.y && d.opt.Now().Sub(d.clicked.at) < doubleClick
	d.clicked = click{m.X, m.Y, d.opt.Now()}
	if o := d.top(); o != nil {
		return d.clickOver(o, m, again)
	}
	if d.layout.tabs && m.Y == 1 {
		d.clickTab(m.X)
		return nil
	}
	a, ok := d.layout.at(m.X, m.Y)
	if !ok {
		return nil
	}
	d.focusOn(a.pane)
	row := m.Y - a.y - 1
	if row < 0 || row >= a.h-2 {
		return nil
	}
	hit := d.clickRow(a.pane, row, a.h-2)
	switch {
	case hit && a.pane == stationsPane && d.stations.onMarker(d, m.X-a.x-1):
		d.toggleFold()
	case hit && again:
		d.clicked = click{}
		return d.enter()
	}
	return nil
}

// clickRow chooses a row by its line in the pane; false when there is none.
func (d *deck) clickRow(pane paneID, row, height int) bool {
	switch pane {
	case stationsPane:
		d.stations.move(d, d.stations.Top+row-d.stations.At)
		return d.stations.Top+row < d.stationLines()
	case eventsPane:
		rows := d.snap.Events.Rows
		from, to := d.events.window(rows, height)
		if from+row >= to {
			return false
		}
		d.events.cursor, d.events.offset = rows[from+row].Number, row
		return true
	case consumersPane:
		n := len(d.calm().Consumers)
		d.consumers.move(d, d.consumers.Top+row-d.consumers.At)
		return d.consumers.Top+row < n
	case entitiesPane:
		rows := d.snap.Entities
		at := d.entities.top + row - rows.Top
		if row >= entityRows(height) || at < 0 || at >= len(rows.Rows) {
			return false
		}
		d.entities.choose(d, rows.Rows[at].Entity)
		return true
	default:
		return d.state.clickRow(d, row)
	}
}

// clickRow chooses a field or a step by its line; the heading between them is no row.
func (s *stateView) clickRow(d *deck, row int) bool {
	e := d.detail()
	if e == nil {
		return false
	}
	at := s.top + row
	above := s.above(d)
	if len(e.History) > 0 && at >= above && s.top <= above {
		if at == above {
			return false
		}
		at--
	}
	if at >= above+len(e.History) {
		return false
	}
	s.at = at
	return true
}

// clickTab focuses the pane whose tab is clicked.
func (d *deck) clickTab(x int) {
	at := 1
	for id := range paneCount {
		next := at + len(tabName(id))
		if x >= at && x < next {
			d.focusOn(id)
			return
		}
		at = next + d.tabGap()
	}
}

// clickOver chooses the row of a list to choose from; a click beside an overlay that is only read closes it.
func (d *deck) clickOver(o overlay, m tea.Mouse, again bool) tea.Cmd {
	_, b := o.draw(d)
	inside := m.X >= b.x && m.X < b.x+b.w && m.Y >= b.y && m.Y < b.y+b.h
	if p, ok := o.(*picker); ok && inside {
		if row := m.Y - b.y - 3; row >= 0 && p.list.Top+row < len(p.found) {
			p.list.Move(p.list.Top+row-p.list.At, len(p.found), p.key)
			if again {
				return p.take(d)
			}
		}
		return nil
	}
	if !inside && o.moves() && !o.typing() {
		d.back()
	}
	return nil
}

package deck

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
)

// click is the last click, to tell a double one.
type click struct {
	x, y  int
	at    time.Time
	opens bool // it chose something that a second click opens
}

// drag is a border that is held with the mouse.
type drag struct {
	layout.Border
	x, y  int // where it was taken hold of
	held  bool
	moved bool
}

// near is how far apart the clicks of a double one may be on their row.
const near = 2

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

// wheel scrolls the overlay on top, or the pane under the mouse.
func (m *model) wheel(w wheelMsg) {
	if o := m.Overlays.Top(); o != nil {
		if o.Moves() {
			o.Move(&m.Deck, w.by)
		}
		return
	}
	if a, ok := m.Layout().At(w.x, w.y); ok {
		m.Panes.All()[a.Pane].Move(&m.Deck, w.by)
	}
}

// clicked focuses the pane under the mouse and chooses its row; the second click on it opens what the first one chose, though
// the rows may have moved between them. A border is taken hold of.
func (m *model) clicked(at tea.Mouse) tea.Cmd {
	if at.Button != tea.MouseLeft {
		return nil
	}
	last := m.click
	again := max(at.X-last.x, last.x-at.X) <= near && at.Y == last.y && m.Now().Sub(last.at) < doubleClick
	m.click, m.drag = click{x: at.X, y: at.Y, at: m.Now()}, drag{}
	if o := m.Overlays.Top(); o != nil {
		if x, ok := o.(component.Dragging); ok && m.over.Holds(at.X, at.Y) {
			m.drag.held = true
			x.Drag(&m.Deck, at.X-m.over.X, at.Y-m.over.Y)
			return nil
		}
		return clickOverlay(&m.Deck, o, m.over, at, again)
	}
	if m.Layout().Strip.Holds(at.X, at.Y) {
		m.Strip.Focus(&m.Deck)
		return nil
	}
	if m.Layout().Tabs && at.Y == 1 {
		clickTab(&m.Deck, at.X)
		return nil
	}
	if b, ok := m.Layout().BorderAt(at.X, at.Y); ok {
		m.hold(b, at, again)
		return nil
	}
	a, ok := m.Layout().At(at.X, at.Y)
	if !ok {
		return nil
	}
	if again && last.opens && m.Panes.All()[a.Pane] == m.Panes.Focused() {
		m.click = click{}
		return m.Panes.Focused().Open(&m.Deck)
	}
	m.Trail.Stay()
	m.Panes.Focus(a.Pane)
	row := at.Y - a.Y - 1
	if row < 0 || row >= a.H-2 {
		return nil
	}
	m.click.opens = m.Panes.Focused().Click(&m.Deck, at.X-a.X-1, row, a.H-2)
	return nil
}

// hold takes hold of a border; a double click puts it back.
func (m *model) hold(b layout.Border, at tea.Mouse, again bool) {
	if again {
		m.Panes.ResetBorder(b)
		return
	}
	m.drag = drag{Border: b, x: at.X, y: at.Y, held: true}
}

// dragged moves the border that is held; it is false when nothing has moved.
func (m *model) dragged(to tea.Mouse) bool {
	if x, ok := m.Overlays.Top().(component.Dragging); ok && m.drag.held {
		x.Drag(&m.Deck, to.X-m.over.X, to.Y-m.over.Y)
		return true
	}
	by := to.X - m.drag.x
	if !m.drag.Upright {
		by = to.Y - m.drag.y
	}
	if !m.drag.held || by == 0 && !m.drag.moved || m.Overlays.Top() != nil {
		return false
	}
	m.drag.moved = true
	m.Panes.MoveBorder(m.drag.Border, by)
	return true
}

// released lets the border go. One that was only clicked focuses the pane whose border it is.
func (m *model) released(at tea.Mouse) bool {
	was := m.drag
	m.drag = drag{}
	if !was.held || was.moved || m.Overlays.Top() != nil {
		return false
	}
	a, ok := m.Layout().At(at.X, at.Y)
	if ok {
		m.Panes.Focus(a.Pane)
	}
	return ok
}

// clickTab focuses the pane whose tab is clicked.
func clickTab(d *component.Deck, x int) {
	at := 1
	for i, pane := range d.Panes.All() {
		next := at + len(tabName(i, pane))
		if x >= at && x < next {
			d.Trail.Stay()
			d.Panes.Focus(i)
			return
		}
		at = next + tabGap(d.Layout())
	}
}

// clickOverlay hands a click to an overlay with rows; a click beside one that is only read closes it.
func clickOverlay(d *component.Deck, o component.Overlay, b layout.Box, at tea.Mouse, again bool) tea.Cmd {
	if b.Holds(at.X, at.Y) {
		if c, ok := o.(component.Clickable); ok {
			return c.Click(d, at.Y-b.Y, again)
		}
		return nil
	}
	if o.Moves() && !o.Typing() {
		goBack(d)
	}
	return nil
}

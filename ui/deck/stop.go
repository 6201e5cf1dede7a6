package deck

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/ui/screen"
)

// stop freezes the view on an event that has hit a breakpoint, with the entity that it is about, and rings. Whoever looks at
// another time is not taken from there: they are told.
func (m *model) stop() tea.Cmd {
	row, hit := m.Breaks.Hit(m.Snapshot().Breaks)
	if row == nil {
		return nil
	}
	text := "breakpoint: " + screen.Clean(row.Text)
	switch {
	case m.Breaks.Stopped() != "": // one thing at a time: further hits are counted
		return nil
	case m.Time.At() == 0 && !m.Time.Frozen():
		m.Time.StopAt(hit.Number)
		m.Breaks.StoppedBy(row.Number)
		m.Selection.Choose(hit.Entity)
	default:
		text += " · hit by event " + screen.Grouped(hit.Number)
	}
	m.Say(bus.Warn, text)
	return tea.Raw("\a")
}

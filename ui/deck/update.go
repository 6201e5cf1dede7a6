package deck

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// Messages of the deck's own. The answers to what was asked in commands come as component.Result.
type (
	snapshotMsg struct{}  // the source has a newer snapshot
	tickMsg     time.Time // a second has passed
)

// Update implements tea.Model. It is the one place where messages are routed: keys to the registry, then to the overlay
// on top; everything else to where it belongs. Nothing here waits or walks what is held.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	changed, focused := true, m.Panes.Focused()
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.Panes.Resize(msg.Width, msg.Height)
		var cmds []tea.Cmd
		for _, o := range m.Overlays.All() {
			cmds = append(cmds, o.Update(&m.Deck, msg))
		}
		cmd = tea.Batch(cmds...)
	case tea.BackgroundColorMsg:
		m.Theme = screen.NewTheme(msg.IsDark())
	case snapshotMsg:
		cmd = m.renew()
	case tickMsg: // the clock in the header, and notices whose time is over
	case reloaded:
		m.tellReloaded()
	case suspendMsg:
		cmd = m.suspend(&m.Deck)
	case retakeMsg:
		cmd = retake()
	case resumedMsg:
		cmd = m.resumed(msg)
	case component.Result:
		cmd = msg()
	case tea.KeyPressMsg:
		cmd = m.press(msg)
	case wheelMsg:
		m.wheel(msg)
	case tea.MouseClickMsg:
		cmd = m.clicked(msg.Mouse())
	case tea.MouseMotionMsg:
		changed = m.dragged(msg.Mouse())
	case tea.MouseReleaseMsg:
		changed = m.released(msg.Mouse())
	default:
		cmd = m.toTop(msg)
	}
	if now, ok := m.Panes.Focused().(component.Renewed); ok && m.Panes.Focused() != focused {
		cmd = tea.Batch(cmd, now.Renew(&m.Deck)) // it may have something to do now that it is open
	}
	if before, ok := focused.(component.Renewed); ok && m.Panes.Focused() != focused {
		cmd = tea.Batch(cmd, before.Renew(&m.Deck))
	}
	if changed {
		m.screen = ""
		m.Panes.Fit(&m.Deck, m.Now())
		m.look()
	}
	return m, cmd
}

// renew takes the newest snapshot.
func (m *model) renew() tea.Cmd {
	m.Time.Renew(m.source.Snapshot())
	cmds := []tea.Cmd{m.stop()}
	for _, pane := range m.Panes.All() {
		if r, ok := pane.(component.Renewed); ok {
			cmds = append(cmds, r.Renew(&m.Deck))
		}
	}
	cmds = append(cmds, m.Strip.Renew(&m.Deck))
	m.Selection.Letters.Count(m.Snapshot().Dead)
	m.Notice.Hear(m.Now(), m.Snapshot())
	if r, ok := m.Overlays.Top().(component.Renewed); ok {
		cmds = append(cmds, r.Renew(&m.Deck))
	}
	return tea.Batch(cmds...)
}

// press does what a key is for; keys that are for nothing go to the overlay on top.
func (m *model) press(k tea.KeyPressMsg) tea.Cmd {
	m.Notice.Clear()
	if cmd, known := m.keys.Press(&m.Deck, k); known {
		return cmd
	}
	return m.toTop(k)
}

// toTop hands a message to the overlay on top.
func (m *model) toTop(msg tea.Msg) tea.Cmd {
	if o := m.Overlays.Top(); o != nil {
		return o.Update(&m.Deck, msg)
	}
	return nil
}

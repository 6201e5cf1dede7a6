package deck

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/screen"
)

// ownKeys are those that are about no pane or overlay in particular.
func (m *model) ownKeys() []component.Key {
	return append(append(append(m.moveKeys(), m.paneKeys()...), m.timeKeys()...), m.deckKeys()...)
}

// moveKeys move in the overlay on top, or in the focused pane.
func (m *model) moveKeys() []component.Key {
	move := func(keys []string, label, help string, by func(page int) int) component.Key {
		return component.Key{Names: keys, Label: label, Help: help, Group: component.GroupGo, Rank: component.RankMove, Quiet: true,
			Where: movesRows, Do: component.Plain(func(*component.Deck) { m.move(by(m.page())) })}
	}
	fixed := func(n int) func(int) int { return func(int) int { return n } }
	return []component.Key{
		move([]string{"j", "down"}, "j ↓", "down", fixed(1)),
		move([]string{"k", "up"}, "k ↑", "up", fixed(-1)),
		move([]string{"pgdown"}, "PgDn", "a page down", func(page int) int { return page }),
		move([]string{"pgup"}, "PgUp", "a page up", func(page int) int { return -page }),
		move([]string{"ctrl+d"}, "ctrl+d", "half a page down", func(page int) int { return page / 2 }),
		move([]string{"ctrl+u"}, "ctrl+u", "half a page up", func(page int) int { return -page / 2 }),
		move([]string{"g", "home"}, "g Home", "to the first", fixed(screen.ToHome)),
		move([]string{"G", "shift+g", "end"}, "G End", "to the last; events follow again", fixed(screen.ToEnd)),
	}
}

// movesRows is where moves move rows rather than a text cursor.
func movesRows(d *component.Deck) bool {
	o := d.Overlays.Top()
	return o == nil || o.Moves()
}

// paneKeys go from pane to pane, each by its number too, open what is chosen and filter.
func (m *model) paneKeys() []component.Key {
	focus := func(by int) func(*component.Deck) tea.Cmd {
		return component.Plain(func(d *component.Deck) { d.Panes.FocusBy(by) })
	}
	keys := []component.Key{
		{Names: []string{"tab"}, Label: "tab", Short: "pane", Help: "to the next pane", Group: component.GroupGo, Rank: component.RankPane,
			Quiet: true, Do: focus(+1)},
		{Names: []string{"shift+tab"}, Label: "shift+tab", Help: "to the pane before", Group: component.GroupGo, Rank: component.RankPane,
			Quiet: true, Do: focus(-1)},
		{Names: []string{"enter"}, Label: "enter", Short: "open", Help: "open what is chosen", Group: component.GroupLook,
			Rank: component.RankPane, Do: func(d *component.Deck) tea.Cmd { return d.Panes.Focused().Open(d) }},
		{Names: []string{"/"}, Label: "/", Short: "filter", Help: "filter events or entities by words", Group: component.GroupLook,
			Rank: component.RankFilter, Do: component.Plain(dialogs.TypeFilter)},
	}
	for i, pane := range m.Panes.All() {
		number := strconv.Itoa(i + 1)
		keys = append(keys, component.Key{Names: []string{number}, Label: number, Help: "to the " + strings.ToLower(pane.Title()),
			Group: component.GroupGo, Rank: component.RankNumber, Do: component.Plain(func(d *component.Deck) { d.Panes.Focus(i) })})
	}
	return whileNoOverlay(keys)
}

// timeKeys move the time cursor.
func (m *model) timeKeys() []component.Key {
	step := func(name, label, short, help string, by int) component.Key {
		return component.Key{Names: []string{name}, Label: label, Short: short, Help: help, Group: component.GroupTime,
			Rank: component.RankTime, Do: component.Plain(func(d *component.Deck) { d.Time.Step(by) })}
	}
	return whileNoOverlay([]component.Key{
		{Names: []string{"space"}, Label: "space", Short: "freeze", Help: "freeze what is shown; collecting goes on",
			Group: component.GroupTime, Rank: component.RankTime, Do: component.Plain(func(d *component.Deck) { d.Time.ToggleFrozen() })},
		step("[", "[ ]", "time", "one event back in time, in every pane", -1),
		step("]", "]", "", "one event forward in time", +1),
		step("{", "{ }", "", "a hundred events back in time", -100),
		step("}", "}", "", "a hundred events forward in time", +100),
	})
}

// whileNoOverlay has keys work while nothing lies over the panes.
func whileNoOverlay(keys []component.Key) []component.Key {
	for i := range keys {
		keys[i].Where = component.NoOverlay
	}
	return keys
}

// deckKeys are about the deck as a whole.
func (m *model) deckKeys() []component.Key {
	quit := func(*component.Deck) tea.Cmd { return tea.Quit }
	return []component.Key{
		{Names: []string{"z"}, Label: "z", Short: "zoom", Help: "the focused pane alone, or all again", Group: component.GroupDeck,
			Rank: component.RankView, Where: component.NoOverlay, Do: component.Plain(func(d *component.Deck) { d.Panes.ToggleZoom() })},
		{Names: []string{"y"}, Label: "y", Short: "copy", Help: "copy the value", Group: component.GroupLook,
			Rank: component.RankView, Where: canCopy, Do: copyValue},
		{Names: []string{"Y", "shift+y"}, Label: "Y", Help: "copy the row as JSON", Group: component.GroupLook,
			Rank: component.RankView, Where: canCopy, Do: copyRow},
		{Names: []string{"m"}, Label: "m", Help: "mouse on or off; off, the terminal selects", Group: component.GroupDeck,
			Rank: component.RankDeck, Where: component.NoOverlay, Do: component.Plain(m.toggleMouse)},
		{Names: []string{"esc"}, Label: "esc", Short: "back", Help: "back out one level", Group: component.GroupDeck,
			Rank: component.RankDeck, Quiet: true, Where: canGoBack, Do: component.Plain(goBack)},
		{Names: []string{"q"}, Label: "q", Short: "quit", Help: "quit", Group: component.GroupDeck, Rank: component.RankLast,
			Where: component.NotTyping, Do: quit},
		{Names: []string{"ctrl+c"}, Label: "ctrl+c", Help: "quit, from anywhere", Group: component.GroupDeck, Rank: component.RankLast,
			Quiet: true, Where: component.Anywhere, Do: quit},
	}
}

// page is how many rows a page is, where moves go now.
func (m *model) page() int {
	if m.Overlays.Top() != nil {
		return max(m.over.H-3, 1)
	}
	return max(m.Panes.Rows(m.Panes.Focused())-1, 1)
}

// move moves in the overlay on top, or in the focused pane.
func (m *model) move(by int) {
	if o := m.Overlays.Top(); o != nil {
		o.Move(&m.Deck, by)
		return
	}
	m.Panes.Focused().Move(&m.Deck, by)
}

// toggleMouse gives the mouse to the terminal, which then can select text, or takes it back.
func (m *model) toggleMouse(d *component.Deck) {
	m.mouse = !m.mouse
	if m.mouse {
		d.Say(bus.Say, "the mouse works here again")
	} else {
		d.Say(bus.Say, "the mouse is the terminal's now: select text as usual, m takes it back")
	}
}

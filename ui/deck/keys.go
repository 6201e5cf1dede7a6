package deck

import (
	"slices"
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
	return slices.Concat(m.moveKeys(), m.paneKeys(), m.timeKeys(), m.deckKeys(), m.shellKeys(), editKeys())
}

// moveKeys move in the overlay on top, or in the focused pane.
func (m *model) moveKeys() []component.Key {
	move := func(help string, by func(page int) int, where func(*component.Deck) bool, names ...string) component.Key {
		return component.Key{Names: names, Help: help, Head: component.Moving, Rank: component.RankMove, Quiet: true,
			For: movesRows, Where: where, Do: component.Plain(func(*component.Deck) { m.move(by(m.page())) })}
	}
	fixed := func(n int) func(int) int { return func(int) int { return n } }
	letters := component.NotTyping // elsewhere they type, or move in what is typed
	return []component.Key{
		move("down", fixed(1), nil, "down"), move("down", fixed(1), letters, "j"),
		move("up", fixed(-1), nil, "up"), move("up", fixed(-1), letters, "k"),
		move("a page down", func(page int) int { return page }, nil, "pgdown"),
		move("a page up", func(page int) int { return -page }, nil, "pgup"),
		move("half a page down", func(page int) int { return page / 2 }, letters, "ctrl+d"),
		move("half a page up", func(page int) int { return -page / 2 }, letters, "ctrl+u"),
		move("to the first", fixed(screen.ToHome), letters, "g", "home"),
		move("to the last; events follow again", fixed(screen.ToEnd), letters, "G", "shift+g", "end"),
	}
}

// movesRows is where moves move rows rather than a text cursor.
func movesRows(x any) bool {
	o, ok := x.(component.Overlay)
	return !ok || o.Moves()
}

// editKeys are those of texts that are typed. What is typed handles them itself.
func editKeys() []component.Key {
	var keys []component.Key
	for _, e := range screen.EditKeys {
		key := component.Key{Names: e.Names, Help: e.Help, Head: component.WhileTyped, Rank: component.RankEdit, Quiet: true,
			For: component.Is[component.Writing], Where: component.Over(func(o component.Writing) bool { return o.Field() != nil }),
			Needs: "a text to type in"}
		if e.Many {
			key.For, key.Where = hasLines, nil
			key.Help += ", where there are several"
		}
		keys = append(keys, key)
	}
	return keys
}

// hasLines is where a text of several lines is typed.
func hasLines(x any) bool {
	w, ok := x.(component.Writing)
	return ok && w.Field() != nil && w.Field().Many
}

// paneKeys go from pane to pane, each by its number too, open what is chosen and filter.
func (m *model) paneKeys() []component.Key {
	focus := func(by int) func(*component.Deck) tea.Cmd {
		return component.Plain(func(d *component.Deck) { d.Trail.Stay(); d.Panes.FocusBy(by) })
	}
	keys := []component.Key{
		{Names: []string{"enter"}, Short: "open", Help: "open what is chosen, as a double click does", Rank: component.RankChoose,
			Do: func(d *component.Deck) tea.Cmd { return d.Panes.Focused().Open(d) }},
		{Names: []string{"tab"}, Short: "pane", Help: "to the next pane", Rank: component.RankPane, Quiet: true, Do: focus(+1)},
		{Names: []string{"shift+tab"}, Help: "to the pane before", Rank: component.RankPane, Quiet: true, Do: focus(-1)},
		{Names: []string{"/"}, Short: "filter", Help: "filter events or entities by words", Rank: component.RankFilter,
			Do: component.Plain(dialogs.TypeFilter)},
	}
	for i, pane := range m.Panes.All() {
		number := strconv.Itoa(i + 1)
		keys = append(keys, component.Key{Names: []string{number}, Help: "to the " + strings.ToLower(pane.Title()),
			Rank: component.RankNumber, Do: component.Plain(func(d *component.Deck) { d.Trail.Stay(); d.Panes.Focus(i) })})
	}
	return inAnyPane(keys)
}

// timeKeys move the time cursor.
func (m *model) timeKeys() []component.Key {
	step := func(name, label, short, help string, by int) component.Key {
		return component.Key{Names: []string{name}, Label: label, Short: short, Help: help, Rank: component.RankTime,
			Do: component.Plain(func(d *component.Deck) {
				if !d.Time.Step(by) {
					d.Say(bus.Say, "no event is "+map[bool]string{true: "later", false: "earlier"}[by > 0]+" than this moment")
				}
			})}
	}
	return inAnyPane([]component.Key{
		{Names: []string{"space"}, Short: "freeze", Help: "freeze what is shown, or show what is new again; collecting goes on",
			Rank: component.RankTime, Do: component.Plain(func(d *component.Deck) { d.Time.ToggleFrozen() })},
		step("[", "[ ]", "time", "one event back in time, in every pane", -1),
		step("]", "", "", "one event forward in time", +1),
		step("{", "{ }", "", "a hundred events back in time", -100),
		step("}", "", "", "a hundred events forward in time", +100),
		{Names: []string{"n"}, Short: "now", Help: "back to now", Rank: component.RankTime,
			Where: func(d *component.Deck) bool { return d.Time.At() != 0 }, Needs: "an earlier time, or a frozen view",
			Do: component.Plain(func(d *component.Deck) { d.Time.ToNow() })},
	})
}

// inAnyPane has keys work while nothing lies over the panes.
func inAnyPane(keys []component.Key) []component.Key {
	for i := range keys {
		keys[i].For = component.AnyPane
	}
	return keys
}

// deckKeys are about the deck as a whole.
func (m *model) deckKeys() []component.Key {
	quit := func(*component.Deck) tea.Cmd { return tea.Quit }
	return []component.Key{
		{Names: []string{"z"}, Short: "zoom", Help: "the focused pane alone, or all again", Rank: component.RankView,
			For: component.AnyPane, Do: component.Plain(func(d *component.Deck) { d.Panes.ToggleZoom() })},
		{Names: []string{"y"}, Short: "copy", Help: "copy the value", Rank: component.RankView,
			For: copies, Do: copyValue},
		{Names: []string{"Y", "shift+y"}, Help: "copy the row as a line of JSON", Rank: component.RankView, For: copiesRow, Do: copyRow},
		{Names: []string{"ctrl+r"}, Help: "record what is attached, in a file named by the time, or end that", Rank: component.RankDeck,
			For: component.AnyPane, Do: record},
		{Names: []string{"m"}, Help: "mouse on or off; off, the terminal selects", Rank: component.RankDeck,
			For: component.AnyPane, Do: component.Plain(m.toggleMouse)},
		{Names: []string{"esc"}, Short: "back", Help: "back out one level", Rank: component.RankDeck, Quiet: true,
			For: component.Anything, Where: canGoBack, Needs: "something to leave: nothing is open, zoomed, filtered or frozen",
			Do: component.Plain(goBack)},
		{Names: []string{"q"}, Short: "quit", Help: "quit", Rank: component.RankLast, For: component.Anything,
			Where: component.NotTyping, Do: quit},
		{Names: []string{"ctrl+c"}, Help: "quit, from anywhere", Rank: component.RankLast, Quiet: true, For: component.Anything, Do: quit},
	}
}

// page is how many rows a page is, where moves go now.
func (m *model) page() int {
	if m.Overlays.Top() != nil {
		return max(m.seen-1, 1)
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

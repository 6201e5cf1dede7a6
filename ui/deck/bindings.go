package deck

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/ui/screen"
)

// bindings is the registry of keys. Where several bindings have a key, the first that works where the person is counts;
// the footer shows them in this order.
func bindings() []binding {
	all := [][]binding{moves(), overlayKeys(), fillKeys(), levers(scriptKeys()), deadKeys(), paneKeys(), numberKeys(),
		levers(actKeys()), askKeys(), deckKeys()}
	var keys []binding
	for _, part := range all {
		keys = append(keys, part...)
	}
	return keys
}

func levers(keys []binding) []binding {
	for i := range keys {
		keys[i].lever = true
	}
	return keys
}

func moves() []binding {
	move := func(keys []string, label, help string, by func(page int) int) binding {
		return binding{keys: keys, label: label, help: help, group: groupGo, quiet: true, where: movable,
			do: func(d *deck) tea.Cmd { d.move(by(d.page())); return nil }}
	}
	fixed := func(n int) func(int) int { return func(int) int { return n } }
	return []binding{
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

// movable is where moves move rows rather than a text cursor.
func movable(d *deck) bool {
	o := d.top()
	return o == nil || o.moves()
}

func overlayKeys() []binding {
	return []binding{
		{keys: []string{"tab"}, label: "tab", short: "view", help: "tree, raw, hex", group: groupLook, quiet: true,
			where: over[*eventView], do: on((*eventView).next)},
		{keys: []string{"enter"}, label: "enter", short: "choose", help: "take the chosen one", group: groupWrite, quiet: true,
			where: over[*picker], do: on((*picker).take)},
		{keys: []string{"tab", "right"}, label: "tab", short: "complete", help: "complete what is typed", group: groupWrite,
			quiet: true, where: over[*picker], do: on((*picker).complete)},
		{keys: []string{"enter"}, label: "enter", short: "keep", help: "keep the filter", group: groupWrite, quiet: true,
			where: over[*filterLine], do: on((*filterLine).keep)},
		{keys: []string{"up"}, label: "↑", short: "earlier", help: "the filter before", group: groupWrite, quiet: true,
			where: over[*filterLine], do: on((*filterLine).earlier)},
		{keys: []string{"down"}, label: "↓", help: "the filter after", group: groupWrite, quiet: true,
			where: over[*filterLine], do: on((*filterLine).later)},
		{keys: []string{"tab"}, label: "tab", short: "complete", help: "complete the word", group: groupWrite, quiet: true,
			where: over[*filterLine], do: on((*filterLine).complete)},
		{keys: []string{"y", "enter"}, label: "y", short: "yes", help: "do it", group: groupAct, quiet: true,
			where: over[*question], do: on((*question).yes)},
		{keys: []string{"enter"}, label: "enter", short: "confirm", help: "do it, once y or the name is typed", group: groupWrite,
			quiet: true, where: over[*pledge], do: on((*pledge).given)},
		{keys: []string{"tab"}, label: "tab", short: "entry", help: "to the next unacknowledged message", group: groupLook,
			quiet: true, where: pickable, do: on((*detailView).next)},
		{keys: []string{"enter"}, label: "enter", short: "event", help: "open the event", group: groupLook, quiet: true,
			where: over[*handlingView], do: on((*handlingView).enter)},
		{keys: []string{"left", "h"}, label: "← →", short: "consumers", help: "to the consumers before", group: groupLook,
			quiet: true, where: wider, do: on(func(o *handlingView, _ *deck) tea.Cmd { o.left--; return nil })},
		{keys: []string{"right", "l"}, label: "→", help: "to the consumers after", group: groupLook, quiet: true,
			where: wider, do: on(func(o *handlingView, _ *deck) tea.Cmd { o.left++; return nil })},
		{keys: []string{"n"}, label: "n", short: "no", help: "leave it", group: groupAct, quiet: true,
			where: over[*question], do: plain((*deck).back)},
	}
}

func paneKeys() []binding {
	return []binding{
		{keys: []string{"tab"}, label: "tab", short: "pane", help: "to the next pane", group: groupGo, quiet: true,
			where: panes, do: plain(func(d *deck) { d.focusOn((d.focus + 1) % paneCount) })},
		{keys: []string{"shift+tab"}, label: "shift+tab", help: "to the pane before", group: groupGo, quiet: true,
			where: panes, do: plain(func(d *deck) { d.focusOn((d.focus + paneCount - 1) % paneCount) })},
		{keys: []string{"enter"}, label: "enter", short: "open", help: "open what is chosen", group: groupLook,
			where: panes, do: (*deck).enter},
		{keys: []string{"right", "l"}, label: "→ ←", short: "unfold", help: "unfold a station's subjects, and fold them",
			group: groupLook, quiet: true, where: inTree, do: plain((*deck).unfold)},
		{keys: []string{"left", "h"}, where: inTree, do: plain((*deck).fold)},
		{keys: []string{"["}, label: "[ ]", short: "version", help: "the version before", group: groupTime,
			where: inPane(statePane), do: plain(func(d *deck) { d.state.step(d, -1) })},
		{keys: []string{"]"}, label: "]", help: "the version after", group: groupTime,
			where: inPane(statePane), do: plain(func(d *deck) { d.state.step(d, +1) })},
		{keys: []string{"a"}, label: "a", short: "accept", help: "accept the offer: listen to everything", group: groupDeck,
			where: offering, do: (*deck).accept},
		{keys: []string{"/"}, label: "/", short: "filter", help: "filter events or entities by words", group: groupLook,
			where: panes, do: (*deck).openFilter},
		{keys: []string{"o"}, label: "o", short: "only this", help: "only events of this station or subject, or all again", group: groupLook,
			where: inPane(stationsPane), do: plain((*deck).only)},
		{keys: []string{"o"}, label: "o", short: "sort", help: "sort entities by the next field", group: groupLook,
			where: inPane(entitiesPane), do: plain((*deck).nextSort)},
		{keys: []string{"K", "shift+k"}, label: "K", short: "kind", help: "show the next kind of entity", group: groupLook,
			where: inPane(entitiesPane), do: plain((*deck).nextKind)},
		{keys: []string{"c"}, label: "c", short: "cancel", help: "cancel this station's backfill: go on from new", group: groupAct,
			where: catching, do: (*deck).cancelBackfill},
		{keys: []string{"e"}, label: "e", short: "entity", help: "show the entity of this event", group: groupLook,
			where: onEvent, do: plain((*deck).toEntity)},
	}
}

// askKeys ask further about what is chosen.
func askKeys() []binding {
	return []binding{
		{keys: []string{"F", "shift+f"}, label: "F", short: "from", help: "read this station from another place", group: groupAct,
			where: movableStation, do: (*deck).openFrom},
		{keys: []string{"w"}, label: "w", short: "who", help: "who has handled this entity's events", group: groupLook,
			where: tracked, do: plain((*deck).openHandling)},
	}
}

// numberKeys has one binding a pane, so that each has its line in the palette.
func numberKeys() []binding {
	var keys []binding
	for id := range paneCount {
		keys = append(keys, binding{keys: []string{string(rune('1' + id))}, label: string(rune('1' + id)),
			help: "to the " + strings.ToLower(paneNames[id]), group: groupGo, where: panes, do: plain(func(d *deck) { d.focusOn(id) })})
	}
	return keys
}

func deckKeys() []binding {
	return []binding{
		{keys: []string{"space"}, label: "space", short: "freeze", help: "freeze what is shown; collecting goes on",
			group: groupTime, where: panes, do: plain((*deck).freeze)},
		{keys: []string{"["}, label: "[ ]", short: "time", help: "one event back in time, in every pane", group: groupTime,
			where: panes, do: plain(func(d *deck) { d.travel(-1) })},
		{keys: []string{"]"}, label: "]", help: "one event forward in time", group: groupTime,
			where: panes, do: plain(func(d *deck) { d.travel(+1) })},
		{keys: []string{"{"}, label: "{ }", help: "a hundred events back in time", group: groupTime,
			where: panes, do: plain(func(d *deck) { d.travel(-100) })},
		{keys: []string{"}"}, label: "}", help: "a hundred events forward in time", group: groupTime,
			where: panes, do: plain(func(d *deck) { d.travel(+100) })},
		{keys: []string{"c"}, label: "c", short: "journey", help: "follow what this event is a step of through the system",
			group: groupLook, where: onJourney, do: plain((*deck).follow)},
		{keys: []string{"z"}, label: "z", short: "zoom", help: "the focused pane alone, or all again", group: groupDeck,
			where: panes, do: plain((*deck).zoom)},
		{keys: []string{"y"}, label: "y", short: "copy", help: "copy the value", group: groupLook,
			where: copyable, do: (*deck).copyValue},
		{keys: []string{"Y", "shift+y"}, label: "Y", help: "copy the row as JSON", group: groupLook,
			where: copyable, do: (*deck).copyRow},
		{keys: []string{"D", "shift+d"}, label: "D", help: "dead letters: messages that consumers gave up", group: groupLook,
			where: panes, do: plain((*deck).openDead)},
		{keys: []string{"L", "shift+l"}, label: "L", short: "ledger", help: "the ledger: received, held, lost, and where",
			group: groupDeck, where: panes, do: plain((*deck).openLedger)},
		{keys: []string{":", "ctrl+p"}, label: ":", short: "command", help: "all commands, by name", group: groupDeck,
			where: panes, do: (*deck).openPalette, quiet: true},
		{keys: []string{"m"}, label: "m", help: "mouse on or off; off, the terminal selects", group: groupDeck,
			where: panes, do: plain((*deck).toggleMouse)},
		{keys: []string{"esc"}, label: "esc", short: "back", help: "back out one level", group: groupDeck, quiet: true,
			where: (*deck).canGoBack, do: plain((*deck).back)},
		{keys: []string{"?"}, label: "?", short: "help", help: "all keys", group: groupDeck,
			where: panes, do: plain((*deck).openHelp)},
		{keys: []string{"q"}, label: "q", short: "quit", help: "quit", group: groupDeck,
			where: reading, do: func(*deck) tea.Cmd { return tea.Quit }},
		{keys: []string{"ctrl+c"}, label: "ctrl+c", help: "quit, from anywhere", group: groupDeck, quiet: true,
			where: anywhere, do: func(*deck) tea.Cmd { return tea.Quit }},
	}
}

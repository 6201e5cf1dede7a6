// Package overlays is what can be opened to read: an event, a value, a station, a consumer, the dead letters, who has handled
// an entity's events, the ledger, the help, the palette of all commands.
package overlays

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
)

// Keys are those of all overlays, and those that open one or act on the chosen event from anywhere.
func Keys() []component.Key {
	hold := func(key component.Key, where func(*component.Deck) bool, do func(*component.Deck) tea.Cmd) component.Key {
		key.Group, key.Rank, key.Quiet, key.Where, key.Do = component.GroupLook, component.RankOverlay, true, where, do
		return key
	}
	scroll := func(by int) func(*component.Deck) tea.Cmd {
		return component.On(func(o *handling, _ *component.Deck) tea.Cmd { o.left += by; return nil })
	}
	return []component.Key{
		hold(component.Key{Names: []string{"tab"}, Label: "tab", Short: "view", Help: "tree, raw, hex"},
			component.Over[*event], component.On((*event).next)),
		hold(component.Key{Names: []string{"tab"}, Label: "tab", Short: "entry", Help: "to the next unacknowledged message"},
			hasChoices, component.On((*details).next)),
		hold(component.Key{Names: []string{"enter"}, Label: "enter", Short: "event", Help: "open the event"},
			component.Over[*handling], component.On((*handling).enter)),
		hold(component.Key{Names: []string{"left", "h"}, Label: "← →", Short: "consumers", Help: "to the consumers before"},
			hasMore, scroll(-1)),
		hold(component.Key{Names: []string{"right", "l"}, Label: "→", Help: "to the consumers after"}, hasMore, scroll(+1)),
		hold(component.Key{Names: []string{"enter"}, Label: "enter", Short: "open", Help: "open the message"},
			component.Over[*deadLetters], component.On((*deadLetters).enter)),
		hold(component.Key{Names: []string{"space", "m"}, Label: "space", Short: "seen", Help: "mark a dead letter as seen, or not"},
			component.Over[*deadLetters], component.On((*deadLetters).see)),
		hold(component.Key{Names: []string{"M", "shift+m"}, Label: "M", Short: "all seen", Help: "mark all dead letters as seen"},
			component.Over[*deadLetters], component.On((*deadLetters).seeAll)),
		{Names: []string{"e"}, Label: "e", Short: "entity", Help: "show the entity of this event", Group: component.GroupLook,
			Rank: component.RankRow, Where: component.OnEvent, Do: component.Plain(toEntity)},
		{Names: []string{"w"}, Label: "w", Short: "who", Help: "who has handled this entity's events", Group: component.GroupLook,
			Rank: component.RankAsk, Where: isTracked, Do: component.Plain(OpenHandling)},
		{Names: []string{"c"}, Label: "c", Short: "journey", Help: "follow what this event is a step of through the system",
			Group: component.GroupLook, Rank: component.RankFollow, Where: onJourney, Do: component.Plain(follow)},
		{Names: []string{"D", "shift+d"}, Label: "D", Help: "dead letters: messages that consumers gave up",
			Group: component.GroupLook, Rank: component.RankReport, Where: component.NoOverlay, Do: component.Plain(openDeadLetters)},
		{Names: []string{"L", "shift+l"}, Label: "L", Short: "ledger", Help: "the ledger: received, held, lost, and where",
			Group: component.GroupDeck, Rank: component.RankReport, Where: component.NoOverlay, Do: component.Plain(openLedger)},
	}
}

// KeysAbout are those that list all keys, and all commands with what else can be done.
func KeysAbout(keys *component.Keys, further ...func() []dialogs.Choice) []component.Key {
	return []component.Key{
		{Names: []string{":", "ctrl+p"}, Label: ":", Short: "command", Help: "all commands, by name", Group: component.GroupDeck,
			Rank: component.RankDeck, Quiet: true, Where: component.NoOverlay,
			Do: component.Plain(func(d *component.Deck) { openPalette(d, keys, further) })},
		{Names: []string{"?"}, Label: "?", Short: "help", Help: "all keys", Group: component.GroupDeck, Rank: component.RankLast,
			Where: component.NoOverlay, Do: component.Plain(func(d *component.Deck) { openHelp(d, keys) })},
	}
}

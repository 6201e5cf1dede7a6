// Package overlays is what can be opened to read: an event, a value, a station, a consumer, the dead letters, who has handled
// an entity's events, the ledger, the help, the palette of all commands.
package overlays

import (
	"slices"

	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
)

// Keys are those of all overlays: what works in them, and what opens them from anywhere.
func Keys() []component.Key {
	return slices.Concat(eventKeys(), valueKeys(), detailsKeys(), progressKeys(), deadLetterKeys(), ledgerKeys(), chosenEventKeys())
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

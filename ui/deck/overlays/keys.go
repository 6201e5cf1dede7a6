// Package overlays is what can be opened to read: an event, a value, a station, a consumer, the dead letters, who has handled
// an entity's events, the ledger, the help, the palette of all commands.
package overlays

import (
	"slices"

	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
)

// Kinds is one of each of the overlays.
func Kinds() []any {
	return []any{&event{}, &value{}, &station{}, &consumer{}, &progress{}, &deadLetters{}, &breaks{}, &bisection{}, &effectsView{}, &violations{}, &refolded{}, &cohortList{}, &whatIf{}, &comparison{}, &selections{}, &timeLine{}, &flowView{}, &chartView{}, &ledger{}, &help{}, &attaching{}}
}

// Keys are those of all overlays: what works in them, and what opens them from anywhere.
func Keys() []component.Key {
	return slices.Concat(eventKeys(), valueKeys(), consumerKeys(), progressKeys(), deadLetterKeys(), breakKeys(), bisectionKeys(), effectsKeys(), violationKeys(), refoldedKeys(), cohortKeys(), whatIfKeys(), comparisonKeys(), selectionsKeys(), flowKeys(), chartKeys(), ledgerKeys(), timeLineKeys(), chosenEventKeys())
}

// KeysAbout are those that list all keys, and all commands with what else can be done.
func KeysAbout(keys *component.Keys, further ...func() []dialogs.Choice) []component.Key {
	help := func(where func(*component.Deck) bool, names ...string) component.Key {
		return component.Key{Names: names, Head: component.Everywhere, Help: "all keys: those that work here first", Rank: component.RankLast,
			For: isNoHelp, Where: where, Do: component.Plain(func(d *component.Deck) { openHelp(d, keys) })}
	}
	ask := help(component.NotTyping, "?")
	ask.Short = "help"
	return []component.Key{
		{Names: []string{":", "ctrl+p"}, Label: ":", Short: "command", Help: "all commands, by name or key", Rank: component.RankDeck,
			Quiet: true, For: component.AnyPane, Do: component.Plain(func(d *component.Deck) { openPalette(d, keys, further) })},
		ask, help(nil, "f1"),
	}
}

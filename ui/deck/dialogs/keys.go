// Package dialogs is the overlays that ask: to choose from a list, to type a filter, to answer a question, to confirm. A
// text to read is the simplest of them. Whoever opens one says what to do with the answer.
package dialogs

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/ui/deck/component"
)

// Keys are those of all dialogs.
func Keys() []component.Key {
	writing := func(label, short, help string, names ...string) component.Key {
		return component.Key{Names: names, Label: label, Short: short, Help: help, Group: component.GroupWrite,
			Rank: component.RankOverlay, Quiet: true}
	}
	return []component.Key{
		over(writing("enter", "choose", "take the chosen one", "enter"), (*picker).take),
		over(writing("tab", "complete", "complete what is typed", "tab", "right"), (*picker).complete),
		over(writing("enter", "keep", "keep the filter", "enter"), (*filterLine).keep),
		over(writing("↑", "earlier", "the filter before", "up"), (*filterLine).earlier),
		over(writing("↓", "", "the filter after", "down"), (*filterLine).later),
		over(writing("tab", "complete", "complete the word", "tab"), (*filterLine).complete),
		over(component.Key{Names: []string{"y", "enter"}, Label: "y", Short: "yes", Help: "do it", Group: component.GroupAct,
			Rank: component.RankOverlay, Quiet: true}, (*question).yes),
		over(component.Key{Names: []string{"n"}, Label: "n", Short: "no", Help: "leave it", Group: component.GroupAct,
			Rank: component.RankOverlay, Quiet: true}, (*question).no),
		over(writing("enter", "confirm", "do it, once y or the name is typed", "enter"), (*typedQuestion).confirm),
	}
}

// over makes a key work while an overlay of a type is on top.
func over[T component.Overlay](key component.Key, do func(T, *component.Deck) tea.Cmd) component.Key {
	key.Where, key.Do = component.Over[T], component.On(do)
	return key
}

// Package dialogs is the overlays that ask: to choose from a list, to type a filter, to answer a question, to confirm. A
// text to read is the simplest of them. Whoever opens one says what to do with the answer.
package dialogs

import "signalbox/ui/deck/component"

// Keys are those of all dialogs.
func Keys() []component.Key {
	key := func(group, label, short, help string, names ...string) component.Key {
		return component.Key{Names: names, Label: label, Short: short, Help: help, Group: group}
	}
	const writing, acting = component.GroupWrite, component.GroupAct
	return []component.Key{
		component.InOverlay(key(writing, "enter", "choose", "take the chosen one", "enter"), (*picker).take),
		component.InOverlay(key(writing, "tab", "complete", "complete what is typed", "tab", "right"), (*picker).complete),
		component.InOverlay(key(writing, "enter", "keep", "keep the filter", "enter"), (*filterLine).keep),
		component.InOverlay(key(writing, "↑", "earlier", "the filter before", "up"), (*filterLine).earlier),
		component.InOverlay(key(writing, "↓", "", "the filter after", "down"), (*filterLine).later),
		component.InOverlay(key(writing, "tab", "complete", "complete the word", "tab"), (*filterLine).complete),
		component.InOverlay(key(acting, "y", "yes", "do it", "y", "enter"), (*question).yes),
		component.InOverlay(key(acting, "n", "no", "leave it", "n"), (*question).no),
		component.InOverlay(key(writing, "enter", "confirm", "do it, once y or the name is typed", "enter"), (*typedQuestion).confirm),
	}
}

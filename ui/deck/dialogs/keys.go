// Package dialogs is the overlays that ask: to choose from a list, to type a filter, to answer a question, to confirm. A
// text to read is the simplest of them. Whoever opens one says what to do with the answer.
package dialogs

import (
	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// Kinds is one of each of the dialogs.
func Kinds() []any {
	return []any{&picker{}, &filterLine{}, &question{}, &typedQuestion{}, &editor{input: screen.Input{Many: true, Focused: true}}, &Text{}}
}

// Keys are those of all dialogs.
func Keys() []component.Key {
	key := func(short, help string, names ...string) component.Key {
		return component.Key{Names: names, Short: short, Help: help}
	}
	return []component.Key{
		component.InOverlay(key("choose", "take the chosen one, as a double click does", "enter"), (*picker).take),
		component.InOverlay(key("complete", "complete what is typed", "tab"), (*picker).complete),
		component.InOverlay(key("keep", "keep the filter", "enter"), (*filterLine).keep),
		component.InOverlay(key("earlier", "the filter before", "up"), (*filterLine).earlier),
		component.InOverlay(key("", "the filter after", "down"), (*filterLine).later),
		component.InOverlay(key("complete", "complete the word", "tab"), (*filterLine).complete),
		component.InOverlay(key("yes", "do it", "y", "enter"), (*question).yes),
		component.InOverlay(key("no", "leave it", "n"), (*question).no),
		component.InOverlay(key("confirm", "do it, once y or the name is typed", "enter"), (*typedQuestion).confirm),
		component.InOverlay(key("take", "take the text as it is now", "ctrl+s"), (*editor).take),
	}
}

package overlays

import (
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
)

// openPalette lists everything that can be done here, by name: what keys do, and further choices.
func openPalette(d *component.Deck, keys *component.Keys, further []func() []dialogs.Choice) {
	var choices []dialogs.Choice
	for _, key := range keys.Commands(d) {
		choices = append(choices, dialogs.Choice{Name: key.Help, Note: key.Written(), Also: key.Short, Pick: key.Do})
	}
	for _, more := range further {
		choices = append(choices, more()...)
	}
	dialogs.Pick(d, "commands", ":", choices)
}

package cli

import "signalbox/scenarios/fields"

// tellMissing warns of fields that were asked for and that nothing has which was read: they may be misspelt.
func (o *options) tellMissing(named *fields.Fields) {
	for _, text := range named.Missing() {
		o.warn(text)
	}
}

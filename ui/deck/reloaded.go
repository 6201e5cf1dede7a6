package deck

import (
	"strconv"

	"signalbox/bus"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/overlays"
)

// reloaded says that a domain file was saved, or how far what is held is folded anew.
type reloaded struct{}

// tellReloaded says what came of a domain file that was saved, once.
func (m *model) tellReloaded() {
	found := m.Reload.Found()
	if found == nil || found.Number == m.heard {
		return
	}
	m.heard = found.Number
	m.truths()
	level := bus.Say
	if len(found.Problems) > 0 {
		level = bus.Fail
	}
	m.Say(level, overlays.ReloadText(&m.Deck))
}

// domainFiles says how far what is held is folded anew, or that a domain file is not used as it is now.
func domainFiles(d *component.Deck) []part {
	if percent, going := d.Reload.Part(); going {
		return []part{{style: d.Theme.Warn, text: "  folding anew " + strconv.Itoa(percent) + " %", rank: lettersRank, short: "  anew " + strconv.Itoa(percent) + " %", last: armingRank}}
	}
	if found := d.Reload.Found(); found != nil && len(found.Problems) > 0 {
		return []part{{style: d.Theme.Bad, text: "  ✗ domain file", rank: lettersRank, short: "  ✗ domain", last: armingRank}, {style: d.Theme.Dim, text: " (R)", rank: hintRank}}
	}
	return nil
}

package wording

import (
	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// StandingSign is a standing as a sign and a style.
func StandingSign(t *screen.Theme, s bus.Standing) (string, screen.Style) {
	switch s {
	case bus.Done:
		return "✓", t.Good
	case bus.Delivered:
		return "▸", t.Accent
	case bus.Waiting:
		return "○", t.Warn
	case bus.Filtered:
		return "–", t.Faint
	case bus.GivenUp, bus.Terminated:
		return "✗", t.Bad
	case bus.Unknown:
		return "?", t.Dim
	}
	return "", t.Faint
}

// Progress is how far a consumer is with all of an entity's events: the oldest one that is not done, or what is true of all.
func Progress(h *sources.Progress, history []sources.HistoryStep) (bus.Standing, string) {
	all := bus.Filtered
	for i, x := range h.Stands {
		if i >= len(history) {
			break
		}
		switch x.Standing {
		case bus.Waiting, bus.Delivered, bus.GivenUp, bus.Terminated:
			text := string(x.Standing) + " " + Version(history[i].Version)
			if x.Who != "" {
				text += " (" + x.Who + ")"
			}
			return x.Standing, text
		case bus.Unknown:
			all = bus.Unknown
		case bus.Done:
			if all == bus.Filtered {
				all = bus.Done
			}
		}
	}
	return all, string(all)
}

package wording

import (
	"signalbox/sources"
	"signalbox/ui/screen"
)

// Severe is the least severity of what does not get well by itself.
const Severe = 4

// SeverityStyle is the style of a diagnosis.
func SeverityStyle(t *screen.Theme, n int) screen.Style {
	switch {
	case n <= 0:
		return t.Good
	case n < Severe:
		return t.Warn
	}
	return t.Bad
}

// Known writes a count of which -1 is unknown.
func Known(n int64) string {
	if n < 0 {
		return "?"
	}
	return screen.Short(uint64(n))
}

// GivenUp is how many messages a consumer has given up, "≥3" when it may be more, "?" when nothing is known of it.
func GivenUp(r *sources.ConsumerRow) string {
	switch {
	case !r.AtLeast:
		return Known(r.GivenUp)
	case r.GivenUp == 0:
		return "?"
	}
	return "≥" + Known(r.GivenUp)
}

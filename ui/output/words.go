package output

import (
	"strconv"
	"strings"
	"time"

	"signalbox/bus"
)

// Count writes a number that may be unknown.
func Count(n int64) string {
	if n < 0 {
		return "?"
	}
	return strconv.FormatInt(n, 10)
}

// shorten keeps what fits into a cell of a table.
func shorten(text string) string { return ShortenTo(text, maxSummary) }

// ShortenTo keeps so many bytes of a text at most.
func ShortenTo(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// known is a number, nil when it is unknown.
func known(n int64) *int64 {
	if n < 0 {
		return nil
	}
	return &n
}

// moment is a time, nil when there is none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// detailsJSON are details by name; several of one name, as followers are, come in one text.
func detailsJSON(details []bus.Detail) map[string]string {
	out := make(map[string]string, len(details))
	for _, d := range details {
		if others := out[d.Name]; others != "" {
			d.Value = others + "; " + d.Value
		}
		out[d.Name] = d.Value
	}
	return out
}

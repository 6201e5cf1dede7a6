package script

import (
	"fmt"
	"strings"

	"signalbox/scenarios/scope"
	"signalbox/sources"
)

// What describe shows at most: fields, and letters of a value.
const (
	maxFields  = 24
	maxLetters = 80
)

// shortened is a value as it is told.
func shortened(value string) string {
	if text := []rune(value); len(text) > maxLetters {
		return string(text[:maxLetters]) + "…"
	}
	return value
}

// describe says what is there of an entity.
func describe(d *sources.EntityDetail) string {
	if d == nil {
		return "no event of it at all"
	}
	var out []string
	for i, field := range d.State {
		if i == maxFields {
			out = append(out, fmt.Sprintf("and %d more", len(d.State)-i))
			break
		}
		out = append(out, field.Name+"="+shortened(field.Value.String()))
	}
	more := ""
	if reasons, _ := scope.EntityNames(d)["refusals"].([]any); len(reasons) > 0 {
		more = fmt.Sprintf(", last with %q", reasons[len(reasons)-1])
	}
	if d.Partial {
		more += ", partial"
	}
	return fmt.Sprintf("%s (version %d, %d rejected%s)", strings.Join(out, " "), d.Version, d.Rejected, more)
}

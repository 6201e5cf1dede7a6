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
		text := []rune(field.Value.String())
		if len(text) > maxLetters {
			text = append(text[:maxLetters], '…')
		}
		out = append(out, fmt.Sprintf("%s=%s", field.Name, string(text)))
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

package cli

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	"signalbox/sources"
	"signalbox/ui/screen"
)

// maxSummary bounds what of an event's data its line shows, in bytes.
const maxSummary = 160

// eventLine is an event as one line for people, cleaned.
func eventLine(p paint, e *sources.Event) string {
	var line strings.Builder
	line.WriteString(p.ink(inkDim, e.Time().Format("15:04:05.000")))
	fmt.Fprintf(&line, " %-12s %s", screen.Clean(e.Station), p.ink(inkBold, fmt.Sprintf("%-17s", screen.Clean(e.Type))))
	if e.Kind != nil && e.ID != "" {
		fmt.Fprintf(&line, " %s", p.ink(inkName, screen.Clean(e.Kind.Name()+" "+e.ID)))
	}
	if e.Version > 0 {
		fmt.Fprintf(&line, " v%d", e.Version)
	}
	if data := summary(e); data != "" {
		line.WriteString("  " + data)
	}
	if why := cmp.Or(e.Rejected, e.Failed, e.Problem); why != "" {
		line.WriteString("  " + p.ink(inkBad, "✗ "+screen.Clean(why)))
	}
	return line.String()
}

// summary is an event's data in one short piece: name=value of an object, or the beginning of anything else.
func summary(e *sources.Event) string {
	data := e.Body
	if data == nil {
		data = e.Data
	}
	if len(data) == 0 || data[0] != '{' || !gjson.ValidBytes(data) {
		return screen.Clean(shorten(string(data[:min(len(data), 2*maxSummary)])))
	}
	var out strings.Builder
	gjson.ParseBytes(data).ForEach(func(name, value gjson.Result) bool {
		if out.Len() > 0 {
			out.WriteByte(' ')
		}
		out.WriteString(name.String() + "=" + shorten(value.String()))
		return out.Len() <= maxSummary
	})
	return screen.Clean(shorten(out.String()))
}

func shorten(text string) string { return shortenTo(text, maxSummary) }

func shortenTo(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

package output

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

// EventLine is an event as one line for people, cleaned.
func EventLine(p Colours, e *sources.Event) string {
	var line strings.Builder
	line.WriteString(p.Paint(Dim, e.Time().Format("15:04:05.000")))
	fmt.Fprintf(&line, " %-12s %s", screen.Clean(e.Station), p.Paint(Bold, fmt.Sprintf("%-17s", screen.Clean(e.Type))))
	if e.Kind != nil && e.ID != "" {
		fmt.Fprintf(&line, " %s", p.Paint(styleName, screen.Clean(e.Kind.Name()+" "+e.ID)))
	}
	if e.Version > 0 {
		fmt.Fprintf(&line, " v%d", e.Version)
	}
	if data := summary(e); data != "" {
		line.WriteString("  " + data)
	}
	if why := cmp.Or(e.Rejected, e.Failed, e.Problem); why != "" {
		line.WriteString("  " + p.Paint(Bad, "✗ "+screen.Clean(why)))
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

package output

import (
	"strconv"
	"strings"

	"signalbox/sources"
	"signalbox/sources/state"
)

// DifferentText says in a line how an entity came out different.
func DifferentText(x *sources.Different) string {
	switch {
	case x.Gone:
		return "there is none any more"
	case x.New:
		return "there was none before"
	}
	var parts []string
	for _, c := range x.Changes {
		was, is := "none", "none"
		if c.Was.Kind() != state.Absent {
			was = shorten(c.Was.String())
		}
		if c.Is.Kind() != state.Absent {
			is = shorten(c.Is.String())
		}
		parts = append(parts, c.Name+" "+was+"→"+is)
	}
	if x.WasRejected != x.Rejected {
		parts = append(parts, "refused "+strconv.FormatUint(x.WasRejected, 10)+"→"+strconv.FormatUint(x.Rejected, 10))
	}
	if len(parts) == 0 {
		return "accepted events"
	}
	return strings.Join(parts, ", ")
}

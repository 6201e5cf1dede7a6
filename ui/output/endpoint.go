package output

import (
	"fmt"
	"time"

	"signalbox/sources"
	"signalbox/ui/screen"
)

// EndpointText says in a line what was seen of the requests on a subject of a service.
func EndpointText(e *sources.Endpoint) string {
	text := screen.Plural(e.Requests, "request")
	if e.Replies == 0 {
		return text + ", and no reply was seen"
	}
	text += fmt.Sprintf(", p50 %s, p95 %s, p99 %s, %s", short(e.Took.P50), short(e.Took.P95), short(e.Took.P99), errorsText(e))
	if e.Replies < e.Requests {
		text += ", " + screen.Plural(e.Requests-e.Replies, "reply") + " not seen"
	}
	return text
}

// errorsText is how many replies said that the service failed.
func errorsText(e *sources.Endpoint) string {
	if e.Failures == 0 {
		return "no errors"
	}
	return fmt.Sprintf("%s of %s failed (%.1f %%)", screen.Grouped(e.Failures), screen.Grouped(e.Replies), 100*float64(e.Failures)/float64(e.Replies))
}

// short is a time to three digits.
func short(d time.Duration) string {
	for unit := time.Second; unit > time.Microsecond; unit /= 10 {
		if d >= 100*unit {
			return d.Round(unit).String()
		}
	}
	return d.Round(time.Microsecond).String()
}

package overlays

import (
	"signalbox/sources"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// endpointFacts are what was seen of the requests to a service since it is read.
func endpointFacts(r *screen.Text, endpoints []sources.Endpoint) {
	if len(endpoints) == 0 {
		return
	}
	r.Heading("requests that were seen")
	for i := range endpoints {
		e := &endpoints[i]
		text := screen.Rate(e.Rate) + "  " + output.EndpointText(e)
		if e.Failures > 0 {
			r.Add(screen.WarnLine, e.Subject, text)
		} else {
			r.Fact(e.Subject, text)
		}
	}
}

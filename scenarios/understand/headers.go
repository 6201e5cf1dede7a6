package understand

import "signalbox/sources"

// Headers with a meaning, the best first. Their letters may be of any case.
var (
	typeHeaders = []string{
		"Event-Type", "ce-type", "ce_type", "cloudEvents:type", "Request-Type", "Nats-Event-Type", "Message-Type", "X-Event-Type", "EventType", "type",
	}
	subjectHeaders     = []string{"ce-subject", "ce_subject", "cloudEvents:subject"}
	correlationHeaders = []string{
		"Correlation-Id", "X-Correlation-Id", "CorrelationId", "correlation_id", "ce-correlationid", "ce_correlationid", "traceparent", "X-Trace-Id", "Trace-Id", "X-Request-Id",
	}
	correlationFields = []string{"correlation_id", "correlationId", "trace_id", "traceId", "traceparent", "command_id", "commandId"}
)

// correlation is what ties the event in hand to others.
func (g *generic) correlation(e *sources.Event) string {
	id := e.Headers.First(correlationHeaders)
	if id == "" {
		id = g.u.word(g.u.view.Payload.First(g.related))
	}
	if e.StationTraits().Exchanges {
		return g.exchanged(e, traced(id))
	}
	return traced(id)
}

// traced is the trace of a traceparent, and any other id as it is.
func traced(id string) string {
	if len(id) == len("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01") && id[2] == '-' && id[35] == '-' {
		return id[3:35] // a traceparent: the trace is in its second part
	}
	return id
}

package scenarios

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/expression"
	"signalbox/scenarios/scope"
	"signalbox/sources"
)

// What expressions can name of an event, of an entity and of a consumer.
var (
	eventParts = []string{
		"time", "station", "subject", "type", "kind", "id", "entity", "version", "correlation", "headers", "data",
		"rejected", "problem",
	}
	entityParts   = []string{"kind", "id", "status", "version", "state", "rejected", "refusals", "partial"}
	consumerParts = []string{"station", "lag", "unacked", "redelivered", "waiting"}
)

// eventNames is an event as expressions see it: with the names of its JSON form, and its entity's kind and id.
func eventNames(e *sources.Event) map[string]any {
	body := e.Body
	if body == nil {
		body = e.Data
	}
	headers := make(map[string]any, len(e.Headers))
	for _, h := range e.Headers {
		headers[strings.Clone(h.Name)] = strings.Clone(h.Value)
	}
	entity := e.Entity()
	return map[string]any{
		"time":        e.Time().UTC().Format(scope.TimeForm),
		"station":     strings.Clone(e.Station),
		"subject":     strings.Clone(e.Subject),
		"type":        strings.Clone(e.Type),
		"kind":        entity.Kind,
		"id":          strings.Clone(entity.ID),
		"entity":      map[string]any{"kind": entity.Kind, "id": strings.Clone(entity.ID)},
		"version":     int(e.Version),
		"correlation": orAbsent(e.Correlation),
		"headers":     headers,
		"data":        expression.Any(expression.FromJSON(strings.TrimSpace(string(body)))),
		"rejected":    orAbsent(e.Rejected),
		"problem":     orAbsent(e.Problem + e.Failed),
	}
}

func orAbsent(text string) any {
	if text == "" {
		return nil
	}
	return strings.Clone(text)
}

// entityNames is an entity as expectations see it.
func entityNames(d *sources.EntityDetail) map[string]any {
	state := make(map[string]any, len(d.State))
	for _, field := range d.State {
		state[field.Name] = expression.Any(field.Value)
	}
	refusals := []any{}
	for _, step := range d.History {
		if step.Rejected != "" {
			refusals = append(refusals, step.Rejected)
		}
	}
	return map[string]any{
		"kind": d.Kind, "id": d.ID, "status": orAbsent(d.Status), "version": int(d.Version), "state": state,
		"rejected": int(d.Rejected), "refusals": refusals, "partial": d.Partial,
	}
}

// consumerNames is a consumer as expectations see it.
func consumerNames(c bus.Consumer) map[string]any {
	return map[string]any{
		"station": c.Station, "lag": int(c.Lag), "unacked": int(c.Unacked),
		"redelivered": int(c.Redelivered), "waiting": int(c.Waiting),
	}
}

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
	if reasons, _ := entityNames(d)["refusals"].([]any); len(reasons) > 0 {
		more = fmt.Sprintf(", last with %q", reasons[len(reasons)-1])
	}
	if d.Partial {
		more += ", partial"
	}
	return fmt.Sprintf("%s (version %d, %d rejected%s)", strings.Join(out, " "), d.Version, d.Rejected, more)
}

// reader understands messages outside an engine. It may be used from any goroutine.
type reader struct {
	bus     string
	mu      sync.Mutex
	domains sources.Domains
}

func newReader(l *Library, b bus.Bus) *reader {
	return &reader{bus: b.Info().Name, domains: l.Domains()}
}

// understand makes an event of a message of a station.
func (r *reader) understand(station string, m bus.Message) *sources.Event {
	e := &sources.Event{Received: sources.Received{
		UnixNano: m.UnixNano, Bus: r.bus, Station: station, Subject: m.Subject, Position: m.Position,
		Headers: m.Headers, Data: m.Data, Size: m.Size,
	}}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.domains.Understand(e)
	return e
}

// sent is what was sent, as expressions see an event.
func (r *reader) sent(out bus.Outgoing, receipt bus.Receipt) map[string]any {
	station := receipt.Station
	if station == "" {
		station = out.Station
	}
	subject := out.Subject
	if subject == "" {
		subject = out.Station
	}
	return eventNames(r.understand(station, bus.Message{
		Subject: subject, Headers: out.Headers, Data: out.Data, Position: receipt.Position, Size: len(out.Data),
		UnixNano: time.Now().UnixNano(),
	}))
}

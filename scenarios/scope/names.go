package scope

import (
	"slices"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/expression"
	"signalbox/sources"
)

// What expressions can name of an event, of an entity and of a consumer.
var (
	EventParts = []string{
		"time", "station", "subject", "type", "kind", "id", "entity", "version", "correlation", "headers", "data",
		"rejected", "problem",
	}
	EntityParts   = []string{"kind", "id", "status", "version", "state", "rejected", "refusals", "partial"}
	ConsumerParts = []string{"station", "lag", "unacked", "redelivered", "waiting"}
	StationParts  = []string{"kind", "messages", "size", "consumers", "events", "rate", "last", "idle"}
)

// IsStationPart tells whether a name means something of a station and of nothing else: a script may have it for something of its own.
func IsStationPart(name string) bool {
	return slices.Contains(StationParts, name) && !slices.Contains(EventParts, name) && !slices.Contains(EntityParts, name)
}

// EventNames is an event as expressions see it: with the names of its JSON form, and its entity's kind and id.
func EventNames(e *sources.Event) map[string]any {
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
		"time":        e.Time().UTC().Format(TimeForm),
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

// EntityNames is an entity as expectations see it.
func EntityNames(d *sources.EntityDetail) map[string]any {
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

// ConsumerNames is a consumer as expectations see it.
func ConsumerNames(c bus.Consumer) map[string]any {
	return map[string]any{
		"station": c.Station, "lag": int(c.Lag), "unacked": int(c.Unacked),
		"redelivered": int(c.Redelivered), "waiting": int(c.Waiting),
	}
}

// StationNames is a station as expectations see it: by what the broker says of it, and by what a session reads of it; either may be
// nil. What is not known is absent.
func StationNames(there *bus.Station, row *sources.StationRow, now time.Time) map[string]any {
	names := map[string]any{}
	if there != nil {
		names["kind"], names["messages"], names["size"] = string(there.Kind), int(there.Messages), int(there.Bytes)
		if there.Consumers >= 0 {
			names["consumers"] = there.Consumers
		}
	}
	if row != nil && row.Reading {
		names["events"], names["rate"] = int(row.Ledger.Received), row.Rate
		if !row.Last.IsZero() {
			names["last"], names["idle"] = moment(row.Last), now.Sub(row.Last).Seconds()
		}
	}
	return names
}

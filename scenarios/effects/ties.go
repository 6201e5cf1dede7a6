package effects

import (
	"strings"

	"github.com/tidwall/gjson"

	"signalbox/sources"
)

// What says which event an event is, and which one was its cause. The letters of headers may be of any case. CloudEvents has id
// (https://github.com/cloudevents/spec); the other names are those that frameworks use.
var (
	idHeaders    = []string{"ce-id", "ce_id", "cloudEvents:id", "Nats-Msg-Id", "msg-id", "Message-Id", "X-Message-Id", "Event-Id", "X-Event-Id"}
	idFields     = []string{"id", "event_id", "eventId", "message_id", "messageId"}
	causeHeaders = []string{
		"Causation-Id", "X-Causation-Id", "CausationId", "causation_id", "ce-causationid", "ce_causationid", "In-Reply-To", "X-Caused-By",
	}
	causeFields = []string{"causation_id", "causationId", "caused_by", "causedBy", "command_id", "commandId", "in_reply_to", "inReplyTo"}
)

// shortestNamed is how long the id of something is at least that is looked for in other events: shorter ones are in them by chance.
const shortestNamed = 3

// mostMembers bounds the members of a payload that are gone through.
const mostMembers = 100

// dataOf is what expressions call data.
func dataOf(e *sources.Event) []byte {
	if e.Body != nil {
		return e.Body
	}
	return e.Data
}

// idsOf are the texts by which other events may name an event.
func idsOf(e *sources.Event) (ids []string) {
	if id := e.Headers.First(idHeaders); id != "" {
		ids = append(ids, id)
	}
	envelope := gjson.GetBytes(e.Data, "id") // of a CloudEvent whose data is within
	for _, x := range append(gjson.GetManyBytes(dataOf(e), idFields...), envelope) {
		if id := scalar(x); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// causeOf is the event that an event names as its cause, and where it does.
func causeOf(e *sources.Event) (by, id string) {
	for i := range causeHeaders {
		if id = e.Headers.First(causeHeaders[i : i+1]); id != "" {
			return causeHeaders[i], id
		}
	}
	for i, x := range gjson.GetManyBytes(dataOf(e), causeFields...) {
		if id = scalar(x); id != "" {
			return "data." + causeFields[i], id
		}
	}
	return "", ""
}

// named goes through the members of an event's payload that hold the id of something, by their names.
func named(e *sources.Event, yield func(field, id string)) {
	data := gjson.ParseBytes(dataOf(e))
	if !data.IsObject() {
		return
	}
	looked := 0
	data.ForEach(func(name, value gjson.Result) bool {
		field := name.String()
		if id := scalar(value); len(id) >= shortestNamed && (strings.HasSuffix(strings.ToLower(field), "id")) {
			yield(field, id)
		}
		looked++
		return looked < mostMembers
	})
}

// names tells the newest of the events found that an event shares the id of something with, and the member that holds it.
func (s *Search) names(e *sources.Event) (field string, of int, ok bool) {
	named(e, func(name, id string) {
		if at, known := s.named[id]; known && (!ok || at > of) {
			field, of, ok = "data."+name, at, true
		}
	})
	return field, of, ok
}

// scalar is a text or number as an id, else "".
func scalar(x gjson.Result) string {
	switch x.Type {
	case gjson.String:
		return strings.TrimSpace(x.Str)
	case gjson.Number:
		return x.Raw
	}
	return ""
}

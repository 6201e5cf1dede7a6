package scenarios

import (
	"cmp"
	"fmt"
	"strings"

	"signalbox/scenarios/understand"
)

// usualTypes is where the type of an event stands in many systems.
const usualTypes = `data.type ?? data.event_type ?? data.eventType ?? data.event ?? headers["Event-Type"] ?? headers["ce-type"] ?? subject`

// Guide adds a domain without rules: it says where the events of a station have their type and the id of their entity, whose
// state is what they say of it. typeOf and kind may be empty; the kind is then found in the id's expression, as "order" in
// data.order_id.
func (l *Library) Guide(station, typeOf, kind, id string) error {
	text := fmt.Sprintf("domain: %s\nentity: %q\nevents:\n  stations: [%[1]q]\n  type: %[3]q\n  id: %[4]q\n",
		station, cmp.Or(kind, understand.KindOfField(lastName(id)), "entity"), cmp.Or(typeOf, usualTypes), id)
	return l.Add("what was said of "+station, []byte(text))
}

// lastName is the name that an expression ends with, as a member of an object.
func lastName(expression string) string {
	return expression[strings.LastIndexAny(expression, ".[]\"' ?()")+1:]
}

package understand

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
)

// payloadMembers are the members of a payload that may tell what an event is and whose.
type payloadMembers struct {
	member [members]string // JSON, by the constants below
	ids    []identity
	room   [8]identity
}

// identity is a member that names an entity: "order_id" and its value as JSON.
type identity struct{ name, value string }

// Members with a meaning. The first few may hold the type, the best place first.
const (
	eventTag = iota
	typeField
	eventType
	eventTypeCamel
	event
	kindField
	nameField
	lastType
	eventClass
	specVersion
	subjectField
	data
	payload
	id
	underscoreID
	uuid
	key
	members
)

var meanings = map[string]int{
	"event_tag": eventTag, "type": typeField, "event_type": eventType, "eventType": eventTypeCamel, "event": event,
	"kind": kindField, "name": nameField, "event_class": eventClass, "specversion": specVersion, "subject": subjectField,
	"data": data, "payload": payload, "id": id, "_id": underscoreID, "uuid": uuid, "key": key,
}

// notEntities are fields that look like an entity's id and tie messages together instead.
var notEntities = map[string]bool{
	"correlation_id": true, "correlationId": true, "trace_id": true, "traceId": true, "span_id": true, "spanId": true,
	"command_id": true, "commandId": true, "causation_id": true, "causationId": true, "request_id": true, "requestId": true,
	"message_id": true, "messageId": true, "event_id": true, "eventId": true, "connection_id": true, "parent_id": true,
}

// read notes the members of a payload.
func (f *payloadMembers) read(raw string) {
	f.ids = f.room[:0]
	expression.EachMember(raw, func(name, value string) bool {
		if i, ok := meanings[name]; ok {
			f.member[i] = value
		} else {
			f.note(name, value, 0)
		}
		return true
	})
}

// readIDs notes only what names entities, of an object whose members count less than those that were noted.
func (f *payloadMembers) readIDs(raw string) {
	outer, begin := f.member, len(f.ids)
	expression.EachMember(raw, func(name, value string) bool {
		switch i, ok := meanings[name]; {
		case !ok:
			f.note(name, value, begin)
		case i >= id && outer[i] == "":
			f.member[i] = value
		}
		return true
	})
}

// note notes a member that may name an entity. Those from begin on are of the same object: of one name the last counts.
func (f *payloadMembers) note(name, value string, begin int) {
	for i := begin; i < len(f.ids); i++ {
		if f.ids[i].name == name {
			if f.ids[i].value = value; idText(value) == "" {
				f.ids = slices.Delete(f.ids, i, i+1)
			}
			return
		}
	}
	if len(f.ids) < len(f.room) && KindOfField(name) != "" && !notEntities[name] && idText(value) != "" {
		f.ids = append(f.ids, identity{name, value})
	}
}

// KindOfField is the kind that a field such as order_id or orderId names an entity of, or "".
func KindOfField(name string) string {
	for _, suffix := range []string{"_id", "Id", "ID"} {
		if kind, ok := strings.CutSuffix(name, suffix); ok && kind != "" {
			return strings.TrimSuffix(strings.ToLower(kind[:1])+kind[1:], "_")
		}
	}
	return ""
}

// idText is a JSON text or whole number as an id, or "".
func idText(value string) string {
	switch v := expression.FromJSON(value); v.Kind() {
	case state.Text:
		return v.Text()
	case state.Int:
		i, _ := v.Int()
		return strconv.FormatInt(i, 10)
	case state.Number:
		if !strings.ContainsAny(v.Text(), ".eE") {
			return v.Text()
		}
	}
	return ""
}

// bestID is the member that names the entity: one whose kind the type or the subject speak of, or else the first.
func (f *payloadMembers) bestID(e *sources.Event) (name, id string) {
	for _, x := range f.ids {
		if kind := KindOfField(x.name); speaksOf(e.Type, kind) || speaksOf(e.Subject, kind) {
			return x.name, idText(x.value)
		}
	}
	if len(f.ids) == 0 {
		return "", ""
	}
	return f.ids[0].name, idText(f.ids[0].value)
}

func speaksOf(text, kind string) bool {
	for i := 0; i+len(kind) <= len(text); i++ {
		if strings.EqualFold(text[i:i+len(kind)], kind) {
			return true
		}
	}
	return false
}

// ownID is an id that does not say of what.
func (f *payloadMembers) ownID() string {
	for _, i := range []int{id, underscoreID, uuid, key} {
		if text := idText(f.member[i]); text != "" {
			return text
		}
	}
	return ""
}

// typeName is the type that the payload tells, or "". A name counts only when it is formed like a type's.
func (f *payloadMembers) typeName() string {
	for i, value := range f.member[:lastType] {
		name := expression.FromJSON(value)
		if name.Kind() != state.Text || name.Text() == "" || i == nameField && !typeLike(name.Text()) {
			continue
		}
		if i == eventTag && f.member[eventClass] != "" && digits(name.Text()) {
			break
		}
		return name.Text()
	}
	if class := expression.FromJSON(f.member[eventClass]); f.member[eventTag] != "" && class.Kind() == state.Text {
		return class.Text()
	}
	return ""
}

// typeLike tells whether a name is put together as the names of types are: OrderPlaced, order.placed, ORDER_PLACED.
func typeLike(name string) bool {
	humps, before := false, 'A'
	for _, r := range name {
		if unicode.IsSpace(r) {
			return false
		}
		humps = humps || unicode.IsUpper(r) && unicode.IsLower(before) || r == '.' || r == '_'
		before = r
	}
	return humps
}

// names tells whether a word is an id that the payload has.
func (f *payloadMembers) names(word string) bool {
	for i := range f.ids {
		if idText(f.ids[i].value) == word {
			return true
		}
	}
	return f.ownID() == word
}

// hint is what kind an event's entity may be of when the payload has just an id: what the type or the subject begin
// with, or else the station.
func (f *payloadMembers) hint(e *sources.Event) string {
	if kind := kindOfType(e.Type); kind != "" && e.Type != lastWord(e.Subject, f.names) {
		return kind
	}
	if word := firstWord(e.Subject); word != "" {
		return word
	}
	return e.Station
}

// kindOfType is the noun that the name of a type begins with: order in order.placed, OrderPlaced and ORDER_PLACED.
func kindOfType(name string) string {
	if parts := strings.Split(name, "."); len(parts) > 1 {
		return strings.ToLower(parts[len(parts)-2])
	}
	if word, _, ok := strings.Cut(name, "_"); ok {
		return strings.ToLower(word)
	}
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			return strings.ToLower(name[:i])
		}
	}
	return ""
}

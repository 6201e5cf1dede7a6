package guess

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"signalbox/sources"
)

// Member is a member of an event's payload as a field of a form, with what it had there.
type Member struct{ Field, Value string }

// Command writes a domain file with one command, "like", that sends events like one that was seen: each member of the payload is
// a field, but what is null is left out when it is sent. members are the fields in order. It is nil where the payload is no object, or has more members than a form has room
// for. With plain, fields are numbered, and their labels are the names: where names mean something else in expressions.
func Command(e *sources.Event, plain bool) (file []byte, members []Member) {
	data := gjson.ParseBytes(e.Data)
	if !gjson.ValidBytes(e.Data) || !data.IsObject() || strings.ContainsAny(e.Subject, "{}") {
		return nil, nil
	}
	var fields, payload strings.Builder
	data.ForEach(func(name, value gjson.Result) bool {
		field := name.String()
		if plain || !fieldName.MatchString(field) || used(members, field) {
			field = "field_" + strconv.Itoa(len(members)+1)
		}
		of, text, expression := fieldOf(value, field)
		fmt.Fprintf(&fields, "      %s: { label: %s, type: %s, optional: %v }\n", field, quoted(name.String()), of, of == "text")
		fmt.Fprintf(&payload, "%s: %s, ", strconv.Quote(name.String()), expression)
		members = append(members, Member{field, text})
		return len(members) <= maxFields
	})
	if len(members) == 0 || len(members) > maxFields {
		return nil, nil
	}
	var w strings.Builder
	fmt.Fprintf(&w, "domain: seen\ncommands:\n  like:\n    title: %s\n    send:\n      station: %s\n", quoted("Like "+e.Type), quoted(e.Station))
	if e.Subject != "" && e.Subject != e.Station {
		fmt.Fprintf(&w, "      subject: %s\n", quoted(e.Subject))
	}
	if e.Type != "" && !strings.ContainsAny(e.Type, "{}") {
		fmt.Fprintf(&w, "      type: %s\n", quoted(e.Type))
	}
	fmt.Fprintf(&w, "      payload: %s\n", quoted("{"+strings.TrimSuffix(payload.String(), ", ")+"}"))
	if len(e.Headers) > 0 {
		w.WriteString("      headers:\n")
	}
	for _, h := range e.Headers {
		if strings.ContainsAny(h.Value, "{}") {
			return nil, nil
		}
		fmt.Fprintf(&w, "        %s: %s\n", quoted(h.Name), quoted(h.Value))
	}
	w.WriteString("    fields:\n" + fields.String())
	return []byte(w.String()), members
}

var fieldName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func used(members []Member, field string) bool {
	for _, m := range members {
		if strings.EqualFold(m.Field, field) {
			return true
		}
	}
	return false
}

// fieldOf is the type of a field for a value, the value as it is typed, and the expression that makes it of the field.
func fieldOf(v gjson.Result, field string) (of, text, expression string) {
	switch v.Type {
	case gjson.String:
		return "text", v.Str, field + ` ?? ""`
	case gjson.True, gjson.False:
		return "bool", v.Raw, field
	case gjson.Number:
		if _, err := strconv.ParseInt(v.Raw, 10, 64); err == nil {
			return "int", v.Raw, field
		}
		return "number", v.Raw, field
	}
	return "json", v.Raw, "fromJSON(" + field + ")"
}

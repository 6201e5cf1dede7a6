package transcript

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"signalbox/scenarios/command"
	"signalbox/scenarios/scope"
	"signalbox/sources"
	"signalbox/sources/state"
)

// carried is an ID that a run makes anew: what it was, and by which expression later steps have what it is.
type carried struct {
	was  string
	is   string
	step int
}

// longID is how long an ID is that is looked for within texts.
const longID = 16

// carry remembers the IDs that a step makes, which is the last one.
func (t *Transcript) carry(e *sources.Event, c *command.Command, form command.Fitted) {
	at := len(t.steps) - 1
	names := scope.EventNames(e)
	for i := range c.Fields {
		name := c.Fields[i].Name
		text := form.Values[name]
		if !form.Own[name] || text == "" || t.reference(text) != "" || !command.MakesID(&c.Fields[i]) {
			continue
		}
		path, base := "", strings.TrimSuffix(name, "_id")
		if text == e.ID && e.Kind != nil {
			path, base = ".id", e.Kind.Name()
		} else if below := placeOf(names["data"], text); below != "" {
			path = ".data" + below
		}
		if path == "" {
			t.steps[at].fields = append(t.steps[at].fields, name+": "+t.value(text, c.Fields[i].Type))
			continue
		}
		if t.steps[at].name == "" {
			t.steps[at].name = t.free(base)
		}
		t.known = append(t.known, carried{was: strings.Clone(text), is: t.steps[at].name + path, step: at})
	}
}

// plain are names that expressions can use.
var plain = regexp.MustCompile(`^[A-Za-z_]\w*$`)

// free is a name that no step has.
func (t *Transcript) free(base string) string {
	base = strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r == '_' {
			return r
		}
		return '_'
	}, base)
	if !plain.MatchString(base) {
		base = "thing_" + base
	}
	name := base
	for n := 2; t.names[name] || reserved(name); n++ {
		name = base + strconv.Itoa(n)
	}
	t.names[name] = true
	return name
}

// reserved are names with a meaning of their own.
func reserved(name string) bool {
	return slices.Contains([]string{"run", "i", "true", "false", "nil", "in", "not", "and", "or", "let", "if", "else", "count", "filter", "map", "all", "any", "one",
		"none", "sum", "find", "first", "last", "group", "now", "date", "len", "type", "sort", "reduce"}, name) ||
		slices.Contains(scope.EventParts, name) || slices.Contains(scope.EntityParts, name) || slices.Contains(scope.ConsumerParts, name)
}

// placeOf is where a text stands in a value, as expressions write it behind that; "" where it does not.
func placeOf(v any, text string) string {
	object, _ := v.(map[string]any)
	for name, value := range object {
		if !plain.MatchString(name) {
			continue
		}
		if value == text {
			return "." + name
		}
		if below := placeOf(value, text); below != "" {
			return "." + name + below
		}
	}
	return ""
}

// reference is the expression of an ID that is carried; "" of any other text.
func (t *Transcript) reference(text string) string {
	for i := range t.known {
		if t.known[i].was == text {
			return t.known[i].is
		}
	}
	return ""
}

// use has the step named that an expression speaks of, and returns the expression.
func (t *Transcript) use(k *carried) string {
	t.steps[k.step].used = true
	return k.is
}

// piece is a part of a text: as it is, or an expression.
type piece struct{ text, is string }

// pieces finds the IDs in a text that are carried.
func (t *Transcript) pieces(text string) []piece {
	for i := range t.known {
		k := &t.known[i]
		if k.was == text {
			return []piece{{is: t.use(k)}}
		}
	}
	for i := range t.known {
		k := &t.known[i]
		if before, after, ok := strings.Cut(text, k.was); ok && len(k.was) >= longID {
			return slices.Concat(t.pieces(before), []piece{{is: t.use(k)}}, t.pieces(after))
		}
	}
	if text == "" {
		return nil
	}
	return []piece{{text: text}}
}

// value is a value of a field as a step writes it.
func (t *Transcript) value(text, sort string) string {
	all := t.pieces(text)
	if len(all) == 1 && all[0].is != "" {
		return all[0].is
	}
	switch {
	case sort == "int" || sort == "number" || sort == "bool":
		return text
	case len(all) == 1 && named.MatchString(text):
		if t.names[text] || text == "run" || strings.Contains(text, ".") {
			return quote("{'" + text + "'}")
		}
		return quote(text)
	}
	var to strings.Builder
	for _, p := range all {
		if p.is != "" {
			to.WriteString("{" + p.is + "}")
		} else {
			to.WriteString(template(p.text))
		}
	}
	return quote(to.String())
}

// named are texts that a script would take for a name, or for what is below one.
var named = regexp.MustCompile(`^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$`)

// template is a text that a template has as it is.
func template(text string) string { return strings.NewReplacer("{", "{{", "}", "}}").Replace(text) }

// quote writes a text as YAML.
func quote(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return jsonText(text)
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// subject is an entity as an expectation names it.
func (t *Transcript) subject(a *told) string {
	if is := t.reference(a.entity.ID); strings.HasSuffix(is, ".id") {
		for i := range t.known {
			if k := &t.known[i]; k.was == a.entity.ID {
				return strings.TrimSuffix(t.use(k), ".id")
			}
		}
	}
	return t.value(a.entity.String(), "text")
}

// made are IDs and times in a text, of which another run has others.
var made = regexp.MustCompile(`(?i)\b[0-7][0-9a-hjkmnp-tv-z]{25}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*`)

// expression is a text in an expression; false where it would be another in another run.
func (t *Transcript) expression(text string) (string, bool) {
	all := t.pieces(text)
	if len(all) == 0 {
		return `""`, true
	}
	var parts []string
	for _, p := range all {
		switch {
		case p.is != "":
			parts = append(parts, p.is)
		case slices.ContainsFunc(made.FindAllString(p.text, -1), func(id string) bool { return !t.literal(id) }):
			return "", false
		default:
			parts = append(parts, jsonText(p.text))
		}
	}
	return strings.Join(parts, " + "), true
}

// literal tells whether a step says a text as it is.
func (t *Transcript) literal(text string) bool {
	return slices.ContainsFunc(t.steps, func(s step) bool {
		return slices.ContainsFunc(s.fields, func(f string) bool { return strings.Contains(f, text) })
	})
}

// holds is the condition that a value in a state is what it was; false where it would be another in another run.
func (t *Transcript) holds(l leaf) (string, bool) {
	is, ok := t.constant(l.value)
	if !ok {
		return "", false
	}
	if len(l.path) == 1 && l.path[0] == state.StatusField {
		return "status == " + is, true
	}
	at := "state"
	for _, name := range l.path {
		switch {
		case strings.HasPrefix(name, "#"):
			at += "[" + name[1:] + "]"
		case plain.MatchString(name) && t.reference(name) == "":
			at += "." + name
		default:
			key, ok := t.expression(name)
			if !ok {
				return "", false
			}
			at += "[" + key + "]"
		}
	}
	return at + " == " + is, true
}

// constant is a value in an expression.
func (t *Transcript) constant(v any) (string, bool) {
	switch x := v.(type) {
	case nil:
		return "nil", true
	case string:
		return t.expression(x)
	case bool:
		return strconv.FormatBool(x), true
	case []any:
		parts := make([]string, len(x))
		for i, one := range x {
			var ok bool
			if parts[i], ok = t.constant(one); !ok {
				return "", false
			}
		}
		return "[" + strings.Join(parts, ", ") + "]", true
	}
	text, err := json.Marshal(v)
	return string(text), err == nil
}

func jsonText(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a text always can be
	return strings.TrimSuffix(b.String(), "\n")
}

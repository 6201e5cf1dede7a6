package guess

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
)

// places notes where the type and the id of an event stand, and which fields it has.
func (k *kind) places(t *kindOfEvent, e *sources.Event) {
	payload := expression.FromJSON(string(e.Data))
	members, _ := expression.MembersOf(payload)
	inner, nest := state.Value{}, ""
	for _, name := range envelopes {
		if x := opened(expression.Member(payload, name)); isObject(x) {
			inner, nest = x, name
			k.nested[name]++
			break
		}
	}
	for _, m := range members {
		name := identifier(m.Name)
		if name == "" || name == nest {
			continue
		}
		t.stands("data."+name, m.Value, e)
		if nest == "" {
			t.field(name)
		}
	}
	within, _ := expression.MembersOf(inner)
	for _, m := range within {
		if name := identifier(m.Name); name != "" {
			t.stands("body."+name, m.Value, e)
			t.field(name)
		}
	}
	for _, h := range e.Headers {
		t.stands(fmt.Sprintf("headers[%q]", h.Name), state.TextValue(h.Value), e)
	}
	t.stands("station", state.TextValue(e.Station), e)
	t.words(e)
}

// words notes which words of the subject the type and the id are.
func (t *kindOfEvent) words(e *sources.Event) {
	for _, separator := range []string{".", ":", "/"} {
		words := strings.Split(e.Subject, separator)
		if len(words) == 1 {
			continue
		}
		for i, word := range words {
			at := strconv.Itoa(i)
			if i == len(words)-1 {
				at = "-1"
			}
			t.stands(fmt.Sprintf("split(subject, %q)[%s]", separator, at), state.TextValue(word), e)
		}
	}
}

// opened is the object that a text holds.
func opened(v state.Value) state.Value {
	if v.Kind() == state.Text {
		if raw := strings.TrimSpace(v.Text()); strings.HasPrefix(raw, "{") && expression.IsJSON(raw) {
			return expression.FromJSON(raw)
		}
	}
	return v
}

// stands notes that an expression comes to the type or the id.
func (t *kindOfEvent) stands(expression string, v state.Value, e *sources.Event) {
	if v.Kind() != state.Text && v.Kind() != state.Int {
		return
	}
	if text := v.String(); text == e.Type {
		t.over.count(t.typeAt, expression, maxPlaces, "places of a type")
	} else if text == e.ID {
		t.over.count(t.idAt, expression, maxPlaces, "places of an id")
	}
}

func (t *kindOfEvent) field(name string) {
	if t.has[name] == 0 && t.over.within(len(t.fields), maxFields, "fields of a type") {
		t.fields = append(t.fields, strings.Clone(name))
	}
	t.over.count(t.has, name, maxFields, "fields of a type")
}

var identifiers = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// words of the language that no field can be named by.
var reserved = []string{"true", "false", "nil", "null", "in", "not", "and", "or", "let", "if", "else", "matches", "contains", "startsWith", "endsWith", "version"}

// identifier is a name that expressions can use, or "".
func identifier(name string) string {
	if identifiers.MatchString(name) && !slices.Contains(reserved, name) {
		return name
	}
	return ""
}

// best puts together the expression that comes to what is wanted for most types: those that are right for all events of
// some types, the one for the most events first, and each of the others where those before it are absent.
func (k *kind) best(at func(*kindOfEvent) map[string]int) string {
	left := slices.Clone(k.order)
	var parts []string
	for len(left) > 0 && len(parts) < 4 {
		score := map[string]int{}
		for _, t := range left {
			for x, n := range at(t) {
				if n == t.n {
					score[x] += n
				}
			}
		}
		chosen := ""
		for x, n := range score {
			if chosen == "" || n > score[chosen] || n == score[chosen] && rank(x) < rank(chosen) {
				chosen = x
			}
		}
		if chosen == "" {
			break
		}
		parts = append(parts, chosen)
		left = slices.DeleteFunc(left, func(t *kindOfEvent) bool { return at(t)[chosen] == t.n })
	}
	// What is always there is asked last.
	slices.SortStableFunc(parts, func(a, b string) int { return strings.Compare(rank(a)[:1], rank(b)[:1]) })
	return strings.Join(parts, " ?? ")
}

// rank orders expressions that are as good: what says what it is goes before what happens to be there.
func rank(x string) string {
	for i, prefix := range []string{"data.", "body.", "headers", "split(", "station"} {
		if strings.HasPrefix(x, prefix) {
			long := strings.HasSuffix(x, "_id") || strings.HasSuffix(x, "Id") || strings.HasSuffix(x, ".type")
			return fmt.Sprintf("%d%t%s", i, !long, x)
		}
	}
	return "9" + x
}

// statusFrom is a status made of the name of a type: placed of OrderPlaced, order.placed and ORDER_PLACED.
func statusFrom(kindOfEvent, kind string) string {
	var words []string
	word := ""
	flush := func() {
		if w := strings.ToLower(word); w != "" && w != kind && w != kind+"s" {
			words = append(words, w)
		}
		word = ""
	}
	before := 'A'
	for _, r := range kindOfEvent {
		switch {
		case strings.ContainsRune("._-:/ ", r):
			flush()
		case r >= 'A' && r <= 'Z' && before >= 'a' && before <= 'z':
			flush()
			word += string(r)
		default:
			word += string(r)
		}
		before = r
	}
	flush()
	if len(words) == 0 {
		return strings.ToLower(kindOfEvent)
	}
	return strings.Join(words, " ")
}

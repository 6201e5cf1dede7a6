package guess

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"signalbox/scenarios/expression"
)

// File is a domain file for a kind of entities that was seen. Comments say what was seen and what is only supposed.
func (g *Guess) File(name string) []byte {
	k := g.kinds[name]
	if k == nil {
		return nil
	}
	w := &writer{kind: k}
	entity := identifierOf(name)
	w.line("# Guessed from %s of %s. Comments say what was seen; signalbox check FILE says what is wrong with a change.", several(k.events, "event"), several(len(k.order), "type"))
	for _, other := range g.Kinds() {
		if other != name {
			w.line("# %s of %s came, too: --kind %s guesses about those.", several(g.kinds[other].events, "event"), comment(other), comment(other))
		}
	}
	w.line("domain: %s\nentity: %s\n", plural(entity), entity)
	w.events(g)
	w.states()
	w.rules()
	w.stations()
	w.truth()
	return w.out.Bytes()
}

type writer struct {
	out  bytes.Buffer
	kind *kind
}

func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.out, format+"\n", args...) }

// events says which events are the domain's, and whose each is.
func (w *writer) events(g *Guess) {
	k := w.kind
	w.line("events:")
	var stations []string
	for _, s := range slices.Sorted(maps.Keys(k.stations)) {
		stations = append(stations, quoted(s))
	}
	w.line("  stations: [%s]", strings.Join(stations, ", "))
	w.line("  type: %s", scalar(k.typeExpression()))
	if id := k.best(func(t *kindOfEvent) map[string]int { return t.idAt }); id != "" {
		w.line("  id: %s", scalar(id))
	} else {
		w.line("  id: nil # it was not found where the id stands: write an expression for it")
	}
	if nest := k.nest(); nest != "" {
		w.line("  data: [data.%s, data] # what the rules call data", nest)
	}
	for _, s := range slices.Sorted(maps.Keys(k.stations)) {
		for _, t := range slices.Sorted(maps.Keys(g.nameless[s])) {
			w.line("  # Without an id: %s of the type %s at %s. With a rule for the type, this gives them to the entity of the event before:", several(g.nameless[s][t], "event"), comment(t), comment(s))
			w.line("  # join: { by: station }")
		}
	}
	w.line("")
}

// typeExpression is where the type stands; the station, where it is found nowhere.
func (k *kind) typeExpression() string {
	if x := k.best(func(t *kindOfEvent) map[string]int { return t.typeAt }); x != "" {
		return x
	}
	return "station"
}

// nest is the member in which what happened is nested, or "".
func (k *kind) nest() string {
	for _, name := range envelopes {
		if k.nested[name]*2 > k.events {
			return name
		}
	}
	return ""
}

// given are the statuses that an event of the type leads to, and whether a field of it says which.
func (k *kind) given(t *kindOfEvent) (statuses []string, field string) {
	switch {
	case t.many:
		return nil, ""
	case len(t.statuses) > 0:
		return slices.Sorted(maps.Keys(t.statuses)), t.statusOf
	case k.hasStatuses():
		return nil, ""
	}
	return []string{statusFrom(t.name, k.name)}, ""
}

// hasStatuses tells whether events say what the status is.
func (k *kind) hasStatuses() bool {
	return slices.ContainsFunc(k.order, func(t *kindOfEvent) bool { return len(t.statuses) > 0 })
}

func (w *writer) states() {
	var all []string
	for _, t := range w.kind.order {
		statuses, _ := w.kind.given(t)
		for _, s := range statuses {
			if !slices.Contains(all, quoted(s)) {
				all = append(all, quoted(s))
			}
		}
	}
	if len(all) == 0 {
		return
	}
	from := "as they came"
	if !w.kind.hasStatuses() {
		from = "of the names of types: no event says a status"
	}
	w.line("states: [%s] # %s\n", strings.Join(all, ", "), from)
}

// rules says what each type does.
func (w *writer) rules() {
	w.line("fold:")
	for _, t := range w.kind.order {
		w.line("  %s: # %d seen%s", quoted(t.name), t.n, seenAfter(t))
		if t.first == t.n && t.n > 0 && len(t.after) == 0 {
			w.line("    creates: true")
		}
		statuses, field := w.kind.given(t)
		var sets []string
		for _, name := range t.fields {
			if w.told(t, name, field) {
				continue
			}
			value := "data." + name
			if t.has[name] < t.n {
				value += " ?? state." + name // not all have it
			}
			sets = append(sets, name+": "+value)
		}
		if len(statuses) > 1 {
			sets = append(sets, "status: data."+field)
		}
		if len(sets) > 0 {
			w.line("    set: { %s }", strings.Join(sets, ", "))
		}
		if len(statuses) == 1 {
			w.line("    to: %s", quoted(statuses[0]))
		}
		if len(sets) == 0 && len(statuses) == 0 {
			w.line("    set: {}")
		}
	}
	w.line("")
}

// told tells whether a field says the type, the id or the status, which are known already.
func (w *writer) told(t *kindOfEvent, name, status string) bool {
	for _, at := range []map[string]int{t.typeAt, t.idAt} {
		if at["data."+name] == t.n || at["body."+name] == t.n {
			return true
		}
	}
	_, err := expression.Parse("data." + name)
	return err != nil || name == status || name == "status"
}

// seenAfter says what an entity's status was before an event.
func seenAfter(t *kindOfEvent) string {
	var all []string
	if t.first > 0 {
		all = append(all, fmt.Sprintf("%d as the first", t.first))
	}
	names := slices.Sorted(maps.Keys(t.after))
	slices.SortStableFunc(names, func(a, b string) int { return t.after[b] - t.after[a] })
	for _, name := range names[:min(len(names), 6)] {
		all = append(all, fmt.Sprintf("%d after %s", t.after[name], comment(name)))
	}
	rest := 0
	for _, name := range names[min(len(names), 6):] {
		rest += t.after[name]
	}
	if rest > 0 {
		all = append(all, fmt.Sprintf("%d after others", rest))
	}
	if len(all) == 0 {
		return ""
	}
	return ": " + strings.Join(all, ", ")
}

func (w *writer) stations() {
	w.line("stations: # what a script makes where it is missing")
	for _, s := range slices.Sorted(maps.Keys(w.kind.stations)) {
		if strings.ContainsAny(s, "*>? ") {
			continue
		}
		kind := "channel"
		if w.kind.stations[s] {
			kind = "stream"
		}
		w.line("  %s: { kind: %s }", quoted(s), kind)
	}
}

func (w *writer) truth() {
	best := map[string]string{}
	for _, at := range slices.Sorted(maps.Keys(w.kind.copies)) {
		scheme, key, _ := strings.Cut(at, " ")
		if n := w.kind.copies[at]; n > w.kind.copies[scheme+" "+best[scheme]] {
			best[scheme] = key
		}
	}
	if len(best) > 0 {
		w.line("\ntruth: # keys with the ids of entities: where the application keeps its own copy, it seems")
	}
	for _, scheme := range slices.Sorted(maps.Keys(best)) {
		w.line("  %s: %s", scheme, quoted(best[scheme]))
	}
}

var plain = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

// notTexts are the words that YAML does not take for texts.
var notTexts = []string{"true", "false", "yes", "no", "on", "off", "null", "nil", "y", "n"}

// quoted writes a text for YAML.
func quoted(text string) string {
	if plain.MatchString(text) && !slices.Contains(notTexts, strings.ToLower(text)) {
		return text
	}
	return strconv.Quote(text)
}

// scalar writes an expression for YAML.
func scalar(text string) string {
	if strings.ContainsAny(text, `"#:[]{}',`) {
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	return text
}

// comment is a text that stays on its line.
func comment(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, text)
}

// identifierOf makes a name that can be written without quotes.
func identifierOf(name string) string {
	var out strings.Builder
	for _, r := range name {
		if r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			out.WriteRune(r)
		} else {
			out.WriteByte('-')
		}
	}
	text := strings.Trim(out.String(), "-")
	if text == "" || text[0] >= '0' && text[0] <= '9' {
		return "entity" + text
	}
	return text
}

// several is a number of things.
func several(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func plural(noun string) string {
	switch {
	case strings.HasSuffix(noun, "y") && !strings.HasSuffix(noun, "ay") && !strings.HasSuffix(noun, "ey"):
		return strings.TrimSuffix(noun, "y") + "ies"
	case strings.HasSuffix(noun, "s"):
		return noun
	}
	return noun + "s"
}

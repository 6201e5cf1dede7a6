// Package guess writes a domain file from what was seen: where the type of an event stands, and the id of its entity; which
// fields each type has; what statuses it leads to, and from where. It looks at events as they are understood without any
// domain.
//
// A Guess is for one goroutine at a time. Nothing blocks; what it remembers is bounded.
package guess

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"signalbox/bus"
	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
)

// What is remembered at most.
const (
	maxKinds    = 100
	maxTypes    = 60
	maxFields   = 40
	maxStatuses = 24
	maxStations = 50
	maxEntities = 50_000
	maxPlaces   = 200 // where a type or an id may stand
)

// Guess is what was seen.
type Guess struct {
	kinds    map[string]*kind
	nameless map[string]map[string]int // events of no entity: by station and type
	left     int                       // entities whose last status is remembered, before there are too many
	over     bounds
}

// bounds are what more was seen of than is remembered.
type bounds map[string]bool

// within tells whether one more may be remembered, and notes where it may not.
func (b bounds) within(have, most int, what string) bool {
	if have >= most {
		b[strconv.Itoa(most)+" "+what] = true
	}
	return have < most
}

// LeftOut says what more was seen of than is remembered, so that the rest is not in the guess.
func (g *Guess) LeftOut() []string { return slices.Sorted(maps.Keys(g.over)) }

// kind is what was seen of the entities of one kind.
type kind struct {
	name     string
	events   int
	nested   map[string]int  // member that holds what happened: "data"
	stations map[string]bool // whether it keeps what it was sent
	order    []*kindOfEvent
	types    map[string]*kindOfEvent
	last     map[string]string // entity to its last status, or type
	copies   map[string]int    // templates of keys with copies of entities: bus, then key
	over     bounds            // of the guess
}

// kindOfEvent is what was seen of the events of one type.
type kindOfEvent struct {
	name     string
	n, first int            // events, and those that began an entity
	typeAt   map[string]int // expressions that come to the type
	idAt     map[string]int // to the id
	fields   []string       // in the order in which they came
	has      map[string]int
	statuses map[string]int // by a status field
	statusOf string         // its name
	many     bool           // there were more than are remembered: they are no list of statuses
	after    map[string]int // what came before
	over     bounds         // of the guess
}

// New has seen nothing.
func New() *Guess {
	return &Guess{kinds: map[string]*kind{}, nameless: map[string]map[string]int{}, left: maxEntities, over: bounds{}}
}

// Add looks at an event, which may be changed afterwards.
func (g *Guess) Add(e *sources.Event) {
	traits := e.StationTraits()
	switch {
	case e.Undecodable:
		return
	case traits.Keyed:
		g.copied(e, traits)
		return
	case e.Kind == nil || e.ID == "" || e.Type == "":
		g.note(strings.Clone(e.Station), strings.Clone(e.Type))
		return
	}
	k := g.kind(e.Kind.Name())
	if k == nil {
		return
	}
	t := k.typeOf(e.Type)
	if t == nil {
		return
	}
	k.events++
	if _, known := k.stations[e.Station]; known || g.over.within(len(k.stations), maxStations, "stations of a kind") {
		k.stations[strings.Clone(e.Station)] = !e.Position.IsZero()
	}
	t.n++
	if e.Version <= 1 && !e.Partial {
		t.first++
	}
	k.places(t, e)
	g.moves(k, t, e)
}

func (g *Guess) note(station, kind string) {
	if g.nameless[station] == nil {
		if !g.over.within(len(g.nameless), maxStations, "stations with events of no entity") {
			return
		}
		g.nameless[station] = map[string]int{}
	}
	g.over.count(g.nameless[station], kind, maxTypes, "types without an entity at a station")
}

func (g *Guess) kind(name string) *kind {
	k := g.kinds[name]
	if k == nil && g.over.within(len(g.kinds), maxKinds, "kinds") {
		k = &kind{
			name: strings.Clone(name), nested: map[string]int{}, stations: map[string]bool{}, types: map[string]*kindOfEvent{},
			last: map[string]string{}, copies: map[string]int{}, over: g.over,
		}
		g.kinds[k.name] = k
	}
	return k
}

func (k *kind) typeOf(name string) *kindOfEvent {
	t := k.types[name]
	if t == nil && k.over.within(len(k.types), maxTypes, "types of a kind") {
		t = &kindOfEvent{
			name: strings.Clone(name), typeAt: map[string]int{}, idAt: map[string]int{}, has: map[string]int{}, statuses: map[string]int{},
			after: map[string]int{}, over: k.over,
		}
		k.types[t.name] = t
		k.order = append(k.order, t)
	}
	return t
}

// count counts a text, unless there are too many.
func (b bounds) count(in map[string]int, text string, most int, what string) {
	if _, known := in[text]; known || b.within(len(in), most, what) {
		in[strings.Clone(text)]++
	}
}

// copied notes a key whose name holds the id of a known entity: an application may keep its copy there.
func (g *Guess) copied(e *sources.Event, traits *bus.Traits) {
	scheme, path := "redis", traits.Path(e.Subject)
	if traits.Bucket != "" {
		scheme = "nats"
	}
	for _, k := range g.kinds {
		at := strings.LastIndexAny(path, ":/.") + 1
		if _, known := k.last[path[at:]]; known && at > 0 && !strings.ContainsAny(path[:at], "{}") {
			g.over.count(k.copies, scheme+" "+path[:at]+"{id}", maxPlaces, "places of copies")
		}
	}
}

// moves notes what an event did to the status of its entity.
func (g *Guess) moves(k *kind, t *kindOfEvent, e *sources.Event) {
	body := e.Body
	if body == nil {
		body = e.Data
	}
	status := ""
	for _, name := range []string{"status", "state", "phase"} {
		v := expression.Member(k.inner(expression.FromJSON(string(body))), name)
		if v.Kind() == state.Text && strings.TrimSpace(v.Text()) != "" && len(v.Text()) < 60 {
			status = strings.Clone(v.Text())
			t.statusOf = name
			if g.over.count(t.statuses, status, maxStatuses, "statuses of a type"); t.statuses[status] == 0 {
				t.many = true
			}
			break
		}
	}
	before, known := k.last[e.ID]
	switch {
	case known:
		g.over.count(t.after, before, maxStatuses, "statuses before a type")
	case g.over.within(maxEntities-g.left, maxEntities, "entities"):
		g.left--
	default:
		return
	}
	if status == "" {
		status = statusFrom(t.name, k.name)
	}
	k.last[strings.Clone(e.ID)] = status
}

// inner is what happened, where it is nested in an envelope.
func (k *kind) inner(v state.Value) state.Value {
	for _, name := range envelopes {
		if x := expression.Member(v, name); k.nested[name] > 0 && isObject(x) {
			return x
		}
	}
	return v
}

// envelopes are the members that hold what happened, where it is nested.
var envelopes = []string{"data", "payload"}

func isObject(v state.Value) bool {
	_, ok := expression.MembersOf(v)
	return ok
}

// Kinds are those that were seen, that with the most events first.
func (g *Guess) Kinds() []string {
	names := slices.Sorted(maps.Keys(g.kinds))
	slices.SortStableFunc(names, func(a, b string) int { return g.kinds[b].events - g.kinds[a].events })
	return names
}

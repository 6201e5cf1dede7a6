// Package understand finds what a message is about: its type, the entity that it happens to, what it is tied to, and how
// it folds. A domain says so for its own events (claim); of all others it is found in the usual places (generic).
//
// An Understanding belongs to one engine and is used on its goroutine only. It does not block, and what it keeps is
// bounded, whatever is sent. A Domain may be read from any goroutine once it has been checked.
package understand

import (
	"errors"
	"strings"

	"signalbox/bus"
	"signalbox/bus/glob"
	"signalbox/scenarios/expression"
	"signalbox/scenarios/file"
	"signalbox/scenarios/fold"
	"signalbox/scenarios/scope"
	"signalbox/sources"
)

// Understanding implements sources.Domains for one engine. What it finds may be views into the message, or into memory
// that the next call of Understand uses again.
type Understanding struct {
	claims   []*claim
	kinds    *fold.Kinds
	homes    map[string]bool        // the stations that domains name
	patterns []string               // those with * or ?
	keys     []string               // the globs of keys that domains name
	plans    map[string][]candidate // by station: the claims in question
	station  string                 // of the event before
	plan     []candidate            // for it
	payload  expression.Lookup
	data     expression.Lookup // what rules ask of their data
	scope    *expression.Scope
	view     scope.View
	frame    expression.Frame
	types    []typeQuestion
	serial   uint64 // of the event
	scratch  []byte // for texts of this event
	names    []string
	generic  generic

	invariants []sources.Breakpoint
	domains    []*Domain // that were bound

	told func(text string) // of bounds
	said [bounds]bool
}

// typeQuestion is an expression for an event's type, asked once for all claims that have the same.
type typeQuestion struct {
	of     expression.Expression
	serial uint64 // the event it was asked about last
	answer string
}

// candidate is a claim that may have events at a station.
type candidate struct {
	*claim
	home bool // all events there are its own
}

// maxPlans bounds the stations whose candidates are remembered.
const maxPlans = 4096

// New binds domains that have been checked.
func New(domains []*Domain) *Understanding {
	u := &Understanding{domains: domains, kinds: fold.NewKinds(), homes: map[string]bool{}, plans: map[string][]candidate{}}
	u.scope = u.view.Events(&u.payload)
	u.generic = newGeneric(u)
	for _, d := range domains {
		if d.OnlySends() {
			continue
		}
		c, err := d.bind(u)
		if err != nil {
			panic("domain " + d.Name + " was checked, but: " + err.Error())
		}
		u.claims = append(u.claims, c)
		for _, name := range c.stations {
			if strings.ContainsAny(name, "*?") {
				u.patterns = append(u.patterns, name)
			} else {
				u.homes[name] = true
			}
		}
		u.keys = append(u.keys, c.keys...)
		c.kind.Known = c.kind.Len()
		invariants, _ := d.invariants() // they were checked
		u.invariants = append(u.invariants, invariants...)
		u.generic.copies = append(u.generic.copies, d.keptCopies(c.kind)...)
	}
	return u
}

// Twin implements sources.Twin.
func (u *Understanding) Twin() sources.Domains { return New(u.domains) }

// Check compiles a domain, so that what is wrong with it is known before an engine uses it.
func (d *Domain) Check() error {
	if d.OnlySends() {
		return nil
	}
	_, wrong := d.bind(New(nil))
	_, unclear := d.invariants()
	wrong = errors.Join(wrong, unclear)
	for _, copied := range d.Truth {
		_, err := copied.Value.Template(expression.Named("id"))
		wrong = errors.Join(wrong, err)
	}
	return wrong
}

// typeExpression finds the question that an expression asks, or adds it.
func (u *Understanding) typeExpression(source file.Text) (int, error) {
	for i := range u.types {
		if u.types[i].of.String() == source.Value {
			return i, nil
		}
	}
	x, err := source.Compile(u.scope)
	u.types = append(u.types, typeQuestion{of: x})
	return len(u.types) - 1, err
}

// Understand implements sources.Domains.
func (u *Understanding) Understand(e *sources.Event) {
	u.begin(e)
	if e.StationTraits().Exchanges && e.Headers.Get(bus.FailureHeader) != "" {
		u.generic.understand(e) // it is no event of a domain that a service failed
		return
	}
	for _, c := range u.candidates(u.place(e)) {
		kind := u.typeOf(c.typeOf)
		if kind == "" {
			continue
		}
		if r := c.rule(kind); r != nil && (c.home || c.anywhere) {
			u.claimed(e, c.claim, r)
			return
		}
		if c.home && u.unruled(e, c.claim, kind) {
			return
		}
	}
	u.generic.understand(e)
}

// place is the name by which domains know where an event came: that of its station or, where that gathers what comes to many
// places, the subject, if a domain is at home there. All keys that a glob of a domain names are one place, called as the glob.
func (u *Understanding) place(e *sources.Event) string {
	station := e.StationTraits()
	if station.Keyed {
		for _, pattern := range u.keys {
			if glob.Match(pattern, e.Subject) {
				return pattern
			}
		}
	}
	if station.Gathers && u.isHome(e.Subject) {
		return e.Subject
	}
	return e.Station
}

// isHome tells whether a domain names a place as its own.
func (u *Understanding) isHome(place string) bool {
	if u.homes[place] {
		return true
	}
	for _, pattern := range u.patterns {
		if glob.Match(pattern, place) {
			return true
		}
	}
	return false
}

// candidates lists the claims in question at a station, those at home there first.
func (u *Understanding) candidates(station string) []candidate {
	if station == u.station && u.plan != nil {
		return u.plan
	}
	plan, ok := u.plans[station]
	if ok {
		u.station, u.plan = station, plan
		return plan
	}
	for _, home := range []bool{true, false} {
		for _, c := range u.claims {
			if c.home(station) == home && (home || c.anywhere) {
				plan = append(plan, candidate{c, home})
			}
		}
	}
	if len(u.plans) == maxPlans {
		clear(u.plans)
	}
	u.plans[strings.Clone(station)] = plan
	return plan
}

// typeOf asks for the type of the event in hand.
func (u *Understanding) typeOf(i int) string {
	q := &u.types[i]
	if q.serial != u.serial {
		q.serial, q.answer = u.serial, ""
		if v, err := q.of.Eval(&u.frame); err == nil {
			q.answer = u.word(v)
		}
	}
	return q.answer
}

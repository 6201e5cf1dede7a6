package understand

import (
	"strings"

	"signalbox/scenarios/expression"
	"signalbox/sources"
)

// Recognise implements sources.Recogniser. A domain knows a message that it has a rule for, and one at its home that names an
// entity. What no domain knows looks like an event when it is named one, or has a type beside its data.
func (u *Understanding) Recognise(e *sources.Event) (domain, kind string, ok bool) {
	u.begin(e)
	for _, c := range u.candidates(u.place(e)) {
		typ := u.typeOf(c.typeOf)
		if typ == "" || (!c.home && (!c.anywhere || c.rule(typ) == nil)) {
			continue
		}
		if r := c.rule(typ); r != nil && r.ownID && u.text(&r.id) != "" || u.text(&c.id) != "" {
			return c.domain, c.kind.Name(), true
		}
	}
	var found payloadMembers
	found.read(expression.View(e.Data))
	named := false
	words(e.Station, func(word string) bool {
		word = strings.ToLower(word)
		named = word == "event" || word == "events"
		return !named
	})
	return "", "", named || found.typeName() != "" && (found.member[data] != "" || found.member[payload] != "")
}

// begin has the message in hand.
func (u *Understanding) begin(e *sources.Event) {
	u.serial++
	u.scratch, u.names = u.scratch[:0], u.names[:0]
	u.view.Event = e
	u.view.Payload.Reset(expression.View(e.Data), &u.payload)
}

package forms

import (
	"slices"

	"github.com/tidwall/gjson"

	"signalbox/scenarios/command"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/wording"
)

// mostSeen bounds what a field of a form offers to choose from.
const mostSeen = 50

// seen lists what could be meant by a field that names something: the ids of entities of its kind, the chosen one first,
// or the values that events on the screen have under its name, the newest first.
func seen(d *component.Deck, f command.Field) []string {
	var found []string
	add := func(value string) {
		if value != "" && len(found) < mostSeen && !slices.Contains(found, value) {
			found = append(found, value)
		}
	}
	if e := d.Entity(); f.Type == "entity" && f.Of == e.Kind {
		add(e.ID)
	}
	snapshot := d.Snapshot()
	for i := range snapshot.Entities.Rows {
		if r := &snapshot.Entities.Rows[i]; f.Type == "entity" && r.Kind == f.Of {
			add(r.ID)
		}
	}
	for _, e := range slices.Backward(snapshot.Events.Rows) {
		switch {
		case f.Type != "entity":
			add(gjson.GetBytes(wording.Data(e), gjson.Escape(f.Name)).String())
		case e.Kind != nil && e.Kind.Name() == f.Of:
			add(e.ID)
		}
	}
	return found
}

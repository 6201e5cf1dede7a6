package deck

import (
	"encoding/json"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
)

// copyable tells whether there is something to copy here.
func copyable(d *deck) bool {
	switch o := d.top().(type) {
	case nil:
		return true
	case *eventView:
		return o.event != nil
	case *textView:
		return o.copied != ""
	}
	return false
}

// copyValue copies what is chosen as a person would quote it: a payload, an id, a value, a name. The terminal is asked
// to (OSC 52), so that it works over SSH as well.
func (d *deck) copyValue() tea.Cmd {
	switch o := d.top().(type) {
	case *eventView:
		if o.event != nil {
			return d.copied(string(o.event.Data), "the payload")
		}
		return nil
	case *textView:
		if o.copied != "" {
			return d.copied(o.copied, "the value")
		}
		return nil
	case nil:
	default:
		return nil
	}
	switch d.focus {
	case stationsPane:
		if r := d.stations.subject(d); r != nil {
			return d.copied(r.Path, "the subject")
		}
		if r := d.stations.chosen(d); r != nil {
			return d.copied(r.Station.Name, "the name")
		}
	case eventsPane:
		if r := d.events.chosen(d); r != nil && r.Size <= len(r.Data) {
			return d.copied(string(r.Data), "the payload")
		}
		d.say(bus.Say, "only its beginning is here: open it to copy it whole")
	case consumersPane:
		if r := d.consumers.chosen(d); r != nil {
			return d.copied(r.Name, "the name")
		}
	case entitiesPane:
		return d.copied(d.entities.chosen.ID, "the id")
	case statePane:
		if f := d.state.field(d); f != nil {
			return d.copied(f.Value.String(), "the value")
		}
		if h := d.state.past(d); h != nil {
			return d.copied(h.Type, "the type")
		}
	}
	return nil
}

// copyRow copies the whole row as JSON.
func (d *deck) copyRow() tea.Cmd {
	row := d.chosenRow()
	if row == nil {
		return nil
	}
	text, err := json.Marshal(row)
	if err != nil {
		d.sayError(err)
		return nil
	}
	return d.copied(string(text), "the row as JSON")
}

func (d *deck) chosenRow() any {
	if o, ok := d.top().(*eventView); ok && o.event != nil {
		return o.event.Event
	}
	switch d.focus {
	case stationsPane:
		if r := d.stations.subject(d); r != nil {
			return r
		}
		if r := d.stations.chosen(d); r != nil {
			return r
		}
	case eventsPane:
		if r := d.events.chosen(d); r != nil {
			return r
		}
	case consumersPane:
		if r := d.consumers.chosen(d); r != nil {
			return r
		}
	default:
		if e := d.detail(); e != nil {
			return stateObject(e)
		}
	}
	return nil
}

// stateObject is an entity in the form that state KIND/ID --json prints.
func stateObject(e *sources.EntityDetail) any {
	state := make(map[string]sources.Value, len(e.State))
	for _, f := range e.State {
		state[f.Name] = f.Value
	}
	return struct {
		Kind     string                   `json:"kind"`
		ID       string                   `json:"id"`
		Version  uint64                   `json:"version"`
		Status   string                   `json:"status,omitempty"`
		State    map[string]sources.Value `json:"state"`
		Partial  bool                     `json:"partial,omitempty"`
		Rejected uint64                   `json:"rejected"`
	}{e.Kind, e.ID, e.Shown, e.Status, state, e.Partial, e.Rejected}
}

func (d *deck) copied(text, what string) tea.Cmd {
	if text == "" {
		return nil
	}
	d.say(bus.Say, "copied "+what)
	return tea.SetClipboard(text)
}

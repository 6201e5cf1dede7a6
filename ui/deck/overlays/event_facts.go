package overlays

import (
	"slices"
	"strconv"
	"strings"

	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// eventFacts are what stands over the payload.
func eventFacts(d *component.Deck, r *screen.Text, e *sources.EventDetail) {
	at := e.Time().In(d.Now().Location())
	r.Fact("time", at.Format("2006-01-02 15:04:05.000"))
	station := e.Station
	if e.Bus != "" {
		station += " on " + e.Bus
	}
	r.Fact("station", station)
	r.Fact("subject", e.Subject)
	r.Fact("position", e.StationTraits().Positions.Format(e.Position))
	if e.Kind != nil {
		entity := e.Kind.Name() + " " + e.ID
		if e.Version > 0 {
			entity += " · v" + strconv.FormatUint(e.Version, 10)
		}
		r.Fact("entity", entity)
	}
	r.Fact("correlation", e.Correlation)
	r.Fact("size", payloadSize(e))
	if fault, why := e.Fault(); fault != "" {
		r.Add(screen.BadLine, string(fault), fault.Sign()+" "+why)
	}
	if e.Partial {
		r.Add(screen.WarnLine, "partial", "what was seen of the entity does not begin with its first event: its version counts from there")
	}
	if e.Unjudged {
		r.Add(screen.WarnLine, "not judged", "whether its rule refuses it depends on fields that no event that was seen has set")
	}
	if len(e.Headers) > 0 {
		r.Heading("headers")
		for _, h := range e.Headers {
			r.Fact(h.Name, h.Value)
		}
	}
	if m := e.Moment; m == nil || m.NoBefore || m.NoAfter || withinFields(e.Changes) {
		changeFacts(r, e.Changes)
	}
	stateFacts(r, e)
	r.Heading("payload")
}

// stateFacts are the fields of the entity before and after the event.
func stateFacts(r *screen.Text, e *sources.EventDetail) {
	m := e.Moment
	switch {
	case e.Kind == nil:
		return
	case m == nil:
		r.Heading("state at this event")
		r.Add(screen.DimLine, "", "not known: the event has left the window, or came before this session")
		return
	case m.NoAfter:
		r.Heading("state at this event")
		r.Add(screen.DimLine, "", "not known: it cannot be told from the events that are held")
		return
	case m.NoBefore:
		r.Heading("state after it; what was before cannot be told")
		for _, f := range m.After {
			r.Fact(f.Name, shownValue(f.Value))
		}
		return
	case len(m.Changed) == 0:
		r.Heading(unchangedTitle(e))
		for _, f := range m.After {
			r.Fact(f.Name, shownValue(f.Value))
		}
		if len(m.After) == 0 {
			r.Add(screen.DimLine, "", "there was none yet")
		}
		return
	}
	r.Heading("state before and after it")
	for _, name := range fieldNames(m.Before, m.After) {
		was, is := valueOf(m.Before, name), valueOf(m.After, name)
		switch {
		case !slices.Contains(m.Changed, name):
			r.Add(screen.DimLine, name, shownValue(is))
		default:
			r.Fact(name, wording.Change(state.FieldChange{Name: name, Was: was, Is: is}, 200))
		}
	}
}

// shownValue is a value in a line.
func shownValue(v state.Value) string { return screen.CleanUpTo(wording.Value(v), 200) }

// withinFields tells whether something was changed within a field, of which the states say too little.
func withinFields(changes []state.FieldChange) bool {
	return slices.ContainsFunc(changes, func(c state.FieldChange) bool { return strings.Contains(c.Name, ".") })
}

// unchangedTitle is the heading over the state that an event left as it was.
func unchangedTitle(e *sources.EventDetail) string {
	switch fault, _ := e.Fault(); fault {
	case sources.Refused:
		return "the state that it was refused in"
	case "":
		return "the state, which it left as it was"
	default:
		return "the state then, before and after it"
	}
}

// fieldNames are those of two states, in order.
func fieldNames(before, after []state.Field) []string {
	var names []string
	for _, f := range slices.Concat(after, before) {
		if !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}

func valueOf(fields []state.Field, name string) state.Value {
	for _, f := range fields {
		if f.Name == name {
			return f.Value
		}
	}
	return state.Value{}
}

// changeFacts list what an event changed.
func changeFacts(r *screen.Text, changes []state.FieldChange) {
	if len(changes) == 0 {
		return
	}
	r.Heading("changed")
	for _, c := range changes {
		r.Fact(wording.PathName(c.Name), wording.Change(c, 200))
	}
}

func payloadSize(e *sources.EventDetail) string {
	text := screen.Size(uint64(max(e.Size, len(e.Data))))
	if e.Held < e.Size && e.Held > 0 {
		text += ", of which the first " + screen.Size(uint64(e.Held)) + " are held"
	}
	return text
}

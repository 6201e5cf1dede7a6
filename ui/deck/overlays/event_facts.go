package overlays

import (
	"strconv"

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
	changeFacts(r, e.Changes)
	r.Heading("payload")
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

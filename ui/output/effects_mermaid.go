package output

import (
	"fmt"
	"slices"
	"strings"

	"signalbox/bus"
	"signalbox/scenarios/effects"
	"signalbox/ui/screen"
)

// sourceHeaders name who sent an event. CloudEvents has ce-source, Memphis the last one.
var sourceHeaders = []string{"ce-source", "ce_source", "cloudEvents:source", "X-Source", "Producer", "$memphis_producedBy", "producedBy"}

// EffectsMermaid is what followed an event as a sequence diagram of Mermaid: who sent an event, where it went, and who handled it.
// A sender that is not known by a header is the one consumer that handled the event before, else the station where that lies.
func EffectsMermaid(x *Effects) string {
	var arrows strings.Builder
	d := &diagram{}
	for i := range x.All {
		e := &x.All[i]
		arrow := "->>"
		if e.Tie == effects.Inferred {
			arrow = "-->>"
		}
		label := e.Event.Type
		if label == "" {
			label = "message"
		}
		if entity := e.Event.Entity(); !entity.IsZero() {
			label += " " + entity.String()
		}
		if i > 0 {
			label += " (+" + screen.Took(e.After) + ")"
		}
		if _, why := e.Event.Fault(); why != "" {
			label += " ✗ " + why
		}
		station := d.name(e.Event.Place())
		fmt.Fprintf(&arrows, "    %s%s%s: %s\n", d.name(x.sender(i)), arrow, station, mermaidText(screen.Clean(label)))
		for k := range x.Consumers {
			if c := &x.Consumers[k]; i < len(c.Stands) && handledBy(c.Stands[i].Standing) {
				fmt.Fprintf(&arrows, "    %s->>%s: %s\n", station, d.name(c.Consumer), c.Stands[i].Standing)
			}
		}
	}
	var out strings.Builder
	out.WriteString("sequenceDiagram\n")
	for i, name := range d.names {
		fmt.Fprintf(&out, "    participant p%d as %s\n", i, mermaidText(screen.Clean(name)))
	}
	return out.String() + arrows.String()
}

// handledBy tells whether a consumer got the message, as far as is known.
func handledBy(s bus.Standing) bool {
	return s == bus.Done || s == bus.Delivered || s == bus.GivenUp || s == bus.Terminated
}

// sender is who sent an event, as far as that can be told.
func (x *Effects) sender(at int) string {
	e := &x.All[at]
	if name := e.Event.Headers.First(sourceHeaders); name != "" {
		return name
	}
	if e.Of < 0 {
		return "sender"
	}
	var only string
	for i := range x.Consumers {
		if c := &x.Consumers[i]; e.Of < len(c.Stands) && handledBy(c.Stands[e.Of].Standing) {
			if only != "" {
				return x.All[e.Of].Event.Place()
			}
			only = c.Consumer
		}
	}
	if only != "" {
		return only
	}
	return x.All[e.Of].Event.Place()
}

// diagram knows the participants by their names, in the order in which they came.
type diagram struct{ names []string }

func (d *diagram) name(of string) string {
	at := slices.Index(d.names, of)
	if at < 0 {
		at = len(d.names)
		d.names = append(d.names, of)
	}
	return fmt.Sprint("p", at)
}

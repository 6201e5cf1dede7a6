package forms

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// preview is what a message would do, asked anew whenever the message changes. Only the newest answer counts.
type preview struct {
	serial int
	would  sources.Preview
	known  bool
}

// forget says that there is no message to ask about.
func (x *preview) forget() { x.serial, x.known = x.serial+1, false }

// ask asks what a message would do on a bus.
func (x *preview) ask(d *component.Deck, b bus.Bus, out bus.Outgoing) tea.Cmd {
	x.serial++
	serial, engine := x.serial, d.Engine
	event := &sources.Event{Received: sources.Received{
		UnixNano: d.Now().UnixNano(), Bus: b.Info().Name, Station: out.Station, Source: out.Kind,
		Subject: out.Subject, Headers: out.Headers, Data: out.Data, Size: len(out.Data),
	}}
	if event.Subject == "" {
		event.Subject = out.Station
	}
	return component.Fetch(d, func(ctx context.Context) (sources.Preview, error) { return wholePreview(ctx, engine, event) },
		func(p sources.Preview) tea.Cmd {
			if serial == x.serial {
				x.would, x.known = p, true
			}
			return nil
		})
}

// wholePreview asks what a message would do. Where that depends on what was not seen of its entity, that is completed first.
func wholePreview(ctx context.Context, engine component.Engine, event *sources.Event) (sources.Preview, error) {
	p, err := engine.Preview(ctx, event)
	if err != nil || !p.Unjudged {
		return p, err
	}
	if _, err := engine.Complete(ctx, p.Entity, nil); err == nil {
		return engine.Preview(ctx, event)
	}
	return p, nil // it stays not judged, which is said
}

// lines say what it would do to the entity it is about.
func (x *preview) lines() screen.Text {
	var r screen.Text
	if !x.known {
		r.Add(screen.DimLine, "", "…")
		return r
	}
	p := x.would
	switch {
	case p.Entity.IsZero() && p.Failed == "":
		r.Add(screen.PlainLine, "", "it is about no entity, and would change no state")
		x.warn(&r)
		return r
	case !p.Entity.IsZero():
		r.Fact("entity", p.Entity.Kind+" "+p.Entity.ID)
	}
	switch {
	case p.Rejected != "":
		r.Add(screen.BadLine, string(sources.Refused), sources.Refused.Sign()+" "+p.Rejected)
	case p.Failed != "":
		r.Add(screen.WarnLine, string(sources.NotFolded), sources.NotFolded.Sign()+" "+p.Failed)
	case p.Unjudged:
		r.Add(screen.WarnLine, "not judged", "the entity began before you attached: whether this is refused depends on what was not seen")
	case len(p.Changes) == 0:
		r.Add(screen.DimLine, "changes", "nothing")
	}
	for _, c := range p.Changes {
		r.Fact(wording.PathName(c.Name), wording.Change(c, 60))
	}
	x.warn(&r)
	return r
}

// warn says how the message differs from those of its type that came: whoever reads them may drop it.
func (x *preview) warn(r *screen.Text) {
	for _, text := range x.would.Unlike {
		r.Add(screen.WarnLine, "unlike others", text)
	}
}

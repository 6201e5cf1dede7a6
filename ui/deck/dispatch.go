package deck

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/screen"
)

// outcome is something that was started, and what came of it.
type outcome struct {
	going  bool
	text   string // what was done, or why not; "" before that
	failed bool
}

// dispatch is a message on its way, and what came of it.
type dispatch struct{ outcome }

// send sends a message, after a question where the bus is somebody else's. sent is called when the broker has it.
func (x *dispatch) send(d *deck, b bus.Bus, out bus.Outgoing, sent func(*deck)) tea.Cmd {
	if x.going {
		return nil
	}
	send := func(d *deck) tea.Cmd {
		x.going = true
		return publish(d.ctx, b, out, func(d *deck, r bus.Receipt, err error) {
			if x.end(r, err); err == nil {
				sent(d)
			}
		})
	}
	foreign := d.foreign(b)
	if foreign == "" {
		return send(d)
	}
	d.ask("Send to "+screen.Clean(out.Station)+" on "+screen.Clean(b.Info().Name)+", which "+foreign+"?", send)
	return nil
}

// end takes what the broker said.
func (x *dispatch) end(r bus.Receipt, err error) {
	x.going, x.failed = false, err != nil
	switch {
	case err != nil:
		x.text = "not sent: " + oneLine(err)
	case r.Text == "":
		x.text = "sent"
	default:
		x.text = "sent: " + r.Text
	}
	if r.Duplicate {
		x.text += " (the broker had it already)"
	}
}

// draw says how it stands; false when there is nothing to say.
func (x *outcome) draw(l *screen.Line, t *screen.Theme, doing string) bool {
	switch {
	case x.going:
		l.Put(t.Dim, doing+"…")
	case x.text == "":
		return false
	case x.failed:
		l.Put(t.Bad, "✗ "+screen.CleanUpTo(x.text, l.Free()))
	default:
		l.Put(t.Good, "✓ "+screen.CleanUpTo(x.text, l.Free()))
	}
	return true
}

func publish(ctx context.Context, b bus.Bus, out bus.Outgoing, then func(*deck, bus.Receipt, error)) tea.Cmd {
	return func() tea.Msg {
		receipt, err := bus.Publish(ctx, b, out)
		return resultMsg(func(d *deck) tea.Cmd {
			then(d, receipt, err)
			return nil
		})
	}
}

// oneLine is an error in one line.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", " ") }

// outlook is what a message would do, asked anew whenever the message changes. Only the newest answer counts.
type outlook struct {
	serial int
	would  sources.Preview
	known  bool
}

// forget says that there is no message to ask about.
func (x *outlook) forget() { x.serial, x.known = x.serial+1, false }

// ask asks what a message would do on a bus.
func (x *outlook) ask(d *deck, b bus.Bus, out bus.Outgoing) tea.Cmd {
	x.serial++
	serial, source := x.serial, d.source
	event := &sources.Event{Received: sources.Received{
		UnixNano: d.opt.Now().UnixNano(), Bus: b.Info().Name, Station: out.Station, Source: out.Kind,
		Subject: out.Subject, Headers: out.Headers, Data: out.Data, Size: len(out.Data),
	}}
	if event.Subject == "" {
		event.Subject = out.Station
	}
	return fetch(d, func(ctx context.Context) (sources.Preview, error) { return source.Preview(ctx, event) },
		func(_ *deck, p sources.Preview) tea.Cmd {
			if serial == x.serial {
				x.would, x.known = p, true
			}
			return nil
		})
}

// lines say what it would do to the entity it is about.
func (x *outlook) lines() screen.Text {
	var r screen.Text
	if !x.known {
		r.Add(screen.DimLine, "", "…")
		return r
	}
	p := x.would
	switch {
	case p.Entity.IsZero() && p.Failed == "":
		r.Add(screen.PlainLine, "", "it is about no entity, and would change no state")
		return r
	case !p.Entity.IsZero():
		r.Fact("entity", p.Entity.Kind+" "+p.Entity.ID)
	}
	switch {
	case p.Rejected != "":
		r.Fault("refused", p.Rejected)
	case p.Failed != "":
		r.Add(screen.WarnLine, "not folded", "✗ "+p.Failed)
	case len(p.Changes) == 0:
		r.Add(screen.DimLine, "changes", "nothing")
	}
	for _, c := range p.Changes {
		r.Fact(pathName(c.Name), changed(c, 60))
	}
	return r
}

package forms

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/screen"
)

// outcome is something that was started, and what came of it.
type outcome struct {
	going  bool
	text   string // what was done, or why not; "" before that
	failed bool
}

// sending is a message on its way, and what came of it.
type sending struct{ outcome }

// send sends a message, after a question where the bus is somebody else's. then is called with what the broker said.
func (x *sending) send(d *component.Deck, b bus.Bus, out bus.Outgoing, then func(error)) tea.Cmd {
	if x.going {
		return nil
	}
	send := func() tea.Cmd {
		x.going = true
		return publish(d.Life, b, out, func(r bus.Receipt, err error) {
			x.end(r, err)
			if err == nil && !r.Lost() {
				d.Marks.Sent(d.Now(), out.Station)
			}
			then(err)
		})
	}
	why := d.Sender.AsksFirst(b)
	if why == "" {
		return send()
	}
	dialogs.Ask(d, "Send to "+screen.Clean(out.Station)+" on "+screen.Clean(b.Info().Name)+", which "+why+"?", send)
	return nil
}

// end takes what the broker said.
func (x *sending) end(r bus.Receipt, err error) {
	x.going, x.failed = false, err != nil || r.Lost()
	rejection, refused := errors.AsType[*bus.RejectionError](err)
	switch {
	case refused:
		x.text = rejection.Error()
	case err != nil:
		x.text = "not sent: " + component.OneLine(err)
	case r.Text == "":
		x.text = "sent"
	case r.Lost():
		x.text = r.Text
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

// publish sends a message in a command.
func publish(ctx context.Context, b bus.Bus, out bus.Outgoing, then func(bus.Receipt, error)) tea.Cmd {
	return func() tea.Msg {
		receipt, err := bus.Publish(ctx, b, out)
		return component.Result(func() tea.Cmd {
			then(receipt, err)
			return nil
		})
	}
}

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
	return x.sendBy(d, b, out, bus.Publish, then)
}

// sendBy sends a message by one of the ways that a bus has.
func (x *sending) sendBy(d *component.Deck, b bus.Bus, out bus.Outgoing, way way, then func(error)) tea.Cmd {
	if x.going {
		return nil
	}
	send := func() tea.Cmd {
		x.going = true
		return way.start(d.Life, b, out, func(r bus.Receipt, err error) {
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

// way is how a message is sent.
type way func(ctx context.Context, b bus.Bus, out bus.Outgoing) (bus.Receipt, error)

// alone hands a message to one consumer, and to nobody else.
func alone(consumer string) way {
	return func(ctx context.Context, b bus.Bus, out bus.Outgoing) (bus.Receipt, error) {
		r, ok := bus.As[bus.Resender](b)
		if !ok {
			return bus.Receipt{}, errors.New(b.Info().Name + " hands nothing to one consumer alone")
		}
		return r.Resend(ctx, consumer, out)
	}
}

// start sends a message in a command.
func (w way) start(ctx context.Context, b bus.Bus, out bus.Outgoing, then func(bus.Receipt, error)) tea.Cmd {
	return func() tea.Msg {
		receipt, err := w(ctx, b, out)
		return component.Result(func() tea.Cmd {
			then(receipt, err)
			return nil
		})
	}
}

package standins

import (
	"context"
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/scenarios/standin"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/screen"
)

// news is what is to be said of a stand-in that was begun here.
type news struct {
	level bus.Level
	text  string
}

// begin has a stand-in play on the bus that is armed, after a question where that is production.
func (r *Room) begin(d *component.Deck, name string) (tea.Cmd, error) {
	if _, err := r.Library.StandIn(name); err != nil {
		return nil, err
	}
	armed := d.Sender.Armed()
	if len(armed) == 0 {
		return nil, errors.New("nothing can be sent from here, and so nothing be played: start signalbox with --write")
	}
	if _, again := r.ends[name]; again {
		return nil, fmt.Errorf("%s is being begun or ended", name)
	}
	d.Close()
	b := armed[0]
	if why := d.Sender.AsksFirst(b); why != "" {
		dialogs.Ask(d, "Play "+screen.Clean(name)+" on "+screen.Clean(b.Info().Name)+", which "+why+"? It takes messages from a consumer, and sends real ones.",
			func() tea.Cmd { return r.play(d, b, name) })
		return nothing, nil
	}
	return r.play(d, b, name), nil
}

// play plays a stand-in on a goroutine of its own. Its news comes as messages.
func (r *Room) play(d *component.Deck, b bus.Bus, name string) tea.Cmd {
	ctx, end := context.WithCancel(d.Life)
	if r.ends == nil {
		r.ends = map[string]context.CancelFunc{}
	}
	r.ends[name] = end
	said := make(chan news, 4) // all that is said of one
	d.Work.Go("what plays a stand-in", func() {
		defer close(said)
		serve(ctx, r.Library, b, name, said)
	})
	return r.hear(d, name, said)
}

// serve plays until ctx ends.
func serve(ctx context.Context, library *scenarios.Library, b bus.Bus, name string, said chan<- news) {
	how := scenarios.Service{Names: []string{name}, Begun: func(playing []*standin.StandIn, _ []string) {
		for _, s := range playing {
			said <- news{bus.Say, s.FullName() + " plays on " + b.Info().Name + ": it reads " + s.Reads() + " as " + s.Consumer()}
		}
	}}
	notes, err := library.Serve(ctx, b, how)
	switch {
	case err != nil && ctx.Err() == nil:
		said <- news{bus.Fail, component.OneLine(err)}
	case len(notes) > 0:
		said <- news{bus.Warn, notes[0]}
	default:
		said <- news{bus.Say, name + " plays no longer"}
	}
}

// hear shows what is said of a stand-in, until nothing more is.
func (r *Room) hear(d *component.Deck, name string, said <-chan news) tea.Cmd {
	return func() tea.Msg {
		x, more := <-said
		return component.Result(func() tea.Cmd {
			if !more {
				r.ends[name]()
				delete(r.ends, name)
				return nil
			}
			d.Say(x.level, screen.Clean(x.text))
			return r.hear(d, name, said)
		})
	}
}

// end ends a stand-in that was begun here.
func (r *Room) end(d *component.Deck, name string, p standin.Played, plays bool) (tea.Cmd, error) {
	for _, known := range []string{name, p.Name} {
		if end, begun := r.ends[known]; begun {
			d.Close()
			end()
			return nothing, nil
		}
	}
	if plays {
		return nil, fmt.Errorf("%s was not begun by :stand-in, and ends with what it plays for; off has it take nothing more", p.Name)
	}
	return nil, fmt.Errorf("%s does not play", name)
}

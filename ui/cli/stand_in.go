package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/scenarios/standin"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// standIn is the command that plays stand-ins until it is ended.
type standIn struct {
	*options
	confirmation
	make, keep, beside, json bool
	count                    uint64 // 0 is any number

	mu     sync.Mutex // of what is printed
	told   uint64
	failed error
	stop   context.CancelFunc
}

func newStandIn(o *options) *cobra.Command {
	c := &standIn{options: o}
	cmd := &cobra.Command{
		Use:   "stand-in NAME… BUS",
		Short: "Play services that are not there",
		Long: "Play services that are not there, as domain files describe them: real consumers, which take messages, send what\n" +
			"follows, acknowledge, refuse and fail. Each message is a line. It goes on until it is ended, and removes the\n" +
			"consumers that it had to make, unless --keep is given. A service that is at work is not played.",
		Example: `signalbox stand-in deliveries.courier nats://127.0.0.1:4222 --make
signalbox stand-in courier redis://127.0.0.1:6379 --keep`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.addFlag(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&c.make, "make", false, "make the stations that are missing, and remove them at the end")
	flags.BoolVar(&c.keep, "keep", false, "leave the consumers that had to be made: what comes afterwards is their lag")
	flags.BoolVar(&c.beside, "beside", false, "play also where the service is at work, as a further member")
	flags.Uint64Var(&c.count, "count", 0, "end after so many messages")
	flags.BoolVar(&c.json, "json", false, "print each message as one line of JSON")
	return cmd
}

func (c *standIn) run(ctx context.Context, args []string) error {
	at, names, err := c.names.One(args)
	switch {
	case err != nil:
		return err
	case len(names) == 0:
		return errors.New("play what? want the name of a stand-in, such as deliveries.courier")
	case at.Embedded():
		return errors.New("play where? want a BUS, such as nats://127.0.0.1:4222: the embedded broker has its stand-ins")
	}
	library, err := c.library()
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := library.StandIn(name); err != nil {
			if mistake := brokers.Mistake(name, false); mistake != nil {
				return mistake
			}
			return err
		}
	}
	b, err := c.connect(ctx, at, c.settings(nil, 0))
	if err != nil {
		return err
	}
	c.guard.OnExit(b.Close)
	err = c.play(ctx, library, b, at, names)
	if ctx.Err() != nil && c.failed == nil {
		err = nil // a signal is the usual end
	}
	return errors.Join(err, b.Close())
}

// play plays until a signal, or until nothing can be printed.
func (c *standIn) play(ctx context.Context, library *scenarios.Library, b bus.Bus, at target.Target, names []string) error {
	if err := c.allow(ctx, c.options, b, at, "play "+strings.Join(names, ", ")); err != nil {
		return err
	}
	ctx, c.stop = context.WithCancel(ctx)
	defer c.stop()
	notes, err := library.Serve(ctx, b, scenarios.Service{Names: names, Make: c.make, Keep: c.keep, Beside: c.beside, Tell: c.handled,
		Begun: func(playing []*standin.StandIn, notes []string) {
			for _, s := range playing {
				c.warn(fmt.Sprintf("%s plays: it reads %s as %s, until this is ended", s.FullName(), s.Reads(), s.Consumer()))
			}
			for _, note := range notes {
				c.warn(note)
			}
		}})
	for _, note := range notes {
		c.warn(note)
	}
	if absent, ok := errors.AsType[*scenarios.AbsentError](err); ok {
		return failf("%v", absent)
	}
	return cmp.Or(c.failed, err)
}

// handled prints what became of a message.
func (c *standIn) handled(h standin.Handled) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count > 0 && c.told >= c.count {
		return // it is ending
	}
	var err error
	if c.json {
		err = output.WriteJSON(c.out, handledJSON(h))
	} else {
		_, err = fmt.Fprintln(c.out, screen.Clean(h.At.Format("15:04:05.000")+"  "+h.StandIn+"  "+handledText(h)))
	}
	if err != nil && c.failed == nil {
		c.failed = err
	}
	if c.told++; c.told == c.count || c.failed != nil {
		c.stop()
	}
}

// verdicts are what a stand-in says of messages, for people and for JSON.
var verdicts = map[bus.Verdict][2]string{bus.Ack: {"acknowledged", "ack"}, bus.Nak: {"refused, to come again", "nak"},
	bus.Term: {"refused for good", "term"}, bus.None: {"not acknowledged", "none"}}

// said is what a stand-in said of a message, in words. Where nothing is kept, nobody hears it.
func said(h standin.Handled) string {
	switch {
	case !h.Position.IsZero():
		return verdicts[h.Verdict][0]
	case h.Verdict == bus.Ack:
		return "handled"
	}
	return "not handled, and lost"
}

// handledText is what became of a message, in words.
func handledText(h standin.Handled) string {
	text := "a message"
	if h.Type != "" {
		text = h.Type
	}
	if h.Entity.ID != "" {
		text += " " + h.Entity.Kind + "/" + h.Entity.ID
	}
	if h.Delivery > 1 {
		text += fmt.Sprintf(", delivery %d", h.Delivery)
	}
	text += ": " + said(h)
	if h.Took >= time.Millisecond {
		text += " after " + screen.Duration(h.Took.Round(time.Millisecond))
	}
	if len(h.Sent) > 0 {
		text += ", sends " + strings.Join(h.Sent, ", ")
	}
	if h.Why != "" {
		text += " (" + h.Why + ")"
	}
	return text
}

func handledJSON(h standin.Handled) any {
	type entity struct {
		Kind string `json:"kind"`
		ID   string `json:"id"`
	}
	out := struct {
		Time     string   `json:"time"`
		StandIn  string   `json:"stand_in"`
		Type     string   `json:"type,omitempty"`
		Entity   *entity  `json:"entity,omitempty"`
		Delivery int      `json:"delivery"`
		Took     float64  `json:"took_ms"`
		Verdict  string   `json:"verdict"`
		Why      string   `json:"why,omitempty"`
		Sends    []string `json:"sends,omitempty"`
	}{h.At.UTC().Format(time.RFC3339Nano), h.StandIn, h.Type, nil, h.Delivery, float64(h.Took.Microseconds()) / 1000, verdicts[h.Verdict][1], h.Why, h.Sent}
	if h.Entity.ID != "" {
		out.Entity = &entity{h.Entity.Kind, h.Entity.ID}
	}
	return out
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/bus/embedded"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/screen"
)

// demoAddress is where the demo listens unless told otherwise: where everything that speaks NATS looks first.
const demoAddress = "127.0.0.1:4222"

// demo is the command that plays the demo systems for others.
type demo struct {
	*options
	listen string
}

func newDemo(o *options) *cobra.Command {
	c := &demo{options: o}
	cmd := &cobra.Command{
		Use:   "demo [BUS]",
		Short: "Play the demo systems, for others to attach to",
		Long: "Play the demo systems, for others to attach to: on a server of its own that listens on --listen, or on a bus\n" +
			"that is named, by its URL or --context. It prints the URL to attach to, and goes on until it is ended.",
		Example: "signalbox demo --listen 127.0.0.1:0",
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.run(cmd.Context(), args, cmd.Flags().Changed("listen"))
		},
	}
	cmd.Flags().StringVar(&c.listen, "listen", demoAddress, "the address to listen on; port 0 takes a free one")
	return cmd
}

func (c *demo) run(ctx context.Context, args []string, listens bool) error {
	at, rest, err := c.where(args)
	switch {
	case err != nil:
		return err
	case len(rest) > 0:
		return brokers.NoURL(rest[0])
	case !at.Embedded() && listens:
		return errors.New("--listen is for a server of the demo's own: leave it out, or the bus")
	}
	return c.play(ctx, at)
}

// where is the bus that the arguments name. The environment and the configuration do not say where to play a demo:
// it makes stations, and leaves them.
func (c *demo) where(args []string) (target.Target, []string, error) {
	if !slices.ContainsFunc(args, brokers.IsBus) && !c.names.Context.Given {
		return target.Target{}, args, nil
	}
	return c.names.One(args)
}

// play plays until a signal.
func (c *demo) play(ctx context.Context, at target.Target) error {
	if c.names.Unused != nil && len(c.project.Pulls) > 0 {
		c.names.Unused()
	}
	library, err := c.library()
	if err != nil {
		return err
	}
	b, url, closeBus, err := c.connectOrStart(ctx, at)
	if err != nil {
		return err
	}
	if mark := c.production(b, at); !mark.IsZero() {
		err = fmt.Errorf("%s is marked as production: no demo is played there (%s)", mark.Name, mark.Why)
	} else {
		err = c.mustBeArmed(b, at)
	}
	if err == nil {
		_, err = fmt.Fprintln(c.out, screen.Clean(url))
	}
	if err == nil {
		err = library.Demo(ctx, b)
	}
	if ctx.Err() != nil {
		err = nil // a signal is the usual end of a demo
	}
	return errors.Join(err, closeBus())
}

// connectOrStart is the bus that the demo plays on, and the URL to attach to it.
func (c *demo) connectOrStart(ctx context.Context, at target.Target) (b bus.Bus, url string, closeAll func() error, err error) {
	if !at.Embedded() {
		if b, err = c.connect(ctx, at, c.settings(nil, 0)); err != nil {
			return nil, "", nil, err
		}
		c.guard.OnExit(b.Close)
		return b, b.Info().URL, b.Close, nil
	}
	if err := c.checkListen(); err != nil {
		return nil, "", nil, err
	}
	server, err := embedded.Start(ctx, embedded.Options{Listen: c.listen})
	if err != nil {
		return nil, "", nil, err
	}
	if b, err = server.Connect(ctx, demoName, bus.Settings{}); err != nil {
		return nil, "", nil, errors.Join(err, server.Close())
	}
	c.guard.OnExit(b.Close)
	c.guard.OnExit(server.Close)
	return b, server.URL(), func() error { return errors.Join(b.Close(), server.Close()) }, nil
}

// checkListen reads the address, and warns when others than this machine can reach it.
func (c *demo) checkListen() error {
	host, _, err := net.SplitHostPort(c.listen)
	if err != nil {
		return fmt.Errorf("--listen %q: want HOST:PORT, such as %s", c.listen, demoAddress)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		fmt.Fprintf(c.err, "signalbox: everyone who can reach %s can read this demo and send to it\n", screen.Clean(c.listen))
	}
	return nil
}

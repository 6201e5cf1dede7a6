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
	"signalbox/ui/screen"
)

// demoAddress is where the demo listens unless told otherwise: where everything that speaks NATS looks first.
const demoAddress = "127.0.0.1:4222"

func newDemo(o *options) *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use:   "demo [BUS]",
		Short: "Play the demo systems, for others to attach to",
		Long: "Play the demo systems, for others to attach to: on a server of its own that listens on --listen, or on a bus\n" +
			"that is named, by its URL or --context. It prints the URL to attach to, and goes on until it is ended.",
		Example: "signalbox demo --listen 127.0.0.1:0",
		RunE: func(cmd *cobra.Command, args []string) error {
			at, rest, err := o.demoTarget(args)
			switch {
			case err != nil:
				return err
			case at.production != "":
				return fmt.Errorf("%s is marked as production: no demo is played there", screen.Clean(at.production))
			case len(rest) > 0:
				return fmt.Errorf("%q is not the URL of a bus: want %s", screen.Clean(rest[0]), schemeList())
			case !at.embedded() && cmd.Flags().Changed("listen"):
				return errors.New("--listen is for a server of the demo's own: leave it out, or the bus")
			}
			return o.demo(cmd.Context(), at, listen)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", demoAddress, "the `address` to listen on; port 0 takes a free one")
	return cmd
}

// demoTarget is the bus that the arguments name. The environment and the configuration do not say where to play a demo:
// it makes stations, and leaves them.
func (o *options) demoTarget(args []string) (target, []string, error) {
	if !slices.ContainsFunc(args, looksLikeURL) && !o.context.given {
		return target{}, args, nil
	}
	return o.target(args)
}

// demo plays until a signal.
func (o *options) demo(ctx context.Context, at target, listen string) error {
	library, err := o.library()
	if err != nil {
		return err
	}
	stage, url, closeStage, err := o.demoBus(ctx, at, listen)
	if err != nil {
		return err
	}
	if err = o.mustBeArmed(stage, at); err == nil {
		fmt.Fprintln(o.out, screen.Clean(url))
		err = library.Demo(ctx, stage)
	}
	if ctx.Err() != nil {
		err = nil // a signal is the usual end of a demo
	}
	return errors.Join(err, closeStage())
}

// demoBus is the bus that the demo plays on, and the URL to attach to it.
func (o *options) demoBus(ctx context.Context, at target, listen string) (b bus.Bus, url string, closeAll func() error, err error) {
	if !at.embedded() {
		if b, err = o.connect(ctx, at); err != nil {
			return nil, "", nil, err
		}
		o.leaving.OnExit(b.Close)
		return b, b.Info().URL, b.Close, nil
	}
	if err := o.checkListen(listen); err != nil {
		return nil, "", nil, err
	}
	server, err := embedded.Start(ctx, embedded.Options{Listen: listen})
	if err != nil {
		return nil, "", nil, err
	}
	if b, err = server.Connect(ctx, demoName); err != nil {
		return nil, "", nil, errors.Join(err, server.Close())
	}
	o.leaving.OnExit(b.Close)
	o.leaving.OnExit(server.Close)
	return b, server.URL(), func() error { return errors.Join(b.Close(), server.Close()) }, nil
}

// checkListen reads an address, and warns when others than this machine can reach it.
func (o *options) checkListen(listen string) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("--listen %q: want HOST:PORT, such as %s", listen, demoAddress)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		fmt.Fprintf(o.err, "signalbox: everyone who can reach %s can read this demo and send to it\n", screen.Clean(listen))
	}
	return nil
}

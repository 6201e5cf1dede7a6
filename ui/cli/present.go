package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/scenarios"
	"signalbox/scenarios/script"
	"signalbox/sources"
	"signalbox/ui/cli/internal/notes"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/deck"
	"signalbox/ui/screen"
)

// present is the command that shows a script to an audience.
type present struct {
	run
	notes string // the address on which notes are served; "" for none
}

func newPresent(o *options) *cobra.Command {
	c := &present{run: run{options: o, speed: 1}}
	cmd := &cobra.Command{
		Use:   "present SCRIPT [BUS] [STATION…]",
		Short: "Show a script to an audience, one key a line",
		Long: "Show a script to an audience: large and calm, one key a line. Space shows the next line and does what follows it,\n" +
			"r is back to the start, esc shows the deck and s leads back, q ends. Without a BUS it plays on a broker inside this\n" +
			"process, a new one each time that it begins. With a BUS it makes no station and plays no stand-in unless told, and\n" +
			"takes back what it made. --notes serves what the script notes, and the next line, for another terminal.",
		Example: `signalbox present deliveries/happy-path
signalbox present orders/happy-path nats://127.0.0.1:4222 --make --stand-in order-service --stand-in sales
signalbox present checkout.yaml --notes 127.0.0.1:8080`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.show(cmd.Context(), args) },
	}
	c.addFlag(cmd)
	flags := cmd.Flags()
	flags.Var(&c.speed, "speed", "2 waits half as long; expectations have the time they are given at any speed")
	flags.StringArrayVar(&c.set, "set", nil, "a variable of the script, as name=value (repeatable)")
	flags.BoolVar(&c.make, "make", false, "on a BUS: make the stations that are missing, and remove them at the end")
	flags.StringArrayVar(&c.standIns, "stand-in", nil, "on a BUS: play this service unless it is at work (repeatable)")
	flags.StringVar(&c.notes, "notes", "", "serve notes for another terminal on this address or port of this machine, to be read by curl -N; port 0 takes a free one")
	return cmd
}

func (c *present) show(ctx context.Context, args []string) error {
	at, names, err := c.parts(args)
	if err != nil {
		return err
	}
	p := &presentation{present: c}
	if p.library, err = c.library(); err != nil {
		return err
	}
	if p.script, err = c.oneScript(p.library, names); err != nil {
		return err
	}
	if p.set, err = variables(c.set); err != nil {
		return err
	}
	if p.from, err = c.start(bus.FromNew); err != nil {
		return err
	}
	if c.notes != "" {
		if c.notes, err = c.notesAddress(); err != nil {
			return err
		}
	}
	keys, err := c.keyboard(nil)
	if err != nil {
		return err
	}
	p.targets = append(p.targets, at)
	inner, end := context.WithCancelCause(ctx)
	defer end(nil)
	p.end = end
	s, err := p.open(inner)
	if err != nil {
		return err
	}
	p.session = s
	err = c.allow(inner, c.options, s.buses[0], at, "play "+screen.Clean(p.script.FullName()))
	if err == nil {
		err = c.present(inner, p, deck.Options{Input: keys})
	}
	if ctx.Err() != nil {
		err = nil // a signal closes it as q does
	}
	return p.session.over(err)
}

// oneScript is the script to be shown.
func (c *present) oneScript(library *scenarios.Library, names []string) (*script.Script, error) {
	if len(names) != 1 {
		return nil, fmt.Errorf("present one script: %s are %d", strings.Join(names, ", "), len(names))
	}
	found, err := findScripts(library, names[0])
	if err != nil {
		return nil, err
	}
	if len(found) > 1 {
		var all []string
		for _, s := range found {
			all = append(all, names[0]+"/"+s.Name)
		}
		return nil, fmt.Errorf("%s has %d scripts: present one of them: %s", names[0], len(found), strings.Join(all, ", "))
	}
	for _, name := range c.standIns {
		if err := knowStandIn(library, found, name); err != nil {
			return nil, fmt.Errorf("--stand-in: %w", err)
		}
	}
	return found[0], nil
}

// present shows it until somebody quits.
func (c *present) present(ctx context.Context, p *presentation, opt deck.Options) error {
	s := p.session
	p.engines.now = s.engine
	shown := &deck.Presentation{Script: p.script, Perform: p.perform, Bus: s.buses[0].Info().Name}
	if c.notes != "" {
		server, err := notes.Listen(c.notes)
		if err != nil {
			return err
		}
		defer func() { _ = server.Close() }()
		shown.Notes, shown.NotesAt = server, server.Address()
	}
	opt.Engine, opt.Library, opt.ReadOnly, opt.Present, opt.NoMouse, opt.Leaving = &p.engines, p.library, true, shown, true, c.guard.Begin
	return c.onTerminal(ctx, opt)
}

// notesAddress is where notes are served: on this machine alone, unless another address is told. It warns when others can reach it.
func (c *present) notesAddress() (string, error) {
	host, port, err := net.SplitHostPort(c.notes)
	if err != nil && !strings.Contains(c.notes, ":") {
		host, port, err = "", c.notes, nil
	}
	if _, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil {
		return "", fmt.Errorf("--notes %q: want HOST:PORT, or a port of this machine, such as 127.0.0.1:8080", c.notes)
	}
	if host == "" {
		return net.JoinHostPort("127.0.0.1", port), nil
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		fmt.Fprintf(c.err, "signalbox: everyone who can reach %s can read these notes\n", screen.Clean(c.notes))
	}
	return c.notes, nil
}

// presentation plays one script again and again, in a new session each time, on one goroutine at a time.
type presentation struct {
	*present
	library *scenarios.Library
	script  *script.Script
	set     map[string]string
	from    bus.From
	targets []target.Target
	session *session
	engines engines
	played  bool
	end     context.CancelCauseFunc // of the command
}

// open is a session to play in. When what it runs fails, the command ends.
func (p *presentation) open(ctx context.Context) (*session, error) {
	s, err := p.openWith(ctx, p.library, p.targets, sources.Options{Poll: runPoll})
	if err != nil {
		return nil, err
	}
	goroutine.AfterFunc(s.life, "what ends the command early", func() {
		if why := context.Cause(s.life); !errors.Is(why, context.Canceled) {
			p.end(why)
		}
	})
	if p.targets[0].Embedded() || len(p.targets[0].Stations) > 0 {
		if err := s.attach(ctx, p.from); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	return s, nil
}

// anew opens another session, where there is no BUS with another broker, and ends the one before.
func (p *presentation) anew(ctx context.Context) error {
	s, err := p.open(ctx)
	if err != nil {
		return fmt.Errorf("beginning anew: %w", err)
	}
	before := p.session
	p.session = s
	p.engines.replace(s.engine)
	return before.close()
}

// perform plays it once, each time in a session of its own: nothing of the time before is left in it.
func (p *presentation) perform(ctx context.Context, control *script.Control, audience script.Audience, report func(script.Progress)) (script.Result, error) {
	own := p.targets[0].Embedded()
	if p.played {
		if err := p.anew(ctx); err != nil {
			return script.Result{Script: p.script.FullName()}, err
		}
	}
	p.played = true
	control.SetSpeed(float64(p.speed))
	stage := scenarios.Stage{Engine: p.session.engine, Bus: p.session.buses[0], Library: p.library, Control: control, Audience: audience, Set: p.set,
		Own: own, Finds: own, Make: p.make, StandIns: p.standIns, From: p.from}
	return stage.Run(ctx, p.script, report)
}

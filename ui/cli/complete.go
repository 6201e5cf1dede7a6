package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/scenarios"
	"signalbox/scenarios/file"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/screen"
)

// patience is how long a bus is asked what it has while somebody waits for a completion. Where it does not answer in time
// there is none.
var patience = time.Second

// errUntrusted keeps what is not trusted from completing anything: nothing is asked for while somebody types.
var errUntrusted = errors.New("not trusted")

// completer finds what may come next on a command line. It says nothing of what goes wrong: there is then no completion.
type completer struct{ *options }

// candidates finds what may stand after arguments.
type candidates func(ctx context.Context, args []string) []string

// completes gives the commands and flags what can complete them.
func (o *options) completes(root *cobra.Command) {
	c := completer{o}
	for name, find := range map[string]candidates{
		"signalbox": c.busOrStation, "tail": c.busOrStation, "doctor": c.busOrStation, "consumers": c.busOrStation,
		"stations": c.bus, "demo": c.bus, "send": c.busOrStation, "record": c.busOrStation, "export": c.busOrStation, "script": c.busOrStation, "count": c.busOrStation,
		"state": c.state, "bisect": c.state, "diff": c.state, "flow": c.state, "inject": c.inject,
	} {
		command := root
		if name != root.Name() {
			command, _, _ = root.Find([]string{name})
		}
		command.ValidArgsFunction = c.with(find, cobra.ShellCompDirectiveNoFileComp)
	}
	for name, find := range map[string]candidates{"run": c.run} { // a file, too
		command, _, _ := root.Find([]string{name})
		command.ValidArgsFunction = c.with(find, cobra.ShellCompDirectiveDefault)
	}
	yaml := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
	}
	if check, _, err := root.Find([]string{"check"}); err == nil {
		check.ValidArgsFunction = yaml
	}
	root.InitDefaultCompletionCmd()
	if shells, _, err := root.Find([]string{"completion"}); err == nil {
		shells.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() } // else an unknown shell would get it, too, and 0
	}
	for name, flags := range flagWords {
		command, _, _ := root.Find([]string{name})
		for flag, values := range flags {
			_ = command.RegisterFlagCompletionFunc(flag, c.with(words(values...), cobra.ShellCompDirectiveNoFileComp)) // the flag is there
		}
	}
	complete := func(flag string, find cobra.CompletionFunc) { _ = root.RegisterFlagCompletionFunc(flag, find) } // the flag is there
	complete("domain", yaml)
	complete("context", c.with(c.contexts, cobra.ShellCompDirectiveNoFileComp))
	complete("memory", c.with(words("64MiB", "256MiB", "1GiB"), cobra.ShellCompDirectiveNoFileComp))
	complete("part", c.with(words("14:03..14:05:30", "14:03..", "..14:05"), cobra.ShellCompDirectiveNoFileComp))
	complete("from", c.with(words("new\twhat is sent from now on", "all\tall that is kept", "last:10\tthe last so many",
		"since:5m\twhat is younger", "seq:1\tfrom a sequence", "seq:0:1\tfrom an offset of a partition", "id:0-1\tfrom an entry of a Redis stream"),
		cobra.ShellCompDirectiveNoFileComp))
}

// flagWords are what flags of commands may begin with. None of them is a file, which a shell would complete otherwise.
var flagWords = map[string]map[string][]string{
	"tail":   {"where": eventWords, "until": eventWords, "count": nil},
	"count":  {"where": eventWords, "by": {"type", "station", "status", "kind", "subject", "bus"}, "of": measureWords, "every": {"10s", "1m", "1h"}},
	"state":  {"where": {"kind:", "id:", "status:", "age > 5m", "idle > 5m"}, "at": nil, "without": nil},
	"send":   {"subject": nil, "header": nil, "id": nil},
	"inject": {"set": {"base=http://127.0.0.1:8000"}},
	"run":    {"speed": {"0.5", "2", "10"}, "set": nil},
}

var (
	eventWords   = []string{"type:", "station:", "entity:", "subject:", "status:rejected", "status:failed", "status:undecodable", "age < 5m"}
	measureWords = []string{"count", "rate", "sum(data.", "mean(data.", "min(data.", "max(data.", "p50(data.", "p95(data.", "p99(data.", "distinct(data."}
)

// words are always the same.
func words(all ...string) candidates {
	return func(context.Context, []string) []string { return all }
}

// with reads the configuration, which only commands that run do by themselves, and keeps what begins as the word does.
func (c completer) with(find candidates, directive cobra.ShellCompDirective) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
		c.names.Context.Given = cmd.Flags().Changed("context")
		_ = c.readConfigurations(cmd.Context()) // what cannot be read, or is not trusted, completes nothing
		c.names.Ask, c.names.Unused = func() error { return errUntrusted }, nil
		ctx, cancel := context.WithTimeout(cmd.Context(), patience)
		defer cancel()
		var all []string
		for _, found := range find(ctx, args) {
			if strings.HasPrefix(found, word) {
				all = append(all, found)
			}
		}
		if len(all) > 0 && !slices.ContainsFunc(all, func(s string) bool { return !unfinished(s) }) {
			return all, directive | cobra.ShellCompDirectiveNoSpace
		}
		return all, directive
	}
}

// unfinished tells whether something has to follow without a blank.
func unfinished(s string) bool {
	return strings.HasSuffix(s, "=") || strings.HasSuffix(s, "://") || strings.HasSuffix(s, ":") || strings.HasSuffix(s, "(data.")
}

// buses are URLs to begin with: local servers, and the beginnings of all others.
func buses() []string {
	all := []string{"nats://127.0.0.1:4222", "redis://127.0.0.1:6379"}
	for _, b := range brokers.Table {
		for _, scheme := range b.Schemes {
			all = append(all, scheme+"://")
		}
	}
	return all
}

// bus completes the URL of a bus, where none is named yet.
func (c completer) bus(_ context.Context, args []string) []string {
	if slices.ContainsFunc(args, brokers.IsBus) || c.names.Context.Given {
		return nil
	}
	return buses()
}

// busOrStation completes the stations of the bus that was named last, or the URL of one.
func (c completer) busOrStation(ctx context.Context, args []string) []string {
	targets, err := c.names.All(args)
	if err != nil || len(targets) == 0 {
		return nil
	}
	return append(c.stations(ctx, targets[len(targets)-1]), c.bus(ctx, args)...)
}

// stations asks a bus what it has, and gives up in time; of the demo it is known.
func (c completer) stations(ctx context.Context, t target.Target) []string {
	if t.Embedded() {
		return c.knows().StationNames()
	}
	answer := make(chan []string, 1)
	goroutine.Go("what completes names", func() { answer <- ask(ctx, t) }) // connecting may take longer; the process ends before
	select {
	case names := <-answer:
		return names
	case <-ctx.Done():
		return nil
	}
}

// ask lists the stations of a bus.
func ask(ctx context.Context, t target.Target) []string {
	var names []string
	b, err := t.Connect(ctx, bus.Settings{})
	if err != nil {
		return nil
	}
	defer func() { _ = b.Close() }()
	found, _ := b.Stations(ctx)
	for _, s := range found {
		if name := screen.Clean(s.Name); name == s.Name { // what a terminal cannot show cannot be typed there either
			names = append(names, name)
		}
	}
	return names
}

// state completes the kinds of entities, too.
func (c completer) state(ctx context.Context, args []string) []string {
	return append(c.knows().Kinds(), c.busOrStation(ctx, args)...)
}

// inject completes the name of a command, and then its fields.
func (c completer) inject(ctx context.Context, args []string) []string {
	library := c.knows()
	for _, arg := range args {
		if command, err := library.Command(arg); err == nil {
			var fields []string
			for _, f := range command.Fields {
				if !slices.ContainsFunc(args, func(given string) bool { return strings.HasPrefix(given, f.Name+"=") }) {
					fields = append(fields, f.Name+"="+fixed(f.Default))
				}
			}
			return fields
		}
	}
	var all []string
	for _, command := range library.Commands() {
		all = append(all, command.FullName()+"\t"+command.Title)
	}
	return append(all, c.bus(ctx, args)...)
}

// fixed is a default that is the same each time, or nothing.
func fixed(template string) string {
	if strings.ContainsAny(template, "{} ") {
		return ""
	}
	return template
}

// run completes the name of a script.
func (c completer) run(ctx context.Context, args []string) []string {
	var all []string
	if len(args) == 0 || len(args) == 1 && brokers.IsBus(args[0]) {
		for _, s := range c.knows().Scripts() {
			all = append(all, s.FullName()+"\t"+s.About)
		}
	}
	return append(all, c.bus(ctx, args)...)
}

// contexts completes the name of a context.
func (c completer) contexts(context.Context, []string) []string {
	return c.names.Contexts()
}

// knows is the domains, those of the user's files as far as they can be read.
func (c completer) knows() *scenarios.Library {
	library := scenarios.Builtin()
	_ = c.addPulled(library, c.names.Untrusted == nil)
	for _, name := range c.domains {
		if text, err := file.Read(name); err == nil {
			_ = library.Add(name, text) // else it completes nothing
		}
	}
	return library
}

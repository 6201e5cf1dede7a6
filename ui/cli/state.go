package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"signalbox/scenarios/cohort"
	"signalbox/scenarios/filter"
	"signalbox/scenarios/nearest"
	"signalbox/sources"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/flagvalue"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// state is the command that prints what is true of entities.
type state struct {
	*options
	at      uint64
	where   string
	sort    string
	columns string
	cohort  string
	history bool
	without string
	with    string
	checks  bool
	drifts  bool
	json    bool
}

func newState(o *options) *cobra.Command {
	c := &state{options: o}
	cmd := &cobra.Command{
		Use:   "state [BUS] [STATION…] KIND[/ID]",
		Short: "Print the state of entities, folded from their events",
		Long: "Print the state of entities, folded from their events. It reads what the bus can replay, answers and ends.\n" +
			"It ends with code 1 when there is no such entity, or it has no such version.\n\n" +
			"With --check it prints the events that violated what a domain says is to hold always, and ends with code 1 if there\n" +
			"are any; without KIND it checks all domains.\n\n" +
			"With --drift it compares the entities with the copies that their application keeps, where a domain says so below\n" +
			"truth, prints what differs and ends with code 1 if anything does. What differs is looked at again after a while.\n\n" +
			"With --without and --with it prints what would be true if other events had come, beside what is, and where the two\n" +
			"part. Nothing is sent. A line of FILE is an event as tail --json writes it; {\"repeat\": 3} is the event that made\n" +
			"version 3 again, changed by what else the line says: data, payload, subject, headers, time. \"after\": 2 places it\n" +
			"after version 2 (0: before all), else it comes at the end.",
		Example: `signalbox state nats://127.0.0.1:4222 delivery --where 'status:active'
signalbox state nats://127.0.0.1:4222 delivery --where 'state.budget < 0' --sort -budget --columns budget
signalbox state nats://127.0.0.1:4222 delivery/01HX7Q --at 3 --history
signalbox state nats://127.0.0.1:4222 delivery/01HX7Q --without 3,5`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.lines.addTo(cmd)
	flags := cmd.Flags()
	flags.Var((*flagvalue.Number)(&c.at), "at", "the state at this version")
	flags.StringVar(&c.where, "where", "", "only entities that match this filter")
	flags.StringVar(&c.sort, "sort", "", "by this field, or id, status, version, rejected; with a minus before it the largest first")
	flags.StringVar(&c.columns, "columns", "", "only these fields, with commas between them, a column each")
	flags.StringVar(&c.cohort, "cohort", "", "the entities of a cohort that was saved by this name in the deck, instead of KIND")
	flags.BoolVar(&c.history, "history", false, "with each event that made it so, refused ones too")
	flags.StringVar(&c.without, "without", "", "what if the events that made these versions had not come: 3,5 or 3-7")
	flags.StringVar(&c.with, "with", "", "what if the events of this file had come, a line of JSON each; - is standard input")
	flags.BoolVar(&c.checks, "check", false, "print what violated the invariants of domains instead, and end with code 1 if anything did")
	flags.BoolVar(&c.drifts, "drift", false, "print what differs from the copies that applications keep instead, and end with code 1 if anything does")
	flags.BoolVar(&c.json, "json", false, "print each entity as one line of JSON")
	return cmd
}

func (c *state) run(ctx context.Context, args []string) error {
	if c.checks && (c.at > 0 || c.history || c.where != "") {
		return errors.New("--check is about all events: it goes with none of --at, --history and --where")
	}
	if c.drifts && (c.checks || c.at > 0 || c.history || c.where != "") {
		return errors.New("--drift is about entities as they are: it goes with none of --check, --at, --history and --where")
	}
	if c.lists() && (c.checks || c.drifts || c.at > 0 || c.history || c.without != "" || c.with != "") {
		return errors.New("--sort, --columns and --cohort are about a list of entities: they go with --where and --json alone")
	}
	if c.columns != "" && c.json {
		return errors.New("--columns is about the table: --json prints all of each entity")
	}
	if c.cohort != "" {
		return c.list(ctx, args, "")
	}
	if c.drifts && (len(args) == 0 || isBus(args[len(args)-1])) {
		return c.drift(ctx, args, sources.Entity{})
	}
	if c.checks && (len(args) == 0 || isBus(args[len(args)-1])) {
		return c.check(ctx, args, sources.Entity{})
	}
	if len(args) == 0 || isBus(args[len(args)-1]) {
		return errors.New("state of what? want KIND or KIND/ID, such as delivery or delivery/01HX7Q")
	}
	kind, id, single := strings.Cut(args[len(args)-1], "/")
	if err := cmp.Or(brokers.Mistake(args[len(args)-1], true), brokers.Mistake(kind, false)); err != nil {
		return err
	}
	if imagines := c.without != "" || c.with != ""; imagines && (c.at > 0 || c.checks || c.where != "") {
		return errors.New("--without and --with are about the newest state of one entity: they go with none of --at, --where and --check")
	} else if !single && (c.at > 0 || c.history || imagines) {
		return errors.New("--at, --history, --without and --with are about one entity: want KIND/ID")
	}
	if c.checks {
		return c.check(ctx, args[:len(args)-1], sources.Entity{Kind: kind, ID: id})
	}
	if c.drifts {
		return c.drift(ctx, args[:len(args)-1], sources.Entity{Kind: kind, ID: id})
	}
	if !single {
		return c.list(ctx, args[:len(args)-1], kind)
	}
	if c.lists() {
		return errors.New("--sort and --columns are about a list of entities: want KIND")
	}
	if _, err := wanted("--where", filter.ParseEntities, c.where, filter.EntityNames()); err != nil {
		return err
	}
	r, err := c.replay(ctx, args[:len(args)-1], nil, sources.Options{})
	if err != nil {
		return err
	}
	return r.answer(ctx, func(ctx context.Context, s *session) error { return c.one(ctx, s, sources.Entity{Kind: kind, ID: id}) })
}

// lists tells whether something is asked for that only lists have.
func (c *state) lists() bool { return c.sort != "" || c.columns != "" || c.cohort != "" }

// list prints the entities of a kind, or of a cohort where that is "".
func (c *state) list(ctx context.Context, args []string, kind string) error {
	list, err := c.listed(kind)
	if err != nil {
		return err
	}
	r, err := c.replay(ctx, args, nil, sources.Options{})
	if err != nil {
		return err
	}
	return r.answer(ctx, func(ctx context.Context, s *session) error { return c.all(ctx, s, list) })
}

func (c *state) one(ctx context.Context, s *session, entity sources.Entity) error {
	if c.without != "" || c.with != "" {
		return c.whatIf(ctx, s, entity)
	}
	detail, err := s.engine.Entity(ctx, entity, c.at)
	switch {
	case err != nil:
		return fmt.Errorf("asking for %s: %w", entity, err)
	case detail == nil:
		return failf("no %s: %s", entity, whatWasRead(ctx, s, entity.Kind))
	case c.at > detail.Newest:
		return failf("%s has no version %d: its newest is %d", entity, c.at, detail.Newest)
	case c.json:
		return output.WriteJSON(c.out, output.EntityDetailJSON(detail, c.history))
	}
	return output.ShowEntity(c.out, detail, c.history)
}

func (c *state) all(ctx context.Context, s *session, list *cohort.Cohort) error {
	kind := list.Kind
	rows, err := s.engine.Entities(ctx, kind, list.Filter)
	if err != nil {
		return fmt.Errorf("asking for each %s: %w", kind, err)
	}
	if err := c.tellMissingOf(ctx, s, kind, rows, c.where); err != nil {
		return err
	}
	switch {
	case len(rows) == 0 && (c.where != "" || c.cohort != ""):
		return failf("no %s that the filter wants: %s", kind, whatWasRead(ctx, s, kind))
	case len(rows) == 0:
		return failf("no %s: %s", kind, whatWasRead(ctx, s, kind))
	}
	return c.showAll(rows, list)
}

// whatWasRead says what there is instead of an entity that is not there.
func whatWasRead(ctx context.Context, s *session, kind string) string {
	sum, stations, err := s.engine.Ledger(ctx)
	if err != nil {
		return err.Error()
	}
	rows, err := s.engine.Entities(ctx, "", nil)
	if err != nil {
		return err.Error()
	}
	counts := make(map[string]int)
	for _, row := range rows {
		counts[row.Kind]++
	}
	verb := "were"
	if sum.Received == 1 {
		verb = "was"
	}
	read := fmt.Sprintf("%s of %s %s read", screen.Plural(sum.Received, "event"), screen.Plural(uint64(len(stations)), "station"), verb)
	switch {
	case counts[kind] > 0:
		return fmt.Sprintf("%s, with %d of kind %s", read, counts[kind], kind)
	case len(counts) > 0:
		kinds := slices.Sorted(maps.Keys(counts))
		return read + ", with entities of kind " + strings.Join(kinds, ", ") + nearest.Question(kind, kinds)
	}
	return read
}

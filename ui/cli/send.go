package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/bus/disk"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// Bounds: of what is read from standard input to be sent, and of the wait for an answer.
const (
	maxSent       = 64 << 20
	answerTimeout = 5 * time.Second
)

// send is the command that sends one message as it is.
type send struct {
	*options
	confirmation
	subject string
	headers []string
	id      string
	key     string
	request bool
	json    bool
}

func newSend(o *options) *cobra.Command {
	c := &send{options: o}
	cmd := &cobra.Command{
		Use:   "send STATION DATA|- [BUS]",
		Short: "Send one message as it is, and say what became of it",
		Long: "Send one message as it is, and say what became of it: where it was stored, or that it was a duplicate, or who\n" +
			"received it. STATION is a subject, stream, channel or bucket, named as for reading; DATA that is - is read from\n" +
			"standard input. Sending is allowed on this machine only, unless --write is given. It ends with code 1 when nothing\n" +
			"keeps the message and nobody received it.",
		Example: `signalbox send nats://127.0.0.1:4222 deliveries.d1 '{"type":"START_DELIVERY","delivery_id":"d1"}' --id s-1
signalbox send nats://127.0.0.1:4222 deliveries-state --subject 01HX7Q - <state.json
signalbox send nats://127.0.0.1:4222 orders.new '{}' --header Nats-Expected-Last-Sequence=41
signalbox send redis://127.0.0.1:6379 stream:orders '{"type":"OrderPaid","order_id":"8"}'`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.addFlag(cmd)
	flags := cmd.Flags()
	flags.StringVar(&c.subject, "subject", "", "the exact subject, or the key in a bucket, where the station leaves it open")
	flags.StringArrayVar(&c.headers, "header", nil, "a header, as name=value (repeatable)")
	flags.StringVar(&c.id, "id", "", "an id by which the broker knows a duplicate, where it does")
	flags.StringVar(&c.key, "key", "", "a key that says which partition of a station of Memphis it comes to; else each in turn")
	flags.BoolVar(&c.request, "request", false, "wait for an answer, and print it")
	flags.BoolVar(&c.json, "json", false, "print what the broker said, or the answer, as one line of JSON")
	return cmd
}

func (c *send) run(ctx context.Context, args []string) error {
	at, args, err := c.parts(args)
	if err != nil {
		return err
	}
	out := bus.Outgoing{Station: args[0], Subject: c.subject, ID: c.id, Key: c.key}
	if out.Headers, err = headerValues(c.headers); err != nil {
		return err
	}
	if out.Data, err = c.data(ctx, args[1]); err != nil {
		return err
	}
	s, err := c.open(ctx, []target.Target{at}, nil)
	if err != nil {
		return err
	}
	ctx, stop := s.within(ctx)
	defer stop()
	return s.over(c.send(ctx, s, out))
}

// parts takes the bus from the arguments, which stands first or last; the data may look like a URL, too.
func (c *send) parts(args []string) (target.Target, []string, error) {
	var named []string
	switch {
	case len(args) < 2:
		return target.Target{}, nil, errors.New("send what? want STATION and DATA, such as deliveries.01HX7Q '{\"n\":1}'")
	case len(args) > 3:
		return target.Target{}, nil, fmt.Errorf("%q is one too many: want BUS, STATION and DATA; data with blanks in it stands in quotes",
			screen.Clean(args[3]))
	}
	if len(args) == 3 {
		if err := brokers.Mistake(args[0], brokers.IsBus(args[2])); err != nil {
			return target.Target{}, nil, err
		}
		named, args = args[:1], args[1:]
		if !brokers.IsBus(named[0]) {
			named, args = args[1:], []string{named[0], args[0]}
		}
	}
	at, rest, err := c.names.One(named)
	switch {
	case err != nil:
		return at, nil, err
	case len(rest) > 0:
		return at, nil, brokers.NoURL(rest[0])
	case brokers.IsBus(args[0]):
		return at, nil, errors.New("send what? want STATION and DATA besides the bus")
	}
	if err := brokers.Mistake(args[0], len(named) > 0); err != nil {
		return at, nil, err
	}
	return at, args, nil
}

// headerValues reads name=value arguments.
func headerValues(pairs []string) (bus.Headers, error) {
	headers := make(bus.Headers, 0, len(pairs))
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--header %q: want name=value", pair)
		}
		headers = append(headers, bus.Header{Name: name, Value: value})
	}
	return headers, nil
}

// data is what the argument says, or standard input holds.
func (c *send) data(ctx context.Context, arg string) ([]byte, error) {
	if arg != "-" {
		return []byte(arg), nil
	}
	data, err := typed(ctx, func() ([]byte, error) { return disk.ReadAll(c.in, maxSent) })
	if err != nil {
		return nil, fmt.Errorf("reading what to send: %w", err)
	}
	return data, nil
}

func (c *send) send(ctx context.Context, s *session, out bus.Outgoing) error {
	b := s.buses[0]
	if err := c.allow(ctx, c.options, b, s.targets[0], "send to "+cmp.Or(out.Subject, out.Station)); err != nil {
		return err
	}
	if err := s.startDemo(ctx); err != nil {
		return err
	}
	err := s.checkNamed(ctx, b, []string{out.Station}, false)
	if err != nil {
		return err
	}
	if out.Kind, err = c.kind(ctx, b, out); err != nil {
		return err
	}
	if c.request {
		return c.ask(ctx, b, out)
	}
	receipt, err := bus.Publish(ctx, b, out)
	if err != nil {
		return c.refused(out, err)
	}
	if c.json {
		err = output.WriteJSON(c.out, output.ReceiptJSON(receipt))
	} else if !receipt.Lost() {
		_, err = fmt.Fprintln(c.out, screen.Clean(receipt.Text))
	}
	return cmp.Or(err, lost(receipt))
}

// lost is the receipt of a message that nothing stored and nobody received, as an error.
func lost(r bus.Receipt) error {
	if !r.Lost() {
		return nil
	}
	return failf("%s", screen.Clean(r.Text))
}

// refused says why nothing was sent, and how to say the subject where it is that.
func (c *send) refused(out bus.Outgoing, err error) error {
	var wrong *bus.SubjectError
	switch {
	case !errors.As(err, &wrong):
	case out.Station == "":
		return fmt.Errorf("nothing was sent: %w", wrong)
	case wrong.Suggest != "" && c.subject == "":
		return fmt.Errorf("sending to %s: %w (--subject %s)", out.Station, wrong, wrong.Suggest)
	default:
		return fmt.Errorf("sending to %s: %w", out.Station, wrong)
	}
	return busError{fmt.Errorf("sending to %s: %w", out.Station, err)}
}

// kind tells whether a subject that was given is a key: in all other stations it says all by itself, and those that have
// a single one take no other.
func (c *send) kind(ctx context.Context, b bus.Bus, out bus.Outgoing) (bus.Kind, error) {
	if out.Subject == "" {
		return "", nil
	}
	stations, err := b.Stations(ctx, out.Station)
	if err != nil {
		return "", busError{fmt.Errorf("sending to %s: %w", out.Station, err)}
	}
	if len(stations) != 1 {
		return "", nil
	}
	switch s := &stations[0]; {
	case s.Keyed:
		return s.Kind, nil
	case s.Separators == "" && len(s.Subjects) == 1 && s.Subjects[0] != out.Subject:
		return "", &bus.SubjectError{Text: fmt.Sprintf("sending to %s: all of it comes on the subject %s, and none on %s; nothing was sent",
			s.Name, s.Subjects[0], out.Subject)}
	}
	return "", nil
}

// ask sends a request and prints its answer: the data on standard output, all else besides.
func (c *send) ask(ctx context.Context, b bus.Bus, out bus.Outgoing) error {
	requester, ok := bus.As[bus.Requester](b)
	if !ok {
		return fmt.Errorf("--request: nobody answers on %s: it has no requests", b.Info().Name)
	}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	answer, took, err := requester.Request(ctx, out)
	switch {
	case errors.Is(err, bus.ErrMissing):
		return failf("%v", err)
	case errors.Is(err, context.DeadlineExceeded):
		return failf("no answer within %s", answerTimeout)
	case err != nil:
		return c.refused(out, err)
	case c.json:
		return output.WriteJSON(c.out, output.AnswerJSON(answer, took))
	}
	c.warn("answered in " + took.Round(time.Microsecond).String())
	for _, h := range answer.Headers {
		c.warn(h.Name + ": " + h.Value)
	}
	_, err = fmt.Fprintln(c.out, screen.Clean(string(answer.Data)))
	return err
}

package cli

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/sources"
)

// A trend takes several looks at a consumer; this many are waited for, so far apart.
const (
	consumerLooks = 4
	consumerPoll  = 150 * time.Millisecond
)

func newConsumers(o *options) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "consumers [BUS…]",
		Short: "List who reads, how far behind they are, and what is wrong with them",
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.list(cmd.Context(), args, func(ctx context.Context, s *session) error {
				return o.consumers(ctx, s, asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print each consumer as one line of JSON")
	return cmd
}

func (o *options) consumers(ctx context.Context, s *session, asJSON bool) error {
	rows, err := o.watchConsumers(ctx, s)
	if err != nil {
		return err
	}
	t := newTable(o.out, "STATION", "CONSUMER", "KIND", "LAG", "UNACKED", "REDELIVERED", "WAITING", "DIAGNOSIS")
	for _, c := range rows {
		if asJSON {
			if err := writeJSON(o.out, consumerJSON(c)); err != nil {
				return err
			}
			continue
		}
		t.row(c.Station, c.Name, c.Kind, count(c.Lag), count(c.Unacked), count(c.Redelivered), count(c.Waiting), c.Diagnosis.Text)
	}
	if asJSON {
		return nil
	}
	return t.flush()
}

// watchConsumers looks at the consumers of all buses for long enough to know how they are getting on.
func (o *options) watchConsumers(ctx context.Context, s *session) ([]sources.ConsumerRow, error) {
	found := 0
	for _, b := range s.buses {
		lister, ok := b.(bus.ConsumerLister)
		if !ok {
			continue // nobody reads in a way that such a broker could list
		}
		consumers, err := lister.Consumers(ctx)
		if err := o.partial(len(consumers), "listing the consumers of "+b.Info().Name, err); err != nil {
			return nil, err
		}
		found += len(consumers)
	}
	if found == 0 {
		return nil, nil
	}
	if err := s.attach(ctx, bus.From{Start: bus.FromNew}); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*consumerLooks*consumerPoll)
	defer cancel()
	for {
		rows := s.engine.Snapshot().Consumers
		if len(rows) > 0 && !slices.ContainsFunc(rows, func(c sources.ConsumerRow) bool { return len(c.Lags) < consumerLooks }) {
			return rows, nil
		}
		select {
		case <-s.engine.Changed():
		case <-ctx.Done():
			return rows, context.Cause(s.life) // consumers come and go: what was seen is the answer
		}
	}
}

// consumerLine is a consumer as JSON. Numbers that the broker does not tell are missing.
type consumerLine struct {
	Bus         string            `json:"bus"`
	Station     string            `json:"station"`
	Name        string            `json:"name"`
	Kind        string            `json:"kind"`
	Lag         *int64            `json:"lag,omitempty"`
	LagRate     float64           `json:"lag_rate"` // messages a second; negative when catching up
	Unacked     *int64            `json:"unacked,omitempty"`
	Redelivered *int64            `json:"redelivered,omitempty"`
	Waiting     *int64            `json:"waiting,omitempty"`
	AckLimit    int64             `json:"ack_limit,omitempty"`
	MaxDeliver  int64             `json:"max_deliver,omitempty"`
	Delivered   any               `json:"delivered,omitempty"`
	AckFloor    any               `json:"ack_floor,omitempty"`
	PausedUntil *time.Time        `json:"paused_until,omitempty"`
	LastActive  *time.Time        `json:"last_active,omitempty"`
	Members     []memberLine      `json:"members,omitempty"`
	Pending     []pendingLine     `json:"pending,omitempty"`
	Details     map[string]string `json:"details,omitempty"`
	Diagnosis   string            `json:"diagnosis"`
	Text        string            `json:"text"`
}

type memberLine struct {
	Name    string `json:"name"`
	Pending int64  `json:"pending"`
	Idle    string `json:"idle"`
}

type pendingLine struct {
	Position   any    `json:"position"`
	Member     string `json:"member,omitempty"`
	Age        string `json:"age"`
	Deliveries int64  `json:"deliveries"`
}

func consumerJSON(c sources.ConsumerRow) consumerLine {
	kind := bus.Stream
	if c.Kind == "group" {
		kind = bus.Log
	}
	line := consumerLine{
		Bus: c.Bus, Station: c.Station, Name: c.Name, Kind: c.Kind,
		Lag: known(c.Lag), LagRate: c.LagRate, Unacked: known(c.Unacked), Redelivered: known(c.Redelivered), Waiting: known(c.Waiting),
		AckLimit: c.AckLimit, MaxDeliver: c.MaxDeliver,
		Delivered: positionJSON(kind, c.Delivered), AckFloor: positionJSON(kind, c.AckFloor),
		PausedUntil: moment(c.PausedUntil), LastActive: moment(c.LastActive),
		Details: detailsJSON(c.Details), Diagnosis: c.Diagnosis.Word, Text: c.Diagnosis.Text,
	}
	for _, m := range c.Members {
		line.Members = append(line.Members, memberLine{m.Name, m.Pending, m.Idle.String()})
	}
	for _, p := range c.Pending {
		line.Pending = append(line.Pending, pendingLine{positionJSON(kind, p.Position), p.Member, p.Age.String(), p.Deliveries})
	}
	return line
}

func known(n int64) *int64 {
	if n < 0 {
		return nil
	}
	return &n
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

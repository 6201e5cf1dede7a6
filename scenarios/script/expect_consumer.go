package script

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/scope"
	"signalbox/scenarios/values"
)

// expectConsumer waits until a consumer is as it should be.
type expectConsumer struct {
	name   values.Value
	that   values.Condition
	within time.Duration
}

func (r *Reader) expectConsumer(s ExpectSection, within time.Duration) (action, string, error) {
	name, wrong := r.Names.Value(s.Consumer)
	that, err := r.Names.And(scope.ConsumerParts...).Condition(s.That)
	return &expectConsumer{name, that, within}, fmt.Sprintf("consumer %s: %s", name.Written, that), errors.Join(wrong, err)
}

func (x *expectConsumer) perform(ctx context.Context, p *Run) (string, error) {
	lister, ok := bus.As[bus.ConsumerLister](p.bus)
	if !ok {
		return "", fmt.Errorf("%s does not tell who reads it", p.bus.Info().Name)
	}
	name, err := x.name.Fill(p.names, p.random)
	if err != nil {
		return "", err
	}
	last, err := poll(ctx, x.within, func(ctx context.Context) seen {
		list, err := lister.Consumers(ctx)
		now := x.look(list, name, p.names)
		if err != nil && !now.met {
			now.text, now.blind = fmt.Sprintf("%s (%v)", now.text, err), len(list) == 0
		}
		return now
	})
	return outcome(last, err, fmt.Sprintf("%s of consumer %s within %s", x.that, name, x.within))
}

// look tells whether a consumer of the list is as it should be, and what those of that name are.
func (x *expectConsumer) look(list []bus.Consumer, name string, names map[string]any) seen {
	var found []string
	for _, c := range list {
		if c.Name != name {
			continue
		}
		found = append(found, figures(&c))
		if ok, err := x.that.Holds(names, scope.ConsumerNames(c)); ok && err == nil {
			return seen{text: found[len(found)-1], met: true}
		}
	}
	if len(found) == 0 {
		return seen{text: "no consumer of that name"}
	}
	return seen{text: strings.Join(found, "; ")}
}

// figures says how a consumer is, as far as its broker tells.
func figures(c *bus.Consumer) string {
	text := "station=" + c.Station
	for _, figure := range []struct {
		name  string
		value int64
	}{{"lag", c.Lag}, {"unacked", c.Unacked}, {"redelivered", c.Redelivered}, {"waiting", c.Waiting}} {
		if figure.value >= 0 {
			text += fmt.Sprintf(" %s=%d", figure.name, figure.value)
		}
	}
	return text
}

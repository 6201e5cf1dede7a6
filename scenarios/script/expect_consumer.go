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

// expectConsumer waits until a consumer is as it should be. Brokers do not tell when one changes, so it is asked for
// again and again.
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
	limited, cancel := context.WithTimeout(ctx, x.within)
	defer cancel()
	var found string
	for pause := 20 * time.Millisecond; ; pause = min(2*pause, 500*time.Millisecond) {
		list, answered, err := x.ask(ctx, limited, lister, found == "")
		if answered {
			var ok bool
			if found, ok = x.look(list, name, p.names); ok {
				return found, nil
			}
			if err != nil {
				found += fmt.Sprintf(" (%v)", err)
			}
		}
		select {
		case <-time.After(pause):
			continue
		case <-limited.Done():
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", &Failure{Expected: fmt.Sprintf("%s of consumer %s within %s", x.that, name, x.within), Found: found}
	}
}

// firstAnswer is how long the first answer may take, however soon the consumer is to be so: else nothing could be said of it.
const firstAnswer = 5 * time.Second

// ask asks who reads, and tells whether that was answered in time.
func (x *expectConsumer) ask(ctx, limited context.Context, lister bus.ConsumerLister, first bool) (list []bus.Consumer, answered bool, err error) {
	if !first || x.within >= firstAnswer {
		list, err = lister.Consumers(limited)
		return list, limited.Err() == nil, err
	}
	patient, cancel := context.WithTimeout(ctx, firstAnswer)
	defer cancel()
	list, err = lister.Consumers(patient)
	return list, patient.Err() == nil, err
}

// look tells whether a consumer of the list is as it should be, and what those of that name are.
func (x *expectConsumer) look(list []bus.Consumer, name string, names map[string]any) (string, bool) {
	var found []string
	for _, c := range list {
		if c.Name != name {
			continue
		}
		found = append(found, figures(&c))
		if ok, err := x.that.Holds(names, scope.ConsumerNames(c)); ok && err == nil {
			return found[len(found)-1], true
		}
	}
	if len(found) == 0 {
		return "no consumer of that name", false
	}
	return strings.Join(found, "; "), false
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

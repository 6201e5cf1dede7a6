package script

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"signalbox/bus"
	"signalbox/scenarios/file"
	"signalbox/scenarios/load"
	"signalbox/scenarios/values"
	"signalbox/sources"
)

// loading takes steps at a rate, and measures what they send.
type loading struct {
	plan       load.Plan
	steps      []Step
	thresholds []load.Threshold
}

// homeTime is how long after the last message those are waited for that have not been seen yet.
const homeTime = 5 * time.Second

// load compiles a repeat with a rate.
func (r *Reader) load(node ast.Node, section *RepeatSection) (action, string, error) {
	x := loading{plan: load.Plan{Most: load.UsualMost}}
	var wrong error
	if r.rated {
		wrong = file.At(section.Rate, "a repeat with a rate cannot stand inside of another")
	}
	var err error
	x.plan.Rate, err = readRate(section.Rate)
	wrong = errors.Join(wrong, err)
	if section.Times != nil {
		wrong = errors.Join(wrong, file.At(section.Times, "times: a rate is held for a time: want for: 30s beside it"))
	}
	if lasts, err := forTime(section.For, node); err != nil {
		wrong = errors.Join(wrong, err)
	} else if x.plan.For = lasts; x.plan.Rate > 0 && x.plan.Iterations() == 0 {
		wrong = errors.Join(wrong, file.At(section.For, "nothing is due within %s at that rate", lasts))
	}
	if most := section.Most; most.Node != nil {
		if x.plan.Most = most.Value; most.Value < 1 || most.Value > load.MaxMost {
			wrong = errors.Join(wrong, file.At(most.Node, "most: want how many may be at work at the same time, 1 to %d", load.MaxMost))
		}
	}
	for _, text := range section.Thresholds {
		t, err := load.ReadThreshold(text)
		wrong = errors.Join(wrong, err)
		x.thresholds = append(x.thresholds, t)
	}
	r.rated = true
	defer func() { r.rated = false }()
	x.steps, err = r.inside("repeat", node, section.Steps, iterationName)
	rate, _ := file.Scalar(section.Rate)
	return x, fmt.Sprintf("repeat %s for %s", rate, x.plan.For), errors.Join(wrong, err)
}

// forTime reads the time for which a rate is held.
func forTime(node, at ast.Node) (time.Duration, error) {
	if node == nil {
		return 0, file.Missing(at, "repeat: a rate wants for, such as 30s")
	}
	lasts, err := values.ReadSpan(node)
	if err == nil && (lasts.Most == 0 || lasts.Least != lasts.Most) {
		err = file.At(node, "for: want one time above 0, such as 30s")
	}
	return lasts.Most, err
}

// readRate reads "5000/s".
func readRate(node ast.Node) (float64, error) {
	text, _ := file.Scalar(node)
	number, unit, _ := strings.Cut(text, "/")
	seconds := map[string]float64{"s": 1, "m": 60, "h": 3600}[strings.TrimSpace(unit)]
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || seconds == 0 || !(n > 0) || n/seconds > load.MaxRate {
		return 0, file.At(node, "rate: %q is none: want 5000/s, or 90/m, up to %d/s", text, load.MaxRate)
	}
	return n / seconds, nil
}

// withoutRate says what makes sense with a rate alone.
func (s *RepeatSection) withoutRate(traffic bool) error {
	var wrong error
	if s.Rate != nil && traffic {
		wrong = file.At(s.Rate, "rate is of a script, not of traffic")
	}
	if s.Most.Node != nil && s.Rate == nil {
		wrong = errors.Join(wrong, file.At(s.Most.Node, "most is for a rate: how many iterations may be at work at the same time"))
	}
	if len(s.Thresholds) > 0 && s.Rate == nil {
		wrong = errors.Join(wrong, file.At(s.Thresholds[0].Node, "thresholds are for a rate"))
	}
	return wrong
}

func (x loading) perform(ctx context.Context, p *Run) (string, error) {
	if p.measured != nil {
		return "", errors.New("a repeat with a rate cannot be taken inside of another: the script that is called has one")
	}
	meter := load.NewMeter(p.Clock)
	stop, err := p.engine.Follow(ctx, p.engine.Last(), func(e *sources.Event) { meter.Saw(e.Station, e.Position, e.Data) })
	if err != nil {
		return "", err
	}
	defer stop()
	err = x.plan.Run(ctx, p.Clock, meter, load.Work{
		Gate:    p.control.gate,
		Told:    func(f load.Figures) { p.tellText(f.Brief()) },
		Prepare: func(n int) func(time.Duration) { return x.iteration(ctx, p.loaded(n), meter) },
	})
	if err != nil {
		return "", err
	}
	if err := home(ctx, p.Clock, meter); err != nil {
		return "", err
	}
	figures := meter.Figures()
	p.news.Load = &figures
	if wrong := figures.Judge(x.thresholds); len(wrong) > 0 {
		return "", unmet(wrong)
	}
	return figures.Lines()[0], nil
}

// loaded is the part of the run that is an iteration of a load: nobody is told of its steps, and it is not paused.
func (p *Run) loaded(n int) *Run {
	c := p.inside(fmt.Sprintf("iteration %d, step", n+1))
	c.names[iterationName] = n + 1
	c.quiet, c.Audience = true, nil
	c.control = NewControl(p.control.Speed())
	return c
}

// iteration is what is done of an iteration on a goroutine of its own.
func (x loading) iteration(ctx context.Context, c *Run, meter *load.Meter) func(late time.Duration) {
	return func(late time.Duration) {
		c.measured = &measured{meter, late}
		if err := c.take(ctx, x.steps); err != nil && ctx.Err() == nil {
			meter.Fail(err.Error())
			return
		}
		meter.Pass()
	}
}

// home waits until what was sent has been seen, but not for long.
func home(ctx context.Context, clock load.Clock, meter *load.Meter) error {
	over, stop := clock.At(clock.Now().Add(homeTime))
	defer stop()
	select {
	case <-meter.Settled():
	case <-over:
	case <-ctx.Done():
		return ctx.Err()
	}
	meter.Conclude()
	return nil
}

// unmet is the failure of a load.
func unmet(wrong []load.Verdict) *Failure {
	var expected, found []string
	for _, v := range wrong {
		expected, found = append(expected, v.Expected), append(found, v.Found)
	}
	return &Failure{Expected: strings.Join(expected, "; "), Found: strings.Join(found, "; ")}
}

// measured is what measures the messages of an iteration.
type measured struct {
	meter *load.Meter
	late  time.Duration
}

// publish sends a message, and measures it where it is one of a load.
func (p *Run) publish(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	if p.measured == nil {
		return p.Publish(ctx, out)
	}
	out.Many = true
	message := p.measured.meter.Sending(out.Data, p.measured.late)
	receipt, err := p.Publish(ctx, out)
	if err != nil {
		message.Refused()
		return receipt, err
	}
	message.Sent(receipt)
	return receipt, nil
}

package script

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"signalbox/bus/goroutine"
	"signalbox/scenarios/file"
	"signalbox/scenarios/values"
)

// iterationName is the number of an iteration, from 1, to the steps of a repeat.
const iterationName = "i"

// RepeatSection is steps that are taken again and again: so many times, for a time, or at a rate for a time.
type RepeatSection struct {
	Times      ast.Node   `yaml:"times"`      // 3, or 2..5
	For        ast.Node   `yaml:"for"`        // 30s, or 10s..20s
	Rate       ast.Node   `yaml:"rate"`       // 5000/s: iterations begin when their time comes, however long the others take
	Most       file.Int   `yaml:"most"`       // with rate: how many may be at work at the same time
	Thresholds file.Texts `yaml:"thresholds"` // with rate: expressions over the figures that are to hold at the end
	Steps      []ast.Node `yaml:"steps"`
}

// repeat takes steps again and again.
type repeat struct {
	least, most int
	lasts       values.Span // else: how long
	steps       []Step
}

func (r *Reader) repeat(w written) (action, string, error) {
	node := w.does.Value
	var section RepeatSection
	wrong := file.Decode(node, &section)
	if section.Rate != nil && !r.Traffic {
		x, text, err := r.load(node, &section)
		return x, text, errors.Join(wrong, err)
	}
	wrong = errors.Join(wrong, section.withoutRate(r.Traffic))
	x, text := repeat{}, "repeat"
	switch {
	case (section.Times != nil) == (section.For != nil):
		wrong = errors.Join(wrong, file.Missing(node, "repeat: want times (3, or 2..5) or for (30s), one of them"))
	case section.Times != nil:
		written, _ := file.Scalar(section.Times)
		var err error
		x.least, x.most, err = readTimes(section.Times, written)
		wrong, text = errors.Join(wrong, err), fmt.Sprintf("repeat %s times", written)
	default:
		var err error
		if x.lasts, err = values.ReadSpan(section.For); err == nil && x.lasts.Most == 0 {
			err = file.At(section.For, "for: want a time above 0, such as 30s")
		}
		wrong, text = errors.Join(wrong, err), fmt.Sprintf("repeat for %s", x.lasts)
	}
	var err error
	x.steps, err = r.inside("repeat", node, section.Steps, iterationName)
	return x, text, errors.Join(wrong, err)
}

func readTimes(node ast.Node, text string) (least, most int, err error) {
	first, second, isRange := strings.Cut(text, "..")
	if !isRange {
		second = first
	}
	least, err = strconv.Atoi(first)
	most, err2 := strconv.Atoi(second)
	if err = cmp.Or(err, err2); err != nil || least < 0 || most < max(least, 1) {
		return 0, 0, file.At(node, "times: %q is no number: want 3, or 2..5", text)
	}
	return least, most, nil
}

func (x repeat) perform(ctx context.Context, p *Run) (string, error) {
	if x.lasts.Most > 0 {
		return x.forTime(ctx, p)
	}
	times := x.least + p.random.IntN(x.most-x.least+1)
	for i := range times {
		if err := x.iteration(ctx, p, i+1); err != nil {
			return "", err
		}
	}
	return took(times), nil
}

// forTime begins no iteration after its time; the one under way then is taken to its end. The time goes with the speed, and one of
// being paused does not count.
func (x repeat) forTime(ctx context.Context, p *Run) (string, error) {
	over := make(chan struct{})
	ctx, stop := context.WithCancel(ctx)
	timer := goroutine.Branches{End: stop}
	defer timer.Wait()
	defer stop()
	lasts := x.lasts.Pick(p.random)
	timer.Go("the time of a repeat", func() {
		defer close(over)
		_ = p.control.Wait(ctx, lasts)
	})
	for i := 1; ; i++ {
		select {
		case <-over:
			return took(i - 1), ctx.Err()
		default:
		}
		if err := x.iteration(ctx, p, i); err != nil {
			return "", err
		}
	}
}

// iteration takes the steps once.
func (x repeat) iteration(ctx context.Context, p *Run, i int) error {
	c := p.inside(fmt.Sprintf("iteration %d, step", i))
	c.names[iterationName] = i
	return c.take(ctx, x.steps)
}

// took says how often the steps were taken.
func took(times int) string {
	if times == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", times)
}

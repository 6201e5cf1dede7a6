package script

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"signalbox/bus"
	"signalbox/scenarios/file"
	"signalbox/scenarios/values"
)

// sometimes takes its step only now and then.
type sometimes struct {
	share  float64
	action action
}

func (x sometimes) perform(ctx context.Context, p *Run) (string, error) {
	if p.random.Float64() >= x.share {
		return "", nil
	}
	return x.action.perform(ctx, p)
}

// repeat takes steps several times.
type repeat struct {
	least, most int
	steps       []Step
}

func (r *Reader) repeat(node ast.Node) (action, error) {
	var section RepeatSection
	wrong := file.Decode(node, &section)
	text, _ := file.Scalar(section.Times)
	first, second, isRange := strings.Cut(text, "..")
	if !isRange {
		second = first
	}
	least, err := strconv.Atoi(first)
	most, err2 := strconv.Atoi(second)
	if err != nil || err2 != nil || least < 0 || most < max(least, 1) {
		wrong = errors.Join(wrong, file.At(node, "times: %q is no number: want 3, or 2..5", text))
	}
	if len(section.Steps) == 0 {
		wrong = errors.Join(wrong, file.Missing(node, "repeat: want steps"))
	}
	outer := r.Names
	defer func() { r.Names = outer }()
	steps, err := r.Steps(section.Steps)
	return repeat{least: least, most: most, steps: steps}, errors.Join(wrong, err)
}

func (x repeat) perform(ctx context.Context, p *Run) (string, error) {
	for range x.least + p.random.IntN(x.most-x.least+1) {
		if err := p.Take(ctx, x.steps, func(Progress) {}); err != nil {
			return "", err
		}
	}
	return "", nil
}

// raw sends a message as it is.
type raw struct {
	station string
	subject values.Value
	headers []fieldPhrase
	data    values.Value
}

func (r *Reader) raw(node ast.Node) (action, error) {
	var section RawSection
	wrong := file.Decode(node, &section)
	if section.Station.Value == "" || section.Data.Node == nil {
		wrong = errors.Join(wrong, file.Missing(node, "want station and data"))
	}
	x := raw{station: section.Station.Value}
	var subjects, bodies error
	x.subject, subjects = r.Names.Template(section.Subject)
	x.data, bodies = r.Names.Template(section.Data)
	for _, h := range section.Headers {
		value, err := r.Names.Template(h.Value)
		wrong = errors.Join(wrong, err)
		x.headers = append(x.headers, fieldPhrase{name: h.Name, value: value})
	}
	return x, errors.Join(wrong, subjects, bodies)
}

func (x raw) perform(ctx context.Context, p *Run) (string, error) {
	data, err := x.data.Text(p.names)
	if err != nil {
		return "", fmt.Errorf("data: %w", err)
	}
	out := bus.Outgoing{Station: x.station, Data: []byte(data)}
	if out.Subject, err = x.subject.Text(p.names); err != nil {
		return "", fmt.Errorf("subject: %w", err)
	}
	for _, h := range x.headers {
		value, err := h.value.Text(p.names)
		if err != nil {
			return "", fmt.Errorf("header %s: %w", h.name, err)
		}
		out.Headers = append(out.Headers, bus.Header{Name: h.name, Value: value})
	}
	receipt, err := p.Publish(ctx, out)
	return receipt.Text, err
}

// RepeatSection is steps that are taken several times.
type RepeatSection struct {
	Times ast.Node   `yaml:"times"` // 3, or 2..5
	Steps []ast.Node `yaml:"steps"`
}

// RawSection is a message as it is, for what no command would send.
type RawSection struct {
	Station file.Text           `yaml:"station"`
	Subject file.Text           `yaml:"subject"` // template; none: the station's own
	Headers file.Map[file.Text] `yaml:"headers"` // name to template
	Data    file.Text           `yaml:"data"`    // template
}

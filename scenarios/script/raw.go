package script

import (
	"context"
	"errors"
	"fmt"

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

// raw sends a message as it is.
type raw struct {
	station string
	subject values.Value
	headers []fieldPhrase
	data    values.Value
}

func (r *Reader) raw(w written) (action, string, error) {
	var section RawSection
	wrong := file.Decode(w.does.Value, &section)
	if section.Station.Value == "" || section.Data.Node == nil {
		wrong = errors.Join(wrong, file.Missing(w.does.Value, "want station and data"))
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
	return x, "raw", errors.Join(wrong, subjects, bodies)
}

func (x raw) perform(ctx context.Context, p *Run) (string, error) {
	data, err := x.data.Fill(p.names, p.random)
	if err != nil {
		return "", fmt.Errorf("data: %w", err)
	}
	out := bus.Outgoing{Station: x.station, Data: []byte(data)}
	if out.Subject, err = x.subject.Fill(p.names, p.random); err != nil {
		return "", fmt.Errorf("subject: %w", err)
	}
	for _, h := range x.headers {
		value, err := h.value.Fill(p.names, p.random)
		if err != nil {
			return "", fmt.Errorf("header %s: %w", h.name, err)
		}
		out.Headers = append(out.Headers, bus.Header{Name: h.name, Value: value})
	}
	receipt, err := p.Publish(ctx, out)
	return receipt.Text, err
}

// RawSection is a message as it is, for what no command would send.
type RawSection struct {
	Station file.Text           `yaml:"station"`
	Subject file.Text           `yaml:"subject"` // template; none: the station's own
	Headers file.Map[file.Text] `yaml:"headers"` // name to template
	Data    file.Text           `yaml:"data"`    // template
}

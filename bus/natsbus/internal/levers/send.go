package levers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/subjects"
)

// maxAnswer bounds how many bytes of an answer are shown.
const maxAnswer = 1000

// Fields of the levers that send.
var (
	dataField    = bus.LeverField{Name: "data", Label: "Data", About: "what the message says", Optional: true}
	headersField = bus.LeverField{Name: "headers", Label: "Headers", About: "name=value, separated by commas", Optional: true}
	idField      = bus.LeverField{Name: "id", Label: "Message ID", About: "a stream stores no second one of the same ID within its window", Optional: true}
	afterField   = bus.LeverField{Name: "after", Label: "Expected last", About: "it is stored only if this is the stream's last sequence", Optional: true}
)

// sendLevers send one message as it is to a station, or to the server where it has no name, and tell what became of it.
func sendLevers(s bus.Station) []lever {
	subject := bus.LeverField{Name: "subject", Label: "Subject", About: "where to, without wildcards", Default: subjects.FirstExact(s.Subjects)}
	if s.Kind == bus.Bucket {
		subject = bus.LeverField{Name: "subject", Label: "Key", About: "whose value it is"}
	}
	put := lever{
		Lever: bus.Lever{
			Name: "send", Title: "Send a message", About: "It goes to whoever listens, and to the stream that takes its subject.",
			Fields: []bus.LeverField{subject, dataField, headersField, idField, afterField},
		},
		pull: sendByLever,
	}
	ask := lever{
		Lever: bus.Lever{
			Name: "request", Title: "Ask, and wait for the answer", About: "The first answer shows, and how long it took.",
			Fields: []bus.LeverField{subject, dataField, headersField},
		},
		pull: requestByLever,
	}
	switch s.Kind {
	case bus.Service:
		return []lever{ask}
	case bus.Bucket, bus.Stream:
		return []lever{put}
	default:
		return []lever{put, ask}
	}
}

// outgoing is the message that the values of a lever say.
func outgoing(on bus.Target, values map[string]string) (bus.Outgoing, error) {
	out := bus.Outgoing{
		Station: on.Station.Name, Kind: on.Station.Kind, Subject: values["subject"], Data: []byte(values["data"]), ID: values["id"],
	}
	for _, pair := range splitList(values["headers"]) {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return out, fmt.Errorf("header %q: want name=value", pair)
		}
		out.Headers = append(out.Headers, bus.Header{Name: name, Value: value})
	}
	if after := values["after"]; after != "" {
		out.Headers = append(out.Headers, bus.Header{Name: "Nats-Expected-Last-Sequence", Value: after})
	}
	return out, nil
}

func sendByLever(ctx context.Context, l *Levers, on bus.Target, values map[string]string) (string, error) {
	out, err := outgoing(on, values)
	if err != nil {
		return "", err
	}
	receipt, err := l.send.Publish(ctx, out)
	if err == nil && receipt.Lost() {
		err = errors.New(receipt.Text)
	}
	return receipt.Text, err
}

func requestByLever(ctx context.Context, l *Levers, on bus.Target, values map[string]string) (string, error) {
	out, err := outgoing(on, values)
	if err != nil {
		return "", err
	}
	answer, took, err := l.send.Request(ctx, out)
	if err != nil {
		return "", err
	}
	text := "answered in " + took.Round(time.Microsecond).String()
	for _, h := range answer.Headers {
		text += ", " + h.Name + ": " + h.Value
	}
	if len(answer.Data) > maxAnswer {
		return fmt.Sprintf("%s, %d bytes: %s…", text, len(answer.Data), answer.Data[:maxAnswer]), nil
	}
	return fmt.Sprintf("%s: %s", text, cmp.Or(string(answer.Data), "nothing")), nil
}

package levers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/control"
)

// The kinds of retention and storage, as Memphis calls them.
var (
	retentions = []string{"message_age_sec", "messages", "bytes", "ack_based"}
	storages   = []string{"file", "memory"}
)

var createStation = lever{
	Lever: bus.Lever{
		Name: "create-station", Title: "Create a station", About: "Memphis makes it, with so many partitions.",
		Fields: []bus.LeverField{
			{Name: "name", Label: "Name", About: "letters, digits, and . _ - between them"},
			{Name: "retention", Label: "Retention type", About: strings.Join(retentions, ", "), Default: retentions[0]},
			{Name: "value", Label: "Retention value", About: "seconds, messages or bytes", Default: strconv.Itoa(control.DefaultAge), Optional: true},
			{Name: "storage", Label: "Storage type", About: strings.Join(storages, " or "), Default: storages[0]},
			{Name: "replicas", Label: "Replicas", About: "how many servers of a cluster keep it: 1, 3 or 5", Default: "1"},
			{Name: "idempotency", Label: "De-duplication window", About: "milliseconds", Default: strconv.Itoa(control.DefaultIdempotency)},
			{Name: "partitions", Label: "Partitions", About: "how many", Default: "1"},
			{Name: "dead-letters", Label: "Dead-letter station", About: "gets a copy of what groups give up", Optional: true},
			{Name: "schema", Label: "Schema", About: "that payloads must fit", Optional: true},
		},
	},
	pull: func(ctx context.Context, l *Levers, _ bus.Target, values map[string]string) (string, error) {
		s, err := settings(values)
		if err != nil {
			return "", err
		}
		if _, err := l.Stations.Find(ctx, s.Name); err == nil {
			return "", fmt.Errorf("there is a station %s already", s.Name)
		}
		return l.Create(ctx, s)
	},
}

// Create makes a station, and looks whether it was made.
func (l *Levers) Create(ctx context.Context, s control.Settings) (string, error) {
	if err := l.Control.CreateStation(ctx, s); err != nil {
		return "", err
	}
	made, err := l.Stations.Find(ctx, s.Name)
	if errors.Is(err, bus.ErrMissing) {
		return "", fmt.Errorf("%w: Memphis has not made the station %s, and does not say why; its log does", bus.ErrRefused, s.Name)
	}
	if err != nil {
		return "", err
	}
	l.Schemas.Forget(made.Name)
	return "the station " + made.Name + " is created", nil
}

// settings reads what was typed.
func settings(values map[string]string) (control.Settings, error) {
	s := control.Settings{Name: values["name"], RetentionType: values["retention"], Storage: values["storage"],
		DeadLetters: values["dead-letters"], Schema: values["schema"]}
	if !slices.Contains(retentions, s.RetentionType) {
		return s, fmt.Errorf("retention type %q: want %s", s.RetentionType, strings.Join(retentions, ", "))
	}
	if !slices.Contains(storages, s.Storage) {
		return s, fmt.Errorf("storage type %q: want %s", s.Storage, strings.Join(storages, " or "))
	}
	window := 0
	for _, n := range []struct {
		name string
		to   *int
	}{{"value", &s.RetentionValue}, {"replicas", &s.Replicas}, {"idempotency", &window}, {"partitions", &s.Partitions}} {
		text := values[n.name]
		if text == "" && n.name == "value" {
			continue
		}
		var err error
		if *n.to, err = strconv.Atoi(text); err != nil || *n.to < 0 {
			return s, fmt.Errorf("%s %q: want a number", n.name, text)
		}
	}
	s.Idempotency = int64(window)
	return s, nil
}
